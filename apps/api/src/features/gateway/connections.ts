import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { tlsOptions } from '@fairlead/kube';
import type { Upstream } from '../clusters/index.js';
import { AnswerReader, type AnswerSink, BadAnswer } from './answer-reader.js';

/** What an exchange tells. Exactly one of `end` and `failed` comes last, unless it was destroyed: then nothing more comes. */
export interface ExchangeEvents extends AnswerSink {
  /** The connection stands; at once for one that was kept. */
  connected(): void;
  /** More of the request's body may be written. */
  drained(): void;
  failed(error: Error): void;
}

export interface ExchangeRequest {
  method: string;
  /** Sent as it is. */
  path: string;
  /** Names and values in turn, sent as they are. Without a content-length a body goes in chunks. */
  headers: readonly string[];
  hasBody: boolean;
}

const idleMs = 30_000;
const sweepMs = 5_000;
const maxIdle = 64;

/**
 * Kept TLS connections to one cluster, one exchange of HTTP/1.1 at a time on each. It is our own, and not node:https, for its cost alone: a GET takes about
 * 73 µs of CPU here and 211 there. TLS is verified and the address judged at every dial; nothing is proxied, redirected, or sent twice.
 */
export class Connections {
  private readonly idle: Connection[] = [];
  private session: Buffer | undefined;
  private readonly sweeping: NodeJS.Timeout;
  private closed = false;

  constructor(private readonly upstream: Upstream) {
    // Shorter than the API server's own patience, so that we never write on a connection that it is about to close.
    this.sweeping = setInterval(() => this.sweep(), sweepMs).unref();
  }

  /** `fresh`: on no kept connection. @throws AddressDenied, TypeError for what would break out of its line */
  exchange(request: ExchangeRequest, events: ExchangeEvents, fresh = false): Exchange {
    const head = requestHead(request);
    const connection = (fresh ? undefined : this.kept()) ?? this.dial();
    const exchange = new Exchange(connection, request, events);
    connection.begin(exchange, head);
    return exchange;
  }

  /** Ends what is idle, and everything else when its exchange is over. */
  close(): void {
    this.closed = true;
    clearInterval(this.sweeping);
    for (const each of this.idle.splice(0)) each.destroy();
  }

  private kept(): Connection | undefined {
    for (;;) {
      const last = this.idle.pop();
      if (!last || last.socket.writable) return last;
    }
  }

  private dial(): Connection {
    const { host, port, ca, servername, checkAddress } = this.upstream;
    if (isIP(host) !== 0) checkAddress(host); // a literal address never reaches the lookup
    const options: ConnectionOptions = {
      ...tlsOptions({ server: '', auth: { anonymous: true }, checkAddress, ...(ca === undefined ? {} : { ca }) }),
      host,
      port,
      servername: servername ?? (isIP(host) === 0 ? host : ''),
      ALPNProtocols: ['http/1.1'],
      ...(this.session && { session: this.session }),
    };
    const connection: Connection = new Connection(
      connect(options),
      () => this.keep(connection),
      () => this.forget(connection),
    );
    connection.socket.on('session', (session) => (this.session = session));
    return connection;
  }

  private keep(connection: Connection): void {
    if (this.closed || this.idle.length >= maxIdle) connection.destroy();
    else this.idle.push(connection);
  }

  private forget(connection: Connection): void {
    const at = this.idle.indexOf(connection);
    if (at !== -1) this.idle.splice(at, 1);
  }

  private sweep(): void {
    const now = performance.now();
    // The oldest stand first: the last one kept is the first one taken.
    while (this.idle[0] && now - this.idle[0].idleSince > idleMs) this.idle.shift()?.destroy();
  }
}

/** One TLS socket, and the exchange that it carries now. */
class Connection {
  idleSince = 0;
  used = false;
  private current: Exchange | null = null;

