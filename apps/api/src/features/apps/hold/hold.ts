import { Hold, type HoldWish } from '@fairlead/shared';
import { AppError } from '../../../platform/app-error.js';
import type { Caller } from '../../auth/index.js';

/** The hold of an app, if it has one that has not ended. */
export function holdOf({ hold }: { hold: unknown }, now: Date): Hold | null {
  if (hold === null || hold === undefined) return null;
  const found = Hold.parse(hold);
  return found.until !== null && Date.parse(found.until) <= now.getTime() ? null : found;
}

/** @throws AppError invalid_request for an end that has passed */
export function newHold(wish: HoldWish, by: { id: string; name: string }, revision: number, now: Date): Hold {
  const { until = undefined, reason = undefined } = wish === true ? {} : wish;
  if (until !== undefined && Date.parse(until) <= now.getTime())
    throw new AppError('invalid_request', {}, { issues: [{ path: 'hold.until', message: 'must be in the future' }] });
  return {
    by: { id: by.id, name: by.name },
    since: now.toISOString(),
    until: until === undefined ? null : new Date(until).toISOString(),
    reason: reason ?? `rolled back, and to stay there`,
    revision,
  };
}

/** Does the hold stand against this caller? Robots, and whoever comes with an API token: what deploys by itself does. */
export const isHeldOff = ({ kind, credential }: Pick<Caller, 'kind' | 'credential'>): boolean =>
  kind === 'robot' || credential.kind === 'token';

/** "held by ann since 2026-01-01 10:00 UTC, until …: reason" */
export function holdWords({ by, since, until, reason }: Hold): string {
  return `held by ${by.name} since ${minute(since)}${until === null ? '' : `, until ${minute(until)}`}: ${reason}`;
}

const minute = (time: string): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** @throws AppError app_held */
export function refuseHeld(app: { name: string; hold: unknown }, caller: Pick<Caller, 'kind' | 'credential'>, now: Date): void {
  const hold = holdOf(app, now);
  if (hold && isHeldOff(caller)) throw new AppError('app_held', { app: app.name, held: holdWords(hold) }, { details: { hold } });
}
