import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import type { Reached, WebRequest } from '../kubelet/network/network.js';
import type { Clock } from '../machinery/clock.js';

const largestBody = 32 * 1024 * 1024;

/** A connection to what listens at a port of a pod: bytes in, bytes out. HTTP is really spoken; other servers say hello and hear nothing. */
export function dial(reached: Extract<Reached, { is: 'open' }>, clock: Clock, from = '127.0.0.1'): Duplex {
  const [near, far] = pair();
  if (reached.speaks === 'http') {
    const server = createServer({ keepAlive: true }, (request, response) => void answerWith(reached.ask, request, response, clock, from));
    server.emit('connection', far);
    far.on('close', () => server.close());
  } else redis(far);
  return near;
}

/** Reads the request, asks, and sends what comes. */
export async function answerWith(
  ask: (request: WebRequest) => ReturnType<Extract<Reached, { speaks: 'http' }>['ask']>,
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
  from: string,
  path = request.url ?? '/',
): Promise<void> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of request) {
      bytes += (piece as Buffer).length;
      if (bytes <= largestBody) pieces.push(piece as Buffer);
    }
  } catch {
    return; // it went away while it was read
  }
  const { method = 'GET', headers } = request;
  const answer = ask({ method, path, host: headers.host ?? '', agent: headers['user-agent'] ?? '', from, body: Buffer.concat(pieces) });
  const send = (): void => {
    if (response.destroyed) return;
    response.writeHead(answer.code, answer.headers);
    response.end(method === 'HEAD' ? undefined : answer.body);
  };
  if (answer.delayMs) clock.after(answer.delayMs, send);
  else send();
}

/** PING and the like: enough for a client to believe that it is there. */
function redis(far: Duplex): void {
  far.on('data', (data: Buffer) => {
    const text = data.toString('utf8');
    if (/PING/i.test(text)) far.write('+PONG\r\n');
    else if (/^\*|^[A-Z]+\r?\n/.test(text)) far.write('-ERR the sandbox keeps no data\r\n');
  });
  far.on('end', () => far.end());
}

/** Two ends of one connection in memory. */
function pair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const make = (other: () => Duplex | undefined): Duplex =>
    new Duplex({
      allowHalfOpen: true,
      read() {},
      write(chunk: Buffer, _, done) {
        const to = other();
        if (to && !to.destroyed) to.push(chunk);
        done();
      },
      final(done) {
        const to = other();
        if (to && !to.destroyed) to.push(null);
        done();
      },
      destroy(error, done) {
        const to = other();
        if (to && !to.destroyed) setImmediate(() => to.destroy());
        done(error);
      },
    });
  ends.push(
    make(() => ends[1]),
    make(() => ends[0]),
  );
  for (const end of ends)
    Object.assign(end, {
      setTimeout: () => end,
      setNoDelay: () => end,
      setKeepAlive: () => end,
      ref: () => end,
      unref: () => end,
      remoteAddress: '127.0.0.1',
    });
  return [ends[0] as Duplex, ends[1] as Duplex];
}
