import { type Clock, systemClock } from './clock.js';

/** A clock that begins `behindMs` in the past, runs as every clock does, and can be put forward, until it has caught up with the present. */
export class SteppedClock implements Clock {
  constructor(private behindMs: number) {}

  now(): Date {
    return new Date(Date.now() - this.behindMs);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() - this.behindMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  /** Never past the present: answers by how many milliseconds it was put forward. */
  step(ms: number): number {
    const step = Math.min(ms, this.behindMs);
    this.behindMs -= step;
    return step;
  }

  get caughtUp(): boolean {
    return this.behindMs === 0;
  }

  /** Milliseconds until the present. */
  get behind(): number {
    return this.behindMs;
  }
}
