import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { doorCertificate } from '../../door/certificate.js';
import { Connections, type ExchangeRequest } from './connections.js';

let server: Server;
let folder = '';
let ca = '';
let connections: Connections;
/** What came on each connection so far. */
let received: string[];
let sockets: TLSSocket[];
/** Called for every piece that comes. */
let play: (socket: TLSSocket, all: string, index: number) => void;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fairlead-connections-'));
  const { caPem, certPem, keyPem } = await doorCertificate(folder, ['127.0.0.1'], new Date());
  ca = caPem;
  server = createServer({ cert: certPem, key: keyPem }, (socket) => {
    const index = received.push('') - 1;
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      received[index] += bytes.toString('latin1');
      play(socket, received[index] ?? '', index);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  received = [];
  sockets = [];
  play = (socket, all) => {
    if (all.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  };
  connections = pool();
});
afterEach(() => {
  connections.close();
  for (const socket of sockets) socket.destroy();
});

const deaf = { connected() {}, drained() {}, head() {}, body() {}, end() {}, failed() {} };

const pool = (more: { ca?: string; checkAddress?: (ip: string) => void } = {}) =>
  new Connections({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    servername: undefined,
    ca,
    pathPrefix: '',
    authorization: async () => '',
    checkAddress: () => {},
    gate: { open: true },
    ...more,
  });

function ask(
  request: Partial<ExchangeRequest> = {},
  body?: string,
): Promise<{ code: number; body: string; error: Error | null; reused: boolean }> {
  return new Promise((resolve) => {
    const seen = { code: 0, body: '' };
    const exchange = connections.exchange(
      { method: 'GET', path: '/x', headers: ['host', 'a:1'], hasBody: body !== undefined, ...request },
      {
        connected: () => {},
        drained: () => {},
        head: (code) => {
          seen.code = code;
        },
        body: (bytes) => {
          seen.body += bytes.toString('latin1');
        },
        end: () => resolve({ ...seen, error: null, reused: exchange.reused }),
        failed: (error) => resolve({ ...seen, error, reused: exchange.reused }),
      },
    );
    if (body === undefined) return;
    exchange.write(Buffer.from(body));
    exchange.end();
  });
}

it('sends what it is given, byte for byte, repeats and order kept', async () => {
  await ask({ path: '/a//b%2e?c=%20', headers: ['host', 'a:1', 'Warning', 'é', 'warning', 'b', 'impersonate-group', 'x'] });
  expect(received).toEqual([
    'GET /a//b%2e?c=%20 HTTP/1.1\r\nhost: a:1\r\nWarning: é\r\nwarning: b\r\nimpersonate-group: x\r\nConnection: keep-alive\r\n\r\n',
  ]);
});

it('uses a connection again, for one exchange at a time', async () => {
  expect(await ask()).toMatchObject({ code: 200, body: 'ok', reused: false });
  expect(await ask()).toMatchObject({ code: 200, body: 'ok', reused: true });
  await Promise.all([ask(), ask(), ask()]);
  expect(received).toHaveLength(3);
});

it.each([
  ['with its length', ['content-length', '5'], 'DELETE', 'content-length: 5\r\nConnection: keep-alive\r\n\r\nhello'],
  ['in chunks without one', [], 'DELETE', 'Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
])('sends a body %s', async (_, headers, method, tail) => {
  play = (socket, all) => {
    if (all.endsWith('hello') || all.endsWith('0\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  };
  expect(await ask({ method, headers }, 'hello')).toMatchObject({ code: 200 });
  expect(received[0]).toBe(`${method} /x HTTP/1.1\r\n${tail}`);
});

it('says that a POST without a body has none', async () => {
  await ask({ method: 'POST' });
  expect(received[0]).toContain('Content-Length: 0\r\n\r\n');
});

it.each([
  ['a line break in a header', { headers: ['host', 'a\r\nimpersonate-user: x'] }],
  ['a line break in a name', { headers: ['host\r\nx', 'a'] }],
  ['a space in the path', { path: '/x HTTP/1.1\r\nx: y' }],
  ['another host in the path', { path: 'http://evil/' }],
  ['a method of two words', { method: 'GET /y' }],
])('refuses %s before anything is sent', (_, request) => {
  expect(() => connections.exchange({ method: 'GET', path: '/x', headers: [], hasBody: false, ...request }, deaf)).toThrow(TypeError);
  expect(received).toEqual([]);
});

it.each([
  ['asks for its end', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
  ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
])('does not use a connection again that %s', async (_, answer) => {
  play = (socket) => socket.write(answer);
  await ask();
  expect(await ask()).toMatchObject({ body: 'ok', reused: false });
});

it('gives nobody what came on a connection unasked', async () => {
  play = (socket, _, index) =>
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${index === 0 ? 'okHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil' : 'ok'}`,
    );
  expect((await ask()).error).not.toBeNull();
  expect(await ask()).toMatchObject({ body: 'ok', reused: false });
  sockets[1]?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
  await new Promise<void>((resolve) => sockets[1]?.once('close', () => resolve()));
  expect(await ask()).toMatchObject({ body: 'ok', reused: false });
});

it('does not use a connection again on which the answer came before the request was whole', async () => {
  play = (socket, all) => {
    if (all.includes('\r\n\r\n')) socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
  };
  const early = await new Promise<number>((resolve) => {
    connections.exchange({ method: 'POST', path: '/x', headers: ['content-length', '9'], hasBody: true }, { ...deaf, head: resolve });
  });
  expect(early).toBe(413);
  expect(await ask()).toMatchObject({ reused: false });
});

it('tells of a connection that ends without an answer, or in the middle of one', async () => {
  play = (socket) => socket.end();
  expect((await ask()).error).toMatchObject({ code: 'ECONNRESET' });
  play = (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
  expect(await ask()).toMatchObject({ code: 200, body: 'hello', error: { code: 'ECONNRESET' } });
});

it('judges the address and the certificate at the dial', async () => {
  connections = pool({
    checkAddress: () => {
      throw new Error('denied');
    },
  });
  expect(() => connections.exchange({ method: 'GET', path: '/x', headers: [], hasBody: false }, deaf)).toThrow('denied');
  connections = pool({ ca: '' });
  expect((await ask()).error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  expect(received).toEqual([]);
});
