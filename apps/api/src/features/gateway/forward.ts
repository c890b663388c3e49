import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Status, status, tooLarge } from '@fairlead/kube';
import { closedMeanwhile } from '../../platform/http/closed-meanwhile.js';
import { isRead } from '../../platform/http/is-read.js';
import { sendStatus } from './answers.js';
import type { Connections, Exchange } from './connections.js';
import { responseHeaders } from './response-headers.js';

export interface ForwardRequest {
  id: string;
  connections: Connections;
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
  private upstream: Exchange | null = null;
  private answer: Answer | null = null;
  /** What came of an answer in its first turn, which is often all: head and body then go out in one piece. null: its head is out. */
  private held: Buffer[] | null = [];
  private bytesIn = 0;
  private bytesOut = 0;
  private lastByte = newline;
  private timer: NodeJS.Timeout | undefined;
  private retried = false;
  /** For the client, which reads more slowly than the cluster writes. */
  private waiting = false;
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
      this.finish({ outcome: 'allowed', status: this.answer?.code ?? null, cause: 'the client went away' });
    });
    this.dial();
    if (this.ask.hasBody) this.sendBody();
  }

  /** Ends it from our side: a watch by an ERROR event, anything that has not answered by the Status, the rest by cutting it off. */
  end(reason: Status, cause: string): void {
    if (this.over) return;
    const { answer, ask, res } = this;
    const answered = res.headersSent;
    const code = answered ? (answer?.code ?? null) : reason.code;
    const canSay = ask.isWatch && answer?.code === 200 && this.lastByte === newline && isPlainJson(answer.rawHeaders);
    this.finish({ outcome: 'refused', status: code, cause });
    if (!answered) sendStatus(res, reason, ask.id, ask.method);
    else if (canSay) res.end(`${JSON.stringify({ type: 'ERROR', object: reason })}\n`);
    else res.destroy();
  }

  private dial(): void {
    let standing = false;
    this.upstream = this.ask.connections.exchange(
      this.ask,
      {
        connected: () => {
          standing = true;
          this.connected();
        },
        drained: () => this.req.resume(),
        head: (code, rawHeaders) => this.takeHead({ code, rawHeaders }),
        body: (bytes) => this.takeBody(bytes),
        end: () => this.takeEnd(),
        failed: (error) => this.failed(error),
      },
      this.retried,
    );
    if (!standing) this.limit(connectMs, 'the cluster could not be reached in time');
  }

  private limit(ms: number, cause: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(cause, 504), ms);
  }

  private connected(): void {
    if (this.over) return;
    if (this.ask.isStream || this.answer) clearTimeout(this.timer);
    else this.limit(headersMs, 'the cluster did not answer in time');
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
      if (!this.over && this.upstream?.write(chunk) === false) req.pause();
    });
    req.once('end', () => this.upstream?.end());
  }

  private tooLarge(): void {
    if (this.over) return;
    this.finish({ outcome: 'refused', status: 413, cause: null });
    this.res.shouldKeepAlive = false;
    sendStatus(this.res, tooLarge('the body is larger than 3 MiB'), this.ask.id);
  }

  private takeHead(answer: Answer): void {
    clearTimeout(this.timer);
    const { code } = answer;
    // A redirect could lead the client, with its credential, anywhere; a 401 is about our credential and not about the caller's.
    if (code === 401 || (code >= 300 && code < 400 && code !== 304)) {
      this.fail(code === 401 ? "the cluster does not accept Fairlead's credential" : 'the cluster sent an answer that is not passed on');
      return;
    }
    this.answer = answer;
    if (!this.ask.isStream) {
      setImmediate(() => this.letGo());
      return;
    }
    this.letGo();
    if (this.over) return;
    this.res.flushHeaders(); // a quiet watch has no first byte that would take them along
    this.begun();
  }

  private takeBody(bytes: Buffer): void {
    this.bytesOut += bytes.length;
    this.lastByte = bytes[bytes.length - 1] ?? newline;
    if (this.held) this.held.push(bytes);
    else this.pass(bytes);
  }

  private takeEnd(): void {
    const { answer, ask, held, res } = this;
    if (this.over || !answer) return;
    const { code } = answer;
    const hasBody = ask.method !== 'HEAD' && code !== 204 && code !== 304;
    if (held && !this.writeHead(answer, hasBody ? this.bytesOut : null)) return;
    this.finish({
      outcome: code >= 500 ? 'failed' : code === 403 ? 'refused' : 'allowed',
      status: code,
      cause: ask.isStream ? 'the cluster ended it' : null,
    });
    if (!held || held.length === 0) res.end();
    else res.end(held.length === 1 ? held[0] : Buffer.concat(held));
  }

  /** The head, and what came after it until now. */
  private letGo(): void {
    const { answer, held } = this;
    if (this.over || !answer || !held || !this.writeHead(answer, null)) return;
    for (const bytes of held) this.pass(bytes);
  }

  private pass(bytes: Buffer): void {
    const { res, upstream } = this;
    if (res.write(bytes) || this.waiting) return;
    this.waiting = true;
    upstream?.pause();
    res.once('drain', () => {
      this.waiting = false;
      upstream?.resume();
    });
  }

  /** `length`: of the whole body, where it is known although the cluster did not say. */
  private writeHead({ code, rawHeaders }: Answer, length: number | null): boolean {
    this.held = null;
    try {
      this.res.writeHead(code, responseHeaders(rawHeaders, this.ask.id, length));
      return true;
    } catch {
      this.fail('the cluster sent headers that cannot be passed on');
      return false;
    }
  }

  private failed(error: Error): void {
    if (this.over) return;
    const { answer, ask, res, upstream } = this;
    if (answer) {
      this.finish({ outcome: 'failed', status: answer.code, cause: 'the cluster broke off' });
      res.destroy();
      return;
    }
    if (upstream && closedMeanwhile(upstream.reused, error) && !this.retried && isRead(ask.method)) {
      this.retried = true;
      this.dial();
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
    this.upstream?.destroy(); // nothing happens when its answer is whole
    if (this.ask.hasBody) this.req.resume(); // what is left of it goes nowhere
    this.done({ ...end, bytesIn: this.bytesIn, bytesOut: this.bytesOut });
  }
}

interface Answer {
  code: number;
  rawHeaders: string[];
}

function isPlainJson(rawHeaders: readonly string[]): boolean {
  const value = (name: string) => rawHeaders[rawHeaders.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name) + 1];
  const has = (name: string) => rawHeaders.some((each, i) => i % 2 === 0 && each.toLowerCase() === name);
  const type = has('content-type') ? (value('content-type') ?? '') : '';
  return !has('content-encoding') && type.startsWith('application/json') && !type.includes('protobuf');
}
