import type { Backoff } from './record.js';

const firstMs = 10_000;
const lastMs = 300_000;

/** A container (or an image) that failed waits 10 s, 20 s, … 5 min; ten minutes without a failure forget it. */
export const isBackingOff = (backoff: Backoff | undefined, failedAt: number, now: number): boolean =>
  backoff !== undefined && failedAt - backoff.updatedAt <= 2 * lastMs && now - failedAt < backoff.ms;

export function nextBackoff(backoff: Backoff | undefined, failedAt: number, now: number): Backoff {
  const forgotten = !backoff || failedAt - backoff.updatedAt > 2 * lastMs;
  return { ms: forgotten ? firstMs : Math.min(backoff.ms * 2, lastMs), updatedAt: now };
}

/** Go's: `10s`, `1m20s`, `5m0s`. */
export function goDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
