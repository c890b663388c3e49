import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { closedMeanwhile } from '../platform/http/closed-meanwhile.js';
import { hopByHop } from '../platform/http/hop-by-hop.js';
import { isRead } from '../platform/http/is-read.js';

/** The web process holds no credential and is shown none; what would steer its own middleware or pretend to be a proxy does not come from outside. */
const withheld = /^(cookie|authorization|host|forwarded|x-forwarded-.*|x-real-ip|x-middleware-.*|x-invoke-.*)$/;
const shownCookies = new Set(['fairlead-theme']);
const timeoutMs = 30_000;

/** Everything that is neither API nor gateway belongs to the web process. */
export class WebProxy {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 16 });
  private readonly target: { host: string; port: number } | null;

  constructor(
    origin: string | null,
    private readonly development: boolean,
  ) {
    const url = origin === null ? null : new URL(origin);
    this.target = url && { host: url.hostname, port: Number(url.port) || 80 };
  }

  request(req: IncomingMessage, res: ServerResponse, again = false): void {
    const reading = isRead(req.method);
    if (!reading && !this.development) {
      res.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
      return;
    }
    if (!this.target) {
      notUp(res);
      return;
    }
    const upstream = request({
      ...this.target,
      agent: again ? false : this.agent,
      method: req.method,
      path: req.url,
      headers: this.headers(req),
      timeout: timeoutMs,
    });
    upstream.once('timeout', () => upstream.destroy(new Error('timeout')));
    upstream.once('response', (answer) => {
      res.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
      answer.pipe(res);
      answer.once('error', () => res.destroy());
    });
    const leave = () => upstream.destroy();
    upstream.once('error', (error) => {
      if (res.headersSent || res.destroyed) return void res.destroy();
      if (again || !reading || !closedMeanwhile(upstream.reusedSocket, error)) return notUp(res);
      res.off('close', leave);
      this.request(req, res, true);
    });
    res.once('close', leave);
    if (reading) upstream.end();
    else req.pipe(upstream);
  }

  /** Only in development: the page reloads by it. False when this is not its business. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!this.development || !this.target || !req.url?.startsWith('/_next/')) return false;
    const headers = [...this.headers(req), 'connection', 'Upgrade', 'upgrade', req.headers.upgrade ?? ''];
    const upstream = request({ ...this.target, agent: false, path: req.url, headers });
    socket.on('error', () => upstream.destroy());
    upstream.once('error', () => socket.destroy());
    upstream.once('response', (answer) => {
      answer.destroy();
      socket.destroy();
    });
    upstream.once('upgrade', (answer, other, first) => {
      const lines = pairs(answer.rawHeaders).map(([name, value]) => `${name}: ${value}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      if (first.length > 0) socket.write(first);
      if (head.length > 0) other.write(head);
      other.pipe(socket).pipe(other);
      other.on('error', () => socket.destroy());
      socket.once('close', () => other.destroy());
      other.once('close', () => socket.destroy());
    });
    upstream.end();
    return true;
  }

  close(): void {
    this.agent.destroy();
  }

  private headers(req: IncomingMessage): string[] {
    const sent = [
      'host',
      req.headers.host ?? '',
      'x-forwarded-host',
      req.headers.host ?? '',
      'x-forwarded-proto',
      'encrypted' in req.socket ? 'https' : 'http',
    ];
    for (const [name, value] of pairs(req.rawHeaders)) {
      const lower = name.toLowerCase();
      if (!hopByHop.has(lower) && !withheld.test(lower)) sent.push(name, value);
    }
    const cookies = (req.headers.cookie ?? '').split(';').map((each) => each.trim());
    const shown = cookies.filter((each) => shownCookies.has(each.split('=')[0] ?? ''));
    if (shown.length > 0) sent.push('cookie', shown.join('; '));
    return sent;
  }
}

const pairs = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: raw.length >> 1 }, (_, i) => [raw[2 * i] ?? '', raw[2 * i + 1] ?? '']);

const endToEnd = (raw: readonly string[]): string[] =>
  pairs(raw).flatMap(([name, value]) => (hopByHop.has(name.toLowerCase()) ? [] : [name, value]));

function notUp(res: ServerResponse): void {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Fairlead</title>
<body style="font:16px system-ui;max-width:34rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark"><h1 style="font-size:1.2rem">The dashboard is starting</h1>
<p>The API answers already; the web process does not yet. This page tries again every two seconds.</p></body></html>`;
  res
    .writeHead(503, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(page),
      'retry-after': '2',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
    .end(page);
}
