import { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import { type Status, status, tooLarge } from '@fairlead/kube';
import { sendStatus } from './answers.js';
import { responseHeaders } from './response-headers.js';

export interface ForwardRequest {
  id: string;
  agent: Agent;
  host: string;
  port: number;
  /** Sent as it is. */
  path: string;
  method: string;
  headers: string[];
  hasBody: boolean;
  /** A watch: how it ends can be said in its own words. */
  isWatch: boolean;
  /** A watch or a followed log may be silent for long, from the start on. */
  isStream: boolean;
}

export interface ForwardEnd {
  outcome: 'allowed' | 'refused' | 'failed';
  status: number | null;
  bytesIn: number;
  bytesOut: number;
  cause: string | null;
}

const connectMs = 5_000;
const headersMs = 60_000;
const maxBodyBytes = 3 * 1024 * 1024;
const newline = 10;

/** One request to the cluster and its answer back, as bytes, with backpressure both ways. Nothing is unpacked, followed, or held as a whole. */
export class Forward {
  private upstream: ClientRequest | null = null;
  private answer: IncomingMessage | null = null;
  private bytesIn = 0;
  private bytesOut = 0;
  private lastByte = newline;
  private timer: NodeJS.Timeout | undefined;
  private retried = false;
  private over = false;

  constructor(
    private readonly req: IncomingMessage,
    private readonly res: ServerResponse,
    private readonly ask: ForwardRequest,
    /** Called once. */
    private readonly done: (end: ForwardEnd) => void,
    private readonly begun: () => void = () => {},
  ) {}

  run(): void {
    this.res.once('close', () => {
      if (this.over) return;
      this.finish({ outcome: 'allowed', status: this.answer?.statusCode ?? null, cause: 'the client went away' });
    });
    this.dial();
    if (this.ask.hasBody) this.sendBody();
    else this.upstream?.end();
  }

  /** Ends it from our side: a watch by an ERROR event, anything that has not answered by the Status, the rest by cutting it off. */
  end(reason: Status, cause: string): void {
    if (this.over) return;
    const answered = this.res.headersSent;
    const code = answered ? (this.answer?.statusCode ?? null) : reason.code;
    const canSay = this.ask.isWatch && this.answer?.statusCode === 200 && this.lastByte === newline && isPlainJson(this.answer);
    this.finish({ outcome: 'refused', status: code, cause });
    if (!answered) sendStatus(this.res, reason, this.ask.id, this.ask.method);
    else if (canSay) this.res.end(`${JSON.stringify({ type: 'ERROR', object: reason })}\n`);
    else this.res.destroy();
  }

  private dial(): void {
    const { agent, host, port, path, method, headers } = this.ask;
    const upstream = request({ agent, host, port, path, method, headers, setHost: false });
    this.upstream = upstream;
    upstream.once('socket', (socket) => this.limitConnect(socket));
    upstream.on('response', (answer) => this.relay(answer));
    upstream.on('error', (error: NodeJS.ErrnoException) => this.failed(upstream, error));
    upstream.on('upgrade', (_, socket) => {
      socket.destroy();
      this.fail('the cluster switched protocols without being asked');
    });
  }

  private limitConnect(socket: Socket): void {
    const limit = (ms: number, cause: string) => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fail(cause, 504), ms);
    };
    const connected = () => {
      if (this.over) return;
      clearTimeout(this.timer);
      if (!this.ask.isStream && !this.answer) limit(headersMs, 'the cluster did not answer in time');
    };
    if (!socket.connecting) {
      connected();
      return;
    }
    limit(connectMs, 'the cluster could not be reached in time');
    socket.once('secureConnect', connected);
  }

  private sendBody(): void {
    const { req } = this;
    if (Number(req.headers['content-length'] ?? 0) > maxBodyBytes) {
      this.tooLarge();
      return;
    }
    req.on('data', (chunk: Buffer) => {
      this.bytesIn += chunk.length;
      if (this.bytesIn > maxBodyBytes) return this.tooLarge();
      if (this.upstream && !this.over && !this.upstream.write(chunk)) req.pause();
    });
    this.upstream?.on('drain', () => req.resume());
    req.once('end', () => this.upstream?.end());
  }

  private tooLarge(): void {
    if (this.over) return;
    this.finish({ outcome: 'refused', status: 413, cause: null });
    this.res.shouldKeepAlive = false;
    sendStatus(this.res, tooLarge('the body is larger than 3 MiB'), this.ask.id);
  }

  private relay(answer: IncomingMessage): void {
    const { res } = this;
    if (this.over) return void answer.destroy();
    clearTimeout(this.timer);
    const code = answer.statusCode ?? 0;
    // A redirect could lead the client, with its credential, anywhere; a 401 is about our credential and not about the caller's.
    if (code < 200 || code === 401 || (code >= 300 && code < 400 && code !== 304)) {
      answer.destroy();
      this.fail(code === 401 ? "the cluster does not accept Fairlead's credential" : 'the cluster sent an answer that is not passed on');
      return;
    }
    this.answer = answer;
    try {
      res.writeHead(code, responseHeaders(answer.rawHeaders, this.ask.id));
    } catch {
      answer.destroy();
      this.fail('the cluster sent headers that cannot be passed on');
      return;
    }
    if (this.ask.isStream) {
      res.flushHeaders(); // a quiet watch has no first byte that would take them along
      this.begun();
    }
    answer.on('data', (chunk: Buffer) => {
      this.bytesOut += chunk.length;
      this.lastByte = chunk[chunk.length - 1] ?? newline;
      if (!res.write(chunk)) answer.pause();
    });
    res.on('drain', () => answer.resume());
    answer.once('end', () => {
      if (this.over) return;
      this.finish({
        outcome: code >= 500 ? 'failed' : code === 403 ? 'refused' : 'allowed',
        status: code,
        cause: this.ask.isStream ? 'the cluster ended it' : null,
      });
      res.end();
    });
    answer.once('close', () => {
      if (this.over) return;
      this.finish({ outcome: 'failed', status: code, cause: 'the cluster broke off' });
      res.destroy();
    });
  }

  private failed(upstream: ClientRequest, error: NodeJS.ErrnoException): void {
    if (this.over || upstream !== this.upstream || this.answer) return; // an answer that breaks off is seen by its own close
    const stale = upstream.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    if (stale && !this.retried && (this.ask.method === 'GET' || this.ask.method === 'HEAD')) {
      this.retried = true;
      this.dial();
      this.upstream?.end();
      return;
    }
    this.fail('the cluster does not answer');
  }

  private fail(cause: string, code: 502 | 504 = 502): void {
    if (this.over) return;
    this.finish({ outcome: 'failed', status: code, cause });
    sendStatus(this.res, status(code, code === 504 ? 'Timeout' : 'BadGateway', cause), this.ask.id, this.ask.method);
  }

  private finish(end: Pick<ForwardEnd, 'outcome' | 'status' | 'cause'>): void {
    this.over = true;
    clearTimeout(this.timer);
    if (!this.answer?.complete) this.upstream?.destroy();
    this.req.resume(); // what is left of a body goes nowhere
    this.done({ ...end, bytesIn: this.bytesIn, bytesOut: this.bytesOut });
  }
}

const isPlainJson = (answer: IncomingMessage): boolean =>
  answer.headers['content-encoding'] === undefined &&
  (answer.headers['content-type'] ?? '').startsWith('application/json') &&
  !(answer.headers['content-type'] ?? '').includes('protobuf');
