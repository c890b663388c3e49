import { request } from 'node:https';
import { createApi, type RequestApi } from '../../src/api/create-api.js';
import { unauthorized } from '../../src/machinery/api-error.js';
import { VirtualClock } from '../../src/machinery/virtual-clock.js';
import type { ResourceDefinition } from '../../src/registry/definition.js';
import type { Access } from '../../src/server/access.js';
import { Discovery } from '../../src/server/discovery.js';
import { Door } from '../../src/server/door.js';
import type { Formats } from '../../src/server/formats.js';
import { type Identity, openIdentity } from '../../src/server/identity.js';
import { Watches } from '../../src/server/watches.js';
import { repeatable } from './test-api.js';

export interface Answer {
  code: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  body: Record<string, never> & { [key: string]: unknown };
}

export interface TestDoor {
  api: RequestApi;
  clock: VirtualClock;
  identity: Identity;
  port: number;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Lines of a watch as they come. Ends with `stop`. */
  follow(path: string): { lines: WatchLine[]; until(count: number): Promise<WatchLine[]>; ended: Promise<void>; stop(): void };
  close(): Promise<void>;
}

export interface WatchLine {
  type: string;
  object: {
    kind: string;
    metadata: { name: string; resourceVersion: string; annotations?: Record<string, string> } & Record<string, unknown>;
  } & Record<string, unknown>;
}

/** Those with the administrator's certificate may do everything; `nobody` in X-Test-User nothing. */
export const certificateAccess: Access = {
  authenticate: ({ certificate, headers }) => {
    const name = headers['x-test-user'];
    if (typeof name === 'string') return { name, groups: ['system:authenticated'] };
    if (!certificate) throw unauthorized();
    return { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
  },
  authorize: ({ groups }) => ({ allowed: groups.includes('system:masters'), reason: '' }),
};

export async function testDoor(definitions: readonly ResourceDefinition[], formats?: Formats): Promise<TestDoor> {
  const clock = new VirtualClock();
  const random = repeatable(1);
  const api = createApi({ clock, random, definitions });
  const identity = openIdentity(undefined, Date.now());
  const watches = new Watches(api, clock, random);
  const door = new Door(
    { api, access: certificateAccess, clock, watches, discovery: new Discovery(api.registry), formats, streams: undefined },
    identity,
  );
  const port = await door.listen(0);
  const options = (method: string, path: string, headers: Record<string, string> = {}) => ({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers,
    ca: identity.authority.certificate,
    cert: identity.admin.certificate,
    key: identity.admin.key,
    agent: false as const,
  });
  return {
    api,
    clock,
    identity,
    port,
    close: () => door.close(),
    call: (method, path, body, headers) =>
      new Promise((resolve, reject) => {
        const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
        // Of itself Node announces no body of a DELETE.
        const type: Record<string, string> =
          text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
        const outgoing = request(options(method, path, { ...type, ...headers }), (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('end', () => {
            const whole = Buffer.concat(pieces).toString('utf8');
            const json = whole.startsWith('{') ? JSON.parse(whole) : {};
            resolve({ code: response.statusCode ?? 0, headers: response.headers, text: whole, body: json });
          });
        });
        outgoing.on('error', reject);
        outgoing.end(text);
      }),
    follow: (path) => {
      const lines: WatchLine[] = [];
      const waiting: (() => void)[] = [];
      let rest = '';
      let finish = () => {};
      const ended = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const outgoing = request(options('GET', path), (response) => {
        response.on('data', (piece: Buffer) => {
          const parts = (rest + piece.toString('utf8')).split('\n');
          rest = parts.pop() ?? '';
          lines.push(...parts.map((part) => JSON.parse(part) as WatchLine));
          for (const wake of waiting) wake();
        });
        response.on('close', finish);
      });
      outgoing.on('error', finish);
      outgoing.end();
      return {
        lines,
        until: (count) =>
          new Promise((resolve) => {
            const look = () => lines.length >= count && resolve(lines);
            waiting.push(look);
            look();
          }),
        ended,
        stop: () => outgoing.destroy(),
      };
    },
  };
}
