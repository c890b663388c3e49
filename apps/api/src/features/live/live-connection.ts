import { ClientMessage, liveClose, liveVersion, type ServerMessage } from '@fairlead/shared';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/id.js';
import type { Caller } from '../auth/index.js';
import type { LiveSubscription, Reader } from './live-subscription.js';
import { SendQueue } from './send-queue.js';

export const heartbeatMs = 15_000;
export const maxSubscriptions = 200;
/** A tab asks for a dozen topics and pings once a second. */
const messageBurst = 400;
const messagesPerSecond = 50;

export interface Peer {
  sourceAddress: string;
  userAgent: string;
}

/** One socket: its caller, its subscriptions, and the rules of the protocol that need no topic. */
export class LiveConnection implements Reader {
  readonly id = newId();
  readonly subscriptions = new Map<string, LiveSubscription>();
  readonly sender: SendQueue;
  welcomed = false;
  heardMs: number;
  pingedMs: number;
  /** When its rights were last asked for; long ago at first, for what admission knew may be 5 s old. */
  checkedMs = Number.NEGATIVE_INFINITY;
  readonly openedMs: number;
  private allowance = messageBurst;
  private allowanceMs: number;
  private readonly closing = new AbortController();

  constructor(
    private readonly socket: WebSocket,
    public caller: Caller,
    readonly peer: Peer,
    private readonly clock: Clock,
  ) {
    this.openedMs = this.heardMs = this.pingedMs = this.allowanceMs = clock.monotonicMs();
    this.sender = new SendQueue(socket, clock, this.closing.signal);
  }

  get closed(): boolean {
    return this.closing.signal.aborted;
  }

  /** The message in `data`, or null after closing the socket for what is wrong with it. */
  read(data: RawData, isBinary: boolean): ClientMessage | null {
    this.heard();
    if (this.closed) return null;
    if (!this.spend()) return this.refuse(liveClose.tooMany, 'too many messages');
    const parsed = isBinary ? null : ClientMessage.safeParse(parseJson(data.toString()));
    if (!parsed?.success) return this.refuse(liveClose.badMessage, 'not a message of this protocol');
    const message = parsed.data;
    if ((message.type === 'hello') === this.welcomed) return this.refuse(liveClose.badMessage, 'hello comes first, and once');
    if (message.type === 'hello' && message.version !== liveVersion)
      return this.refuse(liveClose.version, `this server speaks version ${liveVersion}`);
    if (message.type === 'hello') this.welcomed = true;
    return message;
  }

  /** Reserves the id; false after closing the socket when it cannot be had. */
  add(subscription: LiveSubscription): boolean {
    if (this.subscriptions.has(subscription.id)) this.close(liveClose.idInUse, 'the id is in use');
    else if (this.subscriptions.size >= maxSubscriptions) this.close(liveClose.tooMany, 'too many subscriptions');
    else this.subscriptions.set(subscription.id, subscription);
    return this.subscriptions.get(subscription.id) === subscription;
  }

  remove(id: string): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    this.subscriptions.delete(id);
    this.sender.forget(subscription);
    subscription.close();
  }

  send(message: ServerMessage): void {
    this.sender.now(message);
  }

  owe(subscription: LiveSubscription): void {
    this.sender.owe(subscription);
  }

  ended(subscription: LiveSubscription, code: string, message: string): void {
    if (this.subscriptions.get(subscription.id) !== subscription) return;
    this.subscriptions.delete(subscription.id);
    this.sender.forget(subscription);
    this.send({ type: 'error', id: subscription.id, code, message });
  }

  heard(): void {
    this.heardMs = this.clock.monotonicMs();
  }

  ping(): void {
    this.pingedMs = this.clock.monotonicMs();
    this.socket.ping();
  }

  /** Says why and closes. What waits to be sent is not sent. */
  close(code: number, reason: string): void {
    if (this.closed) return;
    this.closing.abort();
    this.socket.close(code, reason);
  }

  /** For a peer that no longer answers: no closing handshake. */
  terminate(): void {
    this.closing.abort();
    this.socket.terminate();
  }

  private refuse(code: number, reason: string): null {
    this.close(code, reason);
    return null;
  }

  private spend(): boolean {
    const nowMs = this.clock.monotonicMs();
    this.allowance = Math.min(messageBurst, this.allowance + ((nowMs - this.allowanceMs) / 1000) * messagesPerSecond);
    this.allowanceMs = nowMs;
    return --this.allowance >= 0;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
