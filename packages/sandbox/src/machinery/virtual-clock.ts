import type { Clock } from './clock.js';

interface Due {
  at: number;
  order: number;
  call: () => void;
}

/**
 * A clock that stands still until it is told to go: a test lives through a day in milliseconds. Calls run in the order of their time, then of
 * their asking; what they ask for runs in the same `advance` if it falls into it.
 */
export class VirtualClock implements Clock {
  private due: Due[] = [];
  private order = 0;

  constructor(private time = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.time + Math.max(ms, 0), order: this.order++, call };
    // Kept sorted; most entries are later than all others.
    let index = this.due.length;
    while (index > 0 && (this.due[index - 1]?.at ?? 0) > entry.at) index -= 1;
    this.due.splice(index, 0, entry);
    return () => {
      const found = this.due.indexOf(entry);
      if (found !== -1) this.due.splice(found, 1);
    };
  }

  /** Runs everything that is due within `ms`, then stands at the end of it. `advance(0)` runs what is due now, until nothing is. */
  advance(ms: number): void {
    const until = this.time + ms;
    for (let steps = 0; ; steps += 1) {
      const next = this.due[0];
      if (!next || next.at > until) break;
      if (steps > 5_000_000) throw new Error('the clock does not come to rest');
      this.due.shift();
      this.time = Math.max(this.time, next.at);
      next.call();
    }
    this.time = until;
  }
}
