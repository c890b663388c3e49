import type { LiveItem, ServerMessage } from '@fairlead/shared';
import { applyChanges } from '@fairlead/shared';
import { WebSocket } from 'ws';

/** A reader of the live protocol, as a browser would be one. */
export class LiveClient {
  readonly messages: ServerMessage[] = [];
  readonly rows = new Map<string, Map<string, LiveItem>>();
  readonly at = new Map<string, string>();
  closed: { code: number; reason: string } | null = null;
  private waiters: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.receive(JSON.parse(data.toString()) as ServerMessage));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.wake();
    });
    socket.on('error', () => {});
  }

  /** Opens the socket, without hello. Rejects with the HTTP status when the upgrade is refused. */
  static async open(url: string, headers: Record<string, string | string[]>): Promise<LiveClient> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers: headers as Record<string, string>, perMessageDeflate: false });
    const client = new LiveClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_, response) => reject(new RefusedUpgrade(response.statusCode ?? 0)));
      socket.once('error', reject);
    });
    return client;
  }

  static async connect(fairlead: { url: string }, credential: { cookie: string } | { token: string }): Promise<LiveClient> {
    const headers: Record<string, string> =
      'cookie' in credential ? { cookie: credential.cookie, origin: fairlead.url } : { authorization: `Bearer ${credential.token}` };
    const client = await LiveClient.open(`${fairlead.url}/api/v1/live`, headers);
    client.send({ type: 'hello', version: 1 });
    await client.until(() => client.messages.some((message) => message.type === 'welcome'));
    return client;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  async subscribe(id: string, topic: string, params: Record<string, string> = {}, from?: string): Promise<void> {
    this.send({ type: 'subscribe', id, topic, params, ...(from && { from }) });
    await this.until(() => this.of(id).length > 0);
  }

  of(id: string): ServerMessage[] {
    return this.messages.filter((message) => 'id' in message && message.id === id);
  }

  /** Resolves when `done` holds after some message or the close. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      if (this.closed && !done()) throw new Error(`the socket closed: ${this.closed.code} ${this.closed.reason}`);
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
  }

  async untilClosed(): Promise<number> {
    while (!this.closed) await new Promise<void>((resolve) => this.waiters.push(resolve));
    return this.closed.code;
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.socket.terminate();
  }

  close(): void {
    this.socket.close(1000);
  }

  private receive(message: ServerMessage): void {
    this.messages.push(message);
    if (message.type === 'snapshot') this.rows.set(message.id, new Map(message.items.map((item) => [item.key, item])));
    if (message.type === 'changes') this.rows.set(message.id, applyChanges(this.rows.get(message.id) ?? new Map(), message.changes));
    if (message.type === 'snapshot' || message.type === 'changes') this.at.set(message.id, message.at);
    this.wake();
  }

  private wake(): void {
    const { waiters } = this;
    this.waiters = [];
    for (const waiter of waiters) waiter();
  }
}

export class RefusedUpgrade extends Error {
  constructor(readonly status: number) {
    super(`the upgrade was refused: ${status}`);
  }
}
