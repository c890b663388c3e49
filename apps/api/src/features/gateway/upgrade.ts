import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Status, status } from '@fairlead/kube';
import { responseOn, sendStatus } from './answers.js';
import { responseHeaders, upgradeHead } from './response-headers.js';
import { farewell, ServerFrames } from './server-frames.js';

export interface UpgradeRequest {
  id: string;
  /** Makes a connection of its own, which is never used for anything else. */
  agent: Agent;
  host: string;
  port: number;
  path: string;
  method: string;
  headers: string[];
  protocol: string;
  /** Called for each piece that comes from the client. */
  heard?: () => void;
}

export interface UpgradeEnd {
  outcome: 'allowed' | 'refused' | 'failed';
  status: number | null;
  bytesIn: number;
  bytesOut: number;
  cause: string | null;
}

const connectMs = 10_000;
const answerMs = 60_000;
const lingerMs = 2_000;
const maxEarlyBytes = 64 * 1024;
const maxRefusalBytes = 1024 * 1024;

/** A request that switches protocols: after the 101 bytes go both ways as they are, until one side ends; then both do. */
export class Upgrade {
  private upstream: Duplex | null = null;
  private frames: ServerFrames | null = null;
  private hasChannels = false;
  private bytesIn = 0;
  private bytesOut = 0;
  private over = false;
  private abort = () => {};

  constructor(
    private readonly req: IncomingMessage,
    private readonly client: Duplex,
    private readonly head: Buffer,
    private readonly ask: UpgradeRequest,
    private readonly done: (end: UpgradeEnd) => void,
    /** Before a byte of the session passes; the session is given up when it rejects. */
    private readonly begun: () => Promise<void>,
  ) {}

  run(): void {
    const { client } = this;
    client.on('error', () => {}); // its close follows
    client.once('close', () => this.finish({ outcome: 'allowed', status: this.upstream ? 101 : null, cause: 'the client ended it' }));
    if (this.head.length > maxEarlyBytes) this.refuse(status(400, 'BadRequest', 'data came before the protocols were switched'), 'failed');
    else this.dial();
  }

  /** Ends it from our side, in the session's own words where it has any and is between two messages. */
  end(reason: Status, cause: string): void {
    if (this.over) return;
    const { client, upstream, frames } = this;
    if (!upstream) {
      this.refuse(reason, 'refused', cause);
      return;
    }
    const canSay = frames?.betweenMessages === true && client.writable;
    client.removeAllListeners('data');
    this.finish({ outcome: 'refused', status: 101, cause });
    upstream.destroy();
    if (canSay) client.end(farewell(reason, this.hasChannels));
    setTimeout(() => client.destroy(), canSay ? lingerMs : 0);
  }

  private dial(): void {
    const { agent, host, port, path, method, headers } = this.ask;
    const upstream = request({ agent, host, port, path, method, headers, setHost: false });
    let timer = setTimeout(() => upstream.destroy(new Error('timeout')), connectMs);
    this.abort = () => {
      clearTimeout(timer);
      upstream.destroy();
    };
    upstream.once('socket', (socket) =>
      socket.once('secureConnect', () => {
        clearTimeout(timer);
        if (!this.over) timer = setTimeout(() => upstream.destroy(new Error('timeout')), answerMs);
      }),
    );
    upstream.once('upgrade', (answer, socket, head) => {
      clearTimeout(timer);
      void this.switched(answer, socket, head);
    });
    upstream.once('response', (answer) => {
      clearTimeout(timer);
      this.relayRefusal(answer);
    });
    upstream.once('error', () => {
      clearTimeout(timer);
      this.refuse(status(502, 'BadGateway', 'the cluster does not answer'), 'failed');
    });
    upstream.end();
  }

