import type { DrillReport } from '@fairlead/shared';

/** One request of a drill. Milliseconds count from its start; `status` null: no answer. */
export interface Request {
  sentMs: number;
  tookMs: number;
  status: number | null;
  error: string | null;
}

type Counted = Pick<DrillReport, 'before' | 'requests' | 'failures' | 'seconds'>;

/** A visitor does not notice less, and on a busy machine the clock is no better. */
const noticeableMs = 100;
const slowFactor = 3;

/** The numbers of a drill, from its requests in any order: what was sent before the act is the measure of what was sent after it. */
export function count(requests: readonly Request[], actedMs: number | null): Counted {
  const sorted = [...requests].sort((a, b) => a.sentMs - b.sentMs);
  const first = sorted.filter(({ sentMs }) => sentMs < (actedMs ?? Number.POSITIVE_INFINITY));
  const later = sorted.slice(first.length);
  const medianMs = median(first.filter(isGood).map(({ tookMs }) => tookMs));
  const isSlow = (each: Request): boolean =>
    isGood(each) && each.tookMs > noticeableMs && medianMs !== null && each.tookMs > slowFactor * medianMs;
  const good = later.filter(isGood).map(({ tookMs }) => tookMs);
  return {
    before: { sent: first.length, failed: first.filter((each) => !isGood(each)).length, medianMs },
    requests: {
      sent: later.length,
      failed: later.length - good.length,
      slowed: later.filter(isSlow).length,
      medianMs: median(good),
      slowestMs: good.length > 0 ? Math.round(Math.max(...good)) : null,
      longestGapMs: actedMs === null ? null : longestGap(sorted, actedMs),
    },
    failures: failuresOf(later),
    seconds: secondsOf(sorted, isSlow),
  };
}

export const isGood = ({ status }: Pick<Request, 'status'>): boolean => status !== null && status < 500;

/** Between two good answers of which the later came after the act; one that never came again is counted to the last request. */
function longestGap(sorted: readonly Request[], actedMs: number): number | null {
  const answered = sorted
    .filter(isGood)
    .map(({ sentMs, tookMs }) => sentMs + tookMs)
    .sort((a, b) => a - b);
  const ended = Math.max(...sorted.map(({ sentMs, tookMs }) => sentMs + tookMs));
  const gaps = answered.map((at, i) => (at < actedMs ? 0 : at - (answered[i - 1] ?? actedMs)));
  const last = answered.at(-1);
  if (sorted.length === 0) return null;
  return Math.round(Math.max(0, ...gaps, ended - (last ?? actedMs)));
}

function failuresOf(requests: readonly Request[]): DrillReport['failures'] {
  const counts = new Map<string, number>();
  for (const each of requests) {
    if (isGood(each)) continue;
    const what = each.status === null ? (each.error ?? 'no answer') : `answered ${each.status}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, number]) => ({ what, count: number })).sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
}

function secondsOf(sorted: readonly Request[], isSlow: (request: Request) => boolean): DrillReport['seconds'] {
  const length = Math.floor((sorted.at(-1)?.sentMs ?? -1) / 1000) + 1;
  const seconds = Array.from({ length }, () => ({ sent: 0, slowed: 0, failed: 0 }));
  for (const each of sorted) {
    const second = seconds[Math.floor(each.sentMs / 1000)];
    if (!second) continue;
    second.sent++;
    if (!isGood(each)) second.failed++;
    else if (isSlow(each)) second.slowed++;
  }
  return seconds;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return middle === undefined ? null : Math.round(middle);
}
