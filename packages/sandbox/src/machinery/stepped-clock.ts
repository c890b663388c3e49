import type { Clock } from './clock.js';

interface Due {
  at: number;
  order: number;
  call: () => void;
}

/**
 * A clock that begins `behindMs` in the past, runs as every clock does, and can be put forward until it has caught up with the present: what was due meanwhile
 * happens within the step, each at its own moment, in order. So an hour of history can be made in seconds.
 */
export class SteppedClock implements Clock {
  private due: Due[] = [];
  private order = 0;
  private timer: NodeJS.Timeout | undefined;
  private stepping: number | undefined;

  constructor(private behindMs: number) {}

  now(): number {
    return this.stepping ?? Date.now() - this.behindMs;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.now() + Math.max(ms, 0), order: this.order++, call };
    // Kept sorted; most entries are later than all others.
    let index = this.due.length;
    while (index > 0 && (this.due[index - 1]?.at ?? 0) > entry.at) index -= 1;
    this.due.splice(index, 0, entry);
    if (index === 0 && this.stepping === undefined) this.arm();
    return () => {
      const found = this.due.indexOf(entry);
      if (found !== -1) this.due.splice(found, 1);
    };
  }

  /** Never past the present: answers by how many milliseconds it was put forward. */
  step(ms: number): number {
    const step = Math.min(ms, this.behindMs);
    const until = this.now() + step;
    this.run(until);
    this.behindMs -= step;
    this.arm();
    return step;
  }

  private run(until: number): void {
    try {
      for (let next = this.due[0]; next && next.at <= until; next = this.due[0]) {
        this.due.shift();
        this.stepping = Math.max(next.at, this.stepping ?? next.at);
        next.call();
      }
    } finally {
      this.stepping = undefined;
    }
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.due[0];
    if (!next) return;
    this.timer = setTimeout(
      () => {
        this.run(this.now());
        this.arm();
      },
      Math.min(Math.max(next.at - this.now(), 0), 2 ** 31 - 1),
    );
    this.timer.unref();
  }
}
