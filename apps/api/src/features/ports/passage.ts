import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { closedMeanwhile } from '../../platform/http/closed-meanwhile.js';
import { isRead } from '../../platform/http/is-read.js';
import type { LiveOpening } from './live-opening.js';
import { headersFromApp, headersToApp, type Way } from './passed-headers.js';
import { Trouble } from './trouble.js';

const answerMs = 120_000;
const maxHeaderSize = 64 * 1024;

interface Ends {
  /** Before a byte of an answer was sent. */
  failed(error: unknown): void;
}

/** One request to the app and its answer. Bodies pass as they come, each side as fast as the other takes it; nothing of them is read or kept. */
export function pass(req: IncomingMessage, res: ServerResponse, opening: LiveOpening, way: Way, ends: Ends, again = false): void {
  const headers = headersToApp(req.rawHeaders, way, false);
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody && req.headers['content-length'] === undefined && !isRead(req.method)) headers.push('content-length', '0');
  const repeatable = !again && !hasBody && isRead(req.method);
  const upstream = ask(req, opening, headers, repeatable);
  const letGo = opening.holds(res);
  const timer = setTimeout(() => upstream.destroy(new Trouble('too_slow')), answerMs);
  res.once('close', () => {
    clearTimeout(timer);
    letGo();
    if (!res.writableFinished) upstream.destroy();
  });
  upstream.once('response', (answer) => {
    clearTimeout(timer);
    answer.on('error', () => res.destroy()); // cut in the middle: the browser must not take it for whole
    res.sendDate = false;
    try {
      res.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', headersFromApp(answer.rawHeaders));
    } catch {
      upstream.destroy();
      ends.failed(new Trouble('no_http'));
      return;
    }
    res.flushHeaders();
    answer.pipe(res);
  });
  upstream.on('error', (error) => {
    clearTimeout(timer);
    if (res.headersSent || res.destroyed) return void res.destroy();
    req.unpipe(upstream);
    if (repeatable && closedMeanwhile(upstream.reusedSocket, error)) {
      letGo();
      pass(req, res, opening, way, ends, true);
    } else ends.failed(error);
  });
  if (hasBody) req.pipe(upstream);
  else upstream.end();
}

/** A WebSocket to the app: after its 101 bytes go both ways as they are until one side ends. */
export function passUpgrade(
  req: IncomingMessage,
  client: Duplex,
  head: Buffer,
  opening: LiveOpening,
  way: Way,
  { failed, answered }: Ends & { answered(answer: IncomingMessage): void },
): void {
  const upstream = ask(req, opening, headersToApp(req.rawHeaders, way, true), false);
  const letGo = opening.holds(client);
  const timer = setTimeout(() => upstream.destroy(new Trouble('too_slow')), answerMs);
  let other: Duplex | null = null;
  client.once('close', () => {
    clearTimeout(timer);
    letGo();
    if (other) other.destroy();
    else upstream.destroy();
  });
  upstream.once('upgrade', (answer, socket, first) => {
    clearTimeout(timer);
    other = socket;
    socket.on('error', () => client.destroy());
    socket.once('close', () => client.destroy());
    if (client.destroyed) return void socket.destroy();
    client.write(switching(answer.rawHeaders));
    if (first.length > 0) client.write(first);
    if (head.length > 0) socket.write(head);
    socket.pipe(client).pipe(socket);
  });
  upstream.once('response', (answer) => {
    clearTimeout(timer);
    answered(answer);
  });
  upstream.on('error', (error) => {
    clearTimeout(timer);
    if (other) client.destroy();
    else failed(error);
  });
  upstream.end();
}

/** What cannot be asked twice does not go out on a kept connection, which the app may be closing at this moment. */
function ask(req: IncomingMessage, opening: LiveOpening, headers: string[], repeatable: boolean): ClientRequest {
  if (!repeatable) opening.tunnels.closeIdle();
  return request({ agent: opening.tunnels, method: req.method, path: req.url, headers, setHost: false, maxHeaderSize });
}

function switching(raw: readonly string[]): string {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'connection: Upgrade', 'upgrade: websocket'];
  const headers = headersFromApp(raw);
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
