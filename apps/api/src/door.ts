import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import type { Application } from './create-application.js';
import { doorCertificate } from './door/certificate.js';
import { OnePort } from './door/one-port.js';
import { WebProxy } from './door/web-proxy.js';
import { Gateway, isPodSocket } from './features/gateway/index.js';
import { LiveWsAdapter } from './features/live/index.js';
import { PortsDoor } from './features/ports/index.js';
import { CLOCK, type Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import { DoorAuthority } from './platform/http/door-authority.js';
import { Origins } from './platform/http/origins.js';
import { onlyHeader } from './platform/http/request.js';
import { LOGGER, type Logger } from './platform/logger.js';

export interface Door {
  /** The one public origin. */
  publicUrl: string;
  /** The same place over TLS. */
  tlsUrl: string;
  close(): Promise<void>;
}

const graceMs = 1_000;
const renewEveryMs = 12 * 3600_000;

/** The one port that Fairlead listens on: `/k8s/` is the gateway's, `/api/` Nest's, everything else the web process's. */
export async function openDoor({ app, api }: Application, config: Config): Promise<Door> {
  const gateway = app.get(Gateway);
  const live = app.get(LiveWsAdapter);
  const ports = app.get(PortsDoor);
  const origins = app.get(Origins);
  const clock = app.get<Clock>(CLOCK);
  const web = new WebProxy(config.webOrigin, process.env.NODE_ENV === 'development');
  const certificate = () => doorCertificate(path.join(config.dataDir, 'tls'), namesOf(config), clock.now());

  const request = (req: IncomingMessage, res: ServerResponse) => {
    const url = req.url ?? '';
    // An opened port's host name is the app's alone: whatever the path, nothing of ours answers there.
    if (ports.claims(onlyHeader(req, 'host'))) ports.handleRequest(req, res);
    else if (!url.startsWith('/')) refuse(res, 400, 'the request target must be a path');
    else if (!origins.allowsHost(onlyHeader(req, 'host')) && !isHealth(url))
      refuse(res, 421, 'this is not the host that you asked for; set FAIRLEAD_URL to the address people use');
    else if (url.startsWith('/k8s/')) gateway.handleRequest(req, res);
    else if (url.startsWith('/api/')) api(req, res);
    else web.request(req, res);
  };
  // In Node a request with an Upgrade header comes here and nowhere else, whatever its method and path.
  const upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = req.url ?? '';
    if (ports.claims(onlyHeader(req, 'host'))) ports.handleUpgrade(req, socket, head);
    else if (!origins.allowsHost(onlyHeader(req, 'host'))) end(socket, '421 Misdirected Request');
    else if (url.startsWith('/k8s/') || isPodSocket(url)) gateway.handleUpgrade(req, socket, head);
    else if (url.split('?')[0] === '/api/v1/live') live.handleUpgrade(req, socket, head);
    else if (!web.upgrade(req, socket, head)) end(socket, '400 Bad Request');
  };

  const held = await certificate();
  const server = new OnePort({ request, upgrade }, { cert: held.certPem, key: held.keyPem });
  const port = await server.listen(config.port, config.host);
  origins.set(config.publicUrl, port);
  const authority = app.get(DoorAuthority);
  authority.set(held.caPem, port);
  const renewing = setInterval(() => {
    certificate().then(
      ({ caPem, certPem, keyPem }) => {
        server.renew({ cert: certPem, key: keyPem });
        authority.set(caPem, port);
      },
      (error: unknown) => app.get<Logger>(LOGGER).error({ error }, "the door's certificate could not be renewed"),
    );
  }, renewEveryMs);
  renewing.unref();
  return {
    publicUrl: origins.publicUrl,
    tlsUrl: origins.tlsUrl,
    close: async () => {
      clearInterval(renewing);
      live.closeAll();
      gateway.endAll();
      await server.close(graceMs);
      web.close();
    },
  };
}

/** What clients may call us: the loopback names, where we listen, and the public name. */
function namesOf({ host, publicUrl }: Config): string[] {
  const named = [host, publicUrl ? new URL(publicUrl).hostname.replace(/^\[|\]$/g, '') : ''];
  return [...new Set(['localhost', '127.0.0.1', '::1', ...named.filter((name) => name !== '' && name !== '0.0.0.0' && name !== '::')])];
}

// Probes come by address, and learn nothing here.
const isHealth = (url: string): boolean => url === '/api/v1/health/live' || url === '/api/v1/health/ready';

function refuse(res: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ code: status === 421 ? 'wrong_host' : 'invalid_request', message });
  res
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    .end(body);
}

function end(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}
