import { request as plain } from 'node:http';
import { request as tls } from 'node:https';
import { isIP } from 'node:net';
import type { Rollout } from '@fairlead/shared';
import type { Ingress } from '../observed/shapes.js';

/** Where a route is asked: an address from the Ingress' own status, with the route's host as Host and server name. */
export interface ProbeTarget {
  url: string;
  host: string;
  path: string;
  secure: boolean;
  address: string;
  port: number;
}

const probeTimeoutMs = 5_000;

/** The first route of the app that the cluster has given an address; null when there is none (yet). Names are not resolved: an address is one. */
export function probeTarget(ingresses: readonly Ingress[]): ProbeTarget | null {
  for (const { spec, status } of ingresses) {
    const rule = spec?.rules?.find((each) => each.host);
    const at = status?.loadBalancer?.ingress?.find((each) => each.ip && isIP(each.ip) !== 0);
    if (!rule?.host || !at?.ip) continue;
    const secure = spec?.tls?.some((each) => each.hosts?.includes(rule.host ?? '')) ?? false;
    const port = at.ports?.find((each) => each.port)?.port ?? (secure ? 443 : 80);
    const path = rule.http?.paths?.[0]?.path ?? '/';
    const shownPort = port === (secure ? 443 : 80) ? '' : `:${port}`;
    return {
      url: `${secure ? 'https' : 'http'}://${rule.host}${shownPort}${path}`,
      host: `${rule.host}${shownPort}`,
      path,
      secure,
      address: at.ip,
      port,
    };
  }
  return null;
}

/**
 * One GET of the route: its status and the milliseconds to its headers. No redirect is followed, the body is thrown away, and a certificate is not
 * judged (whether it is the right one is the browser's word). `allow` sees the address before it is dialled. Never rejects.
 */
export function askRoute(target: ProbeTarget, allow: (address: string, port: number) => void): Promise<NonNullable<Rollout['answer']>> {
  const { url, host, path, secure, address, port } = target;
  const since = performance.now();
  return new Promise((resolve) => {
    const fail = (error: string) => resolve({ url, status: null, ms: null, error });
    try {
      allow(address, port);
    } catch {
      return fail('Fairlead does not connect to this address');
    }
    const asking = (secure ? tls : plain)(
      {
        host: address,
        port,
        path,
        method: 'GET',
        headers: { host, 'user-agent': 'fairlead-probe', accept: '*/*' },
        agent: false,
        signal: AbortSignal.timeout(probeTimeoutMs),
        ...(secure && { servername: host.split(':')[0], rejectUnauthorized: false }),
      },
      (answer) => {
        const ms = Math.max(1, Math.round(performance.now() - since));
        answer.resume();
        answer.destroy();
        resolve({ url, status: answer.statusCode ?? null, ms, error: null });
      },
    );
    asking.on('error', (error: NodeJS.ErrnoException) => fail(wordsOf(error)));
    asking.end();
  });
}

function wordsOf(error: NodeJS.ErrnoException): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer within ${probeTimeoutMs / 1000} s`;
  if (error.code === 'ECONNREFUSED') return 'the connection was refused';
  if (error.code === 'ECONNRESET') return 'the connection was cut';
  return error.code ? `no connection (${error.code})` : 'no connection';
}
