export interface Backoff {
  /** Milliseconds to wait before the next try. */
  next(): number;
  /** After a success: the next failure waits shortly again. */
  reset(): void;
}

/** Decorrelated jitter: each wait lies between `baseMs` and three times the one before, at most `maxMs`. `random` gives [0, 1). */
export function backoff({ baseMs, maxMs, random }: { baseMs: number; maxMs: number; random: () => number }): Backoff {
  let last = baseMs;
  return {
    next() {
      last = Math.min(maxMs, baseMs + random() * (last * 3 - baseMs));
      return Math.round(last);
    },
    reset() {
      last = baseMs;
    },
  };
}
