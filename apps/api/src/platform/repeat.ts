import type { Clock } from './clock.js';

/** Does `work` each `everyMs`, the first time after that long, until the signal. What it throws is `failed`'s, and ends nothing. Never rejects. */
export async function repeat(
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => {});
    if (!signal.aborted) await work().catch(failed);
  }
}