  private async switched(answer: IncomingMessage, upstream: Duplex, head: Buffer): Promise<void> {
    upstream.on('error', () => {}); // its close follows
    if (this.over) return void upstream.destroy();
    const protocol = (answer.headers.upgrade ?? '').toLowerCase();
    if (protocol !== this.ask.protocol) {
      upstream.destroy();
      return this.refuse(status(502, 'BadGateway', 'the cluster switched to another protocol than the one asked for'), 'failed');
    }
    upstream.pause();
    try {
      await this.begun();
    } catch {
      upstream.destroy();
      return this.refuse(status(503, 'ServiceUnavailable', 'the audit log cannot be written, so nothing was done'), 'failed');
    }
    if (this.over) return void upstream.destroy();
    this.upstream = upstream;
    if (protocol === 'websocket') {
      this.frames = new ServerFrames();
      this.hasChannels = /^v[45]\.channel\.k8s\.io$/.test(answer.headers['sec-websocket-protocol'] ?? '');
    }
    for (const side of [this.client, upstream]) settle(side);
    this.client.write(upgradeHead(answer.rawHeaders, this.ask.protocol, this.ask.id));
    this.splice(upstream, head);
  }

  private splice(upstream: Duplex, head: Buffer): void {
    const { client } = this;
    const toClient = (chunk: Buffer) => {
      this.bytesOut += chunk.length;
      this.frames?.push(chunk);
      if (!client.write(chunk)) upstream.pause();
    };
    const toUpstream = (chunk: Buffer) => {
      this.bytesIn += chunk.length;
      this.ask.heard?.();
      if (!upstream.write(chunk)) client.pause();
    };
    if (this.head.length > 0) toUpstream(this.head);
    if (head.length > 0) toClient(head);
    upstream.on('data', toClient).once('end', () => client.end());
    client.on('data', toUpstream).once('end', () => {
      upstream.end();
      setTimeout(() => upstream.destroy(), lingerMs).unref(); // a client that has hung up waits for nothing
    });
    client.on('drain', () => upstream.resume());
    upstream.on('drain', () => client.resume());
    upstream.resume(); // it was held until the session's entry was stored
    upstream.once('close', () => {
      this.finish({ outcome: 'allowed', status: 101, cause: 'the cluster ended it' });
      client.end();
      setTimeout(() => client.destroy(), lingerMs).unref();
    });
  }

  /** Anything but 101 is an ordinary answer; the connection to the cluster ends with it, and so does the client's. */
  private relayRefusal(answer: IncomingMessage): void {
    if (this.over) return void answer.destroy();
    const code = answer.statusCode ?? 0;
    if (code < 200 || code === 401 || (code >= 300 && code < 400)) {
      answer.destroy();
      this.refuse(status(502, 'BadGateway', 'the cluster sent an answer that is not passed on'), 'failed');
      return;
    }
    const res = responseOn(this.req, this.client);
    try {
      res.writeHead(code, responseHeaders(answer.rawHeaders, this.ask.id));
    } catch {
      answer.destroy();
      this.refuse(status(502, 'BadGateway', 'the cluster sent headers that cannot be passed on'), 'failed');
      return;
    }
    answer.on('data', (chunk: Buffer) => {
      this.bytesOut += chunk.length;
      if (this.bytesOut > maxRefusalBytes) answer.destroy();
      else res.write(chunk);
    });
    answer.once('close', () => {
      const bytesOut = this.bytesOut;
      this.finish({ outcome: code === 403 ? 'refused' : 'failed', status: code, cause: null });
      if (answer.complete && bytesOut <= maxRefusalBytes) res.end();
      else this.client.destroy();
    });
  }

  private refuse(reason: Status, outcome: UpgradeEnd['outcome'], cause: string = reason.message): void {
    if (this.over) return;
    this.finish({ outcome, status: reason.code, cause });
    sendStatus(responseOn(this.req, this.client), reason, this.ask.id);
  }

  private finish(end: Pick<UpgradeEnd, 'outcome' | 'status' | 'cause'>): void {
    if (this.over) return;
    this.over = true;
    this.abort();
    if (end.cause === 'the client ended it') this.upstream?.destroy();
    this.done({ ...end, bytesIn: this.bytesIn, bytesOut: this.bytesOut });
  }
}

function settle(side: Duplex): void {
  const socket = side as Socket;
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
}
