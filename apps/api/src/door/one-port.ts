import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface DoorHandlers {
  request(req: IncomingMessage, res: ServerResponse): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const firstByteMs = 10_000;
const tlsHandshake = 0x16;
const maxHeaders = 200;
const limits: ServerOptions = { headersTimeout: 15_000, requestTimeout: 120_000, keepAliveTimeout: 65_000, maxHeaderSize: 16 * 1024 };
const maxConnections = 8192;

/** TLS and plain HTTP on one port, told apart by the first byte. Both meet the same handlers. */
export class OnePort {
  private readonly server: Server;
  private readonly http: HttpServer;
  private readonly https: HttpsServer;
  private readonly sockets = new Set<Socket>();
  private readonly answering = new WeakSet<Duplex>();

  constructor(handlers: DoorHandlers, tls: { cert: string; key: string }) {
    this.http = createHttpServer(limits);
    this.https = createHttpsServer({
      ...limits,
      ...tls,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: firstByteMs,
    });
    for (const each of [this.http, this.https]) {
      each.maxHeadersCount = 0; // Node would leave out what is beyond; it is refused here instead
      each.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => this.refuseUnreadable(error, socket));
      each.on('request', (req: IncomingMessage, res: ServerResponse) => {
        this.answering.add(req.socket);
        res.once('close', () => this.answering.delete(req.socket));
        if (tooMany(req)) res.writeHead(431, { connection: 'close' }).end();
        else handlers.request(req, res);
      });
      each.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) =>
        tooMany(req) ? socket.destroy() : handlers.upgrade(req, socket, head),
      );
      each.on('connect', (_: IncomingMessage, socket: Duplex) =>
        socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
      );
    }
    this.https.on('tlsClientError', (_, socket) => socket.destroy());
    this.server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }, (socket) =>
      this.take(socket),
    );
    this.server.maxConnections = maxConnections;
  }

  /** Answers the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(port, host, resolve));
    // Neither listens itself; by this they start to watch their time limits.
    this.http.emit('listening');
    this.https.emit('listening');
    return (this.server.address() as AddressInfo).port;
  }

  renew(tls: { cert: string; key: string }): void {
    this.https.setSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  }

  /** Takes nothing new, gives what is open `graceMs` to end, and cuts off the rest. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const each of [this.http, this.https]) {
      each.close(() => {}); // they do not listen, which is no error here
      each.closeIdleConnections();
    }
    const cut = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(cut);
  }

  /** Node's own answer would be lost on TLS, where it cuts the connection before the words are out. */
  private refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || !socket.writable || this.answering.has(socket)) {
      socket.destroy();
      return;
    }
    const status = unreadable[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
  }

  private take(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => {}); // its close follows
    const timer = setTimeout(() => socket.destroy(), firstByteMs);
    const ended = () => socket.destroy();
    socket.once('close', () => clearTimeout(timer)).once('end', ended);
    socket.once('data', (first: Buffer) => {
      clearTimeout(timer);
      socket.off('end', ended);
      socket.pause();
      socket.unshift(first);
      (first[0] === tlsHandshake ? this.https : this.http).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }
}

const unreadable: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

const tooMany = (req: IncomingMessage): boolean => req.rawHeaders.length > maxHeaders * 2;
