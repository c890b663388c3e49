import { createServer, type IncomingMessage, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoorAuthority } from '../src/platform/http/door-authority.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { KeptConnections } from './support/kept-connections.js';

let fairlead: Fairlead;
let admin: Session;
let web: Server;
const seen: IncomingMessage[] = [];
const kept = new KeptConnections();

beforeAll(async () => {
  web = createServer((req, res) => {
    seen.push(req);
    if (kept.ends(req.socket)) return;
    res.writeHead(200, { 'content-type': 'text/html' }).end('<p>page</p>');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  fairlead = await startFairlead({ env: { FAIRLEAD_WEB_ORIGIN: `http://127.0.0.1:${(web.address() as AddressInfo).port}` } });
  admin = await fairlead.admin();
}, 60_000);
afterAll(async () => {
  await fairlead?.close();
  web?.closeAllConnections();
  web?.close();
});

/** Sends these bytes over the protocol and reads until the connection ends. */
async function raw(bytes: string, over: 'http' | 'https' = 'http'): Promise<string> {
  const port = Number(new URL(fairlead.url).port);
  const ca = fairlead.app.get(DoorAuthority).forOrigin(fairlead.tlsUrl)!;
  const socket = over === 'https' ? tls.connect({ host: '127.0.0.1', port, ca }) : net.connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.write(bytes);
  await closed;
  return Buffer.concat(chunks).toString('latin1');
}

const get = (path: string, headers: string[] = [], over: 'http' | 'https' = 'http') =>
  raw([`GET ${path} HTTP/1.1`, `host: ${new URL(fairlead.url).host}`, 'connection: close', ...headers, '', ''].join('\r\n'), over);

describe('the front door', () => {
  it.each(['http', 'https'] as const)('speaks %s on the one port', async (over) => {
    expect(await get('/api/v1/health/live', [], over)).toMatch(/^HTTP\/1\.1 200/);
    expect(await get('/', [], over)).toContain('<p>page</p>');
  });

  it('shows the web process no credential, nothing that steers it, and who it is for', async () => {
    seen.length = 0;
    await get('/projects?x=1', [
      `cookie: ${admin.cookie}; fairlead-theme=dark; other=1`,
      'authorization: Bearer flt_x',
      'x-middleware-subrequest: middleware',
      'x-forwarded-host: evil.example',
      'x-forwarded-for: 1.2.3.4',
      'rsc: 1',
    ]);
    const [request] = seen;
    expect(request!.url).toBe('/projects?x=1');
    expect(request!.headers).toMatchObject({
      cookie: 'fairlead-theme=dark',
      rsc: '1',
      'x-forwarded-host': new URL(fairlead.url).host,
      'x-forwarded-proto': 'http',
    });
    for (const name of ['authorization', 'x-middleware-subrequest', 'x-forwarded-for']) expect(request!.headers[name]).toBeUndefined();
  });

  it('takes only reading to it', async () => {
    seen.length = 0;
    expect(
      await raw(
        `POST / HTTP/1.1\r\nhost: ${new URL(fairlead.url).host}\r\nconnection: close\r\nnext-action: x\r\ncontent-length: 0\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 405/);
    expect(seen).toEqual([]);
  });

  it('W7 answers to its own names only', async () => {
    for (const path of ['/', '/api/v1/me', '/k8s/prod/api'])
      expect(await raw(`GET ${path} HTTP/1.1\r\nhost: rebound.example:${new URL(fairlead.url).port}\r\nconnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 421/,
      );
    expect(await raw('GET /api/v1/health/live HTTP/1.1\r\nhost: 10.0.0.7:4400\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['an absolute target', 'GET http://evil.example/ HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n', 400],
    ['too many headers', `GET / HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n${'a: b\r\n'.repeat(201)}\r\n`, 431],
    ['headers too large', `GET / HTTP/1.1\r\nhost: HOST\r\na: ${'b'.repeat(17_000)}\r\n\r\n`, 431],
    ['an upgrade to nowhere', 'GET / HTTP/1.1\r\nhost: HOST\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n', 400],
  ])('refuses %s', async (_, bytes, status) => {
    expect(await raw(bytes.replace('HOST', new URL(fairlead.url).host))).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
  });

  it('asks once more for a page when the web process closed the kept connection meanwhile', async () => {
    expect(await get('/')).toContain('<p>page</p>');
    kept.cut = true;
    seen.length = 0;
    expect(await get('/projects')).toContain('<p>page</p>');
    expect(seen.map(({ url }) => url)).toEqual(['/projects', '/projects']);
  });

  it('says that the dashboard is starting while it is not up', async () => {
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    const answer = await get('/');
    expect(answer).toMatch(/^HTTP\/1\.1 503/);
    expect(answer).toContain('The dashboard is starting');
  });
});
