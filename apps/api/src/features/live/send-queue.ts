import type { ServerMessage } from '@fairlead/shared';
import type { Clock } from '../../platform/clock.js';
import { encode } from './encode.js';

/** The part of a socket that is used. */
export interface Outlet {
  readonly bufferedAmount: number;
  send(text: string, written: (error?: Error) => void): void;
}

/** Something that owes messages: a subscription. */
export interface Owing {
  readonly dirty: boolean;
  take(): ServerMessage[];
}

const joinMs = 50;
/** Above this many unread bytes nothing more is made: what changes meanwhile is joined where it waits. */
const highWater = 256 * 1024;

/**
 * One socket's sends. The first change goes out at once, those of the next 50 ms together. While the reader has not taken what was sent,
 * nothing is encoded and nothing is queued: subscriptions join their own changes until the socket drains.
 */
export class SendQueue {
  private readonly owing = new Set<Owing>();
  private lastFlushMs = Number.NEGATIVE_INFINITY;
  private scheduled = false;
  private unwritten = 0;

  constructor(
    private readonly outlet: Outlet,
    private readonly clock: Clock,
    private readonly closed: AbortSignal,
  ) {}

  /** Sends before everything that waits: welcome, pong, errors. */
  now(message: ServerMessage): void {
    this.write(message);
  }

  owe(subscription: Owing): void {
    this.owing.add(subscription);
    this.schedule();
  }

  forget(subscription: Owing): void {
    this.owing.delete(subscription);
  }

  private schedule(): void {
    if (this.scheduled || this.full || this.closed.aborted) return; // full: the write that is under way schedules again
    this.scheduled = true;
    const waitMs = Math.max(0, this.lastFlushMs + joinMs - this.clock.monotonicMs());
    this.clock.sleep(waitMs, this.closed).then(
      () => this.flush(),
      () => {}, // closed
    );
  }

  private flush(): void {
    this.scheduled = false;
    this.lastFlushMs = this.clock.monotonicMs();
    for (const subscription of this.owing) {
      if (this.full || this.closed.aborted) break;
      this.owing.delete(subscription); // whoever waited longest stands first next time
      if (subscription.dirty) for (const message of subscription.take()) this.write(message);
    }
    if (this.owing.size > 0) this.schedule();
  }

  private get full(): boolean {
    return this.unwritten > 0 && this.outlet.bufferedAmount > highWater;
  }

  private write(message: ServerMessage): void {
    if (this.closed.aborted) return;
    this.unwritten++;
    this.outlet.send(encode(message), () => {
      this.unwritten--;
      if (this.owing.size > 0) this.schedule();
    });
  }
}
