import type { Clock } from '../../machinery/clock.js';

/** Named timers of one owner: a new one under a name replaces the old; all end together. */
export class Timers {
  private readonly undos = new Map<string, { at: number; undo: () => void }>();

  constructor(private readonly clock: Clock) {}

  /** Whole milliseconds. */
  set(name: string, wait: number, call: () => void): void {
    const ms = Math.round(wait);
    this.clear(name);
    if (ms === Number.POSITIVE_INFINITY) return;
    const undo = this.clock.after(ms, () => {
      this.undos.delete(name);
      call();
    });
    this.undos.set(name, { at: this.clock.now() + ms, undo });
  }

  /** The earlier of what is set and this. */
  setSooner(name: string, ms: number, call: () => void): void {
    const planned = this.undos.get(name);
    if (!planned || planned.at > this.clock.now() + ms) this.set(name, ms, call);
  }

  has(name: string): boolean {
    return this.undos.has(name);
  }

  clear(name: string): void {
    this.undos.get(name)?.undo();
    this.undos.delete(name);
  }

  clearAll(): void {
    for (const { undo } of this.undos.values()) undo();
    this.undos.clear();
  }
}
