import type { Hold, HoldWish } from '@fairlead/shared';

export const holdLengths = [
  { value: 'lifted', label: 'until somebody lifts it', ms: null },
  { value: 'hour', label: 'for one hour', ms: 3_600_000 },
  { value: 'day', label: 'for a day', ms: 86_400_000 },
  { value: 'week', label: 'for a week', ms: 604_800_000 },
] as const;
export type HoldLength = (typeof holdLengths)[number]['value'];

/** What the form of a rollback asks for. */
export function holdWish(length: HoldLength, reason: string, now: number): HoldWish {
  const ms = holdLengths.find(({ value }) => value === length)?.ms ?? null;
  const said = reason.trim();
  return { ...(ms !== null && { until: new Date(now + ms).toISOString() }), ...(said !== '' && { reason: said }) };
}

/** Has it ended, as the clock is now? */
export const stands = (hold: Hold | null, now: number): hold is Hold =>
  hold !== null && (hold.until === null || Date.parse(hold.until) > now);