  constructor(
    readonly socket: TLSSocket,
    private readonly free: () => void,
    gone: () => void,
  ) {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 15_000);
    socket.once('secureConnect', () => this.current?.events.connected());
    socket.on('data', (bytes: Buffer) => this.read(bytes));
    socket.on('drain', () => this.current?.events.drained());
    socket.once('end', () => this.ended());
    socket.once('error', (error) => this.broke(error));
    socket.once('close', () => {
      gone();
      this.broke(hungUp());
    });
  }

  begin(exchange: Exchange, head: string): void {
    this.current = exchange;
    this.socket.write(head, 'latin1');
    if (!this.socket.connecting) exchange.events.connected();
  }

  /** The exchange is over; the connection may be used again, or not. */
  release(reusable: boolean): void {
    this.current = null;
    this.used = true;
    if (!reusable || this.socket.destroyed) {
      this.socket.destroy();
      return;
    }
    this.idleSince = performance.now();
    if (this.socket.isPaused()) this.socket.resume();
    this.free();
  }

  destroy(): void {
    this.current = null;
    this.socket.destroy();
  }

  private read(bytes: Buffer): void {
    // What comes unasked belongs to nobody, and the connection with it.
    if (!this.current) this.destroy();
    else this.current.read(bytes);
  }

  private ended(): void {
    if (this.current?.closed()) return;
    this.broke(hungUp());
  }

  private broke(error: Error): void {
    const { current } = this;
    this.destroy();
    current?.broke(error);
  }
}

/** One request and its answer. */
export class Exchange {
  /** On a connection that carried another before: it may have been closed by the cluster in the meantime. */
  readonly reused: boolean;
  private readonly reader: AnswerReader;
  private readonly chunked: boolean;
  private sent: boolean;
  private over = false;

  constructor(
    private readonly connection: Connection,
    { method, headers, hasBody }: ExchangeRequest,
    readonly events: ExchangeEvents,
  ) {
    this.reused = connection.used;
    this.sent = !hasBody;
    this.chunked = hasBody && !headers.some((name, i) => i % 2 === 0 && name === 'content-length');
    this.reader = new AnswerReader(method === 'HEAD', {
      head: (code, rawHeaders) => {
        if (!this.over) events.head(code, rawHeaders);
      },
      body: (bytes) => {
        if (!this.over) events.body(bytes);
      },
      end: () => {},
    });
  }

  /** false: wait for `drained`. */
  write(bytes: Buffer): boolean {
    if (this.over || bytes.length === 0) return true;
    const { socket } = this.connection;
    if (!this.chunked) return socket.write(bytes);
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
    socket.write(bytes);
    const more = socket.write('\r\n', 'latin1');
    socket.uncork();
    return more;
  }

  /** The request's body is whole. */
  end(): void {
    if (this.over || this.sent) return;
    if (this.chunked) this.connection.socket.write('0\r\n\r\n', 'latin1');
    this.sent = true;
  }

  pause(): void {
    if (!this.over) this.connection.socket.pause();
  }

  resume(): void {
    if (!this.over) this.connection.socket.resume();
  }

  /** Nothing more is told, and the connection ends. */
  destroy(): void {
    if (this.over) return;
    this.over = true;
    this.connection.release(false);
  }

  /** @internal */
  read(bytes: Buffer): void {
    try {
      this.reader.read(bytes);
    } catch (error) {
      if (this.over) return;
      this.over = true;
      this.connection.release(false);
      this.events.failed(error instanceof Error ? error : new BadAnswer('it cannot be read'));
      return;
    }
    if (this.reader.whole) this.whole();
  }

  /** @internal Did the connection's end make the answer whole? */
  closed(): boolean {
    if (this.over || !this.reader.closed()) return false;
    this.whole();
    return true;
  }

  /** @internal */
  broke(error: Error): void {
    if (this.over) return;
    this.over = true;
    this.events.failed(error);
  }

  // An answer before the request was whole leaves a connection on which nobody knows what is read next.
  private whole(): void {
    if (this.over) return;
    this.over = true;
    this.connection.release(this.sent && this.reader.keepsAlive);
    this.events.end();
  }
}

const hungUp = (): Error => Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const unsafeValue = /[^\t\x20-\x7e\x80-\xff]/;

function requestHead({ method, path, headers, hasBody }: ExchangeRequest): string {
  if (!token.test(method) || !/^\/[\x21-\x7e]*$/.test(path)) throw new TypeError('the request line cannot be sent');
  let head = `${method} ${path} HTTP/1.1\r\n`;
  let measured = false;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (!token.test(name) || unsafeValue.test(value)) throw new TypeError(`the header ${name} cannot be sent`);
    if (name === 'content-length') measured = true;
    head += `${name}: ${value}\r\n`;
  }
  head += 'Connection: keep-alive\r\n';
  if (!measured && hasBody) head += 'Transfer-Encoding: chunked\r\n';
  else if (!measured && (method === 'POST' || method === 'PUT' || method === 'PATCH')) head += 'Content-Length: 0\r\n';
  return `${head}\r\n`;
}
