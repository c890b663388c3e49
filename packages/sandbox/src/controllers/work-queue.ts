import { ApiError } from '../machinery/api-error.js';
import type { Clock } from '../machinery/clock.js';

const firstRetryMs = 5;
const lastRetryMs = 60_000;
const mostPerTurn = 250;

/**
 * client-go's rate-limited work queue, driven by the clock: a key that is added twice before it is worked on is worked on once; one that is added
 * while it is worked on comes again. A failure comes again after 5 ms, 10 ms, … at most a minute; anything but an ApiError is a mistake of
 * ours and is thrown on.
 */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  private readonly later = new Map<string, { at: number; undo: () => void }>();
  private readonly failures = new Map<string, number>();
  private undoTurn: (() => void) | undefined;
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly work: (key: string) => { againAfterMs: number } | undefined,
  ) {}

  add(key: string): void {
    if (this.stopped) return;
    this.waiting.add(key);
    this.undoTurn ??= this.clock.after(0, () => this.turn());
  }

  /** The earliest wish counts. */
  addAfter(key: string, ms: number): void {
    if (this.stopped) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.clock.now() + ms;
    const planned = this.later.get(key);
    if (planned && planned.at <= at) return;
    planned?.undo();
    const undo = this.clock.after(ms, () => {
      this.later.delete(key);
      this.add(key);
    });
    this.later.set(key, { at, undo });
  }

  stop(): void {
    this.stopped = true;
    this.undoTurn?.();
    for (const { undo } of this.later.values()) undo();
    this.waiting.clear();
    this.later.clear();
  }

  /** All that waits now, in one turn; what they add waits for the next. Of very many the rest waits too, so that requests are answered between them. */
  private turn(): void {
    this.undoTurn = undefined;
    const keys = [...this.waiting].slice(0, mostPerTurn);
    for (const key of keys) this.waiting.delete(key);
    if (this.waiting.size > 0) this.undoTurn = this.clock.after(0, () => this.turn());
    for (const key of keys) this.one(key);
  }

  private one(key: string): void {
    try {
      const again = this.work(key);
      this.failures.delete(key);
      if (again) this.addAfter(key, again.againAfterMs);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const failures = this.failures.get(key) ?? 0;
      this.failures.set(key, failures + 1);
      this.addAfter(key, Math.min(firstRetryMs * 2 ** failures, lastRetryMs));
    }
  }
}
