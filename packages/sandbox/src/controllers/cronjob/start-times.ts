import type { CronJob } from '../model/batch.js';
import { createdAt } from '../parts/owner.js';
import type { Schedule } from './schedule.js';

export interface StartTimes {
  /** The latest moment that was due and has not been started; undefined when nothing is. */
  due: number | undefined;
  /** So many were missed that somebody should know. */
  manyMissed: boolean;
  /** When to look again. */
  next: number | undefined;
}

/** A look comes a little later than the moment itself, so that it has passed. */
const lateByMs = 100;

/** Which start is due. Of several missed ones only the latest counts; those before the starting deadline do not count at all. */
export function startTimes(cron: CronJob, schedule: Schedule, now: number): StartTimes {
  const since = Date.parse(cron.status?.lastScheduleTime ?? '') || createdAt(cron);
  const { startingDeadlineSeconds } = cron.spec;
  const deadline = startingDeadlineSeconds === undefined ? since : Math.max(since, now - startingDeadlineSeconds * 1000);
  const next = schedule.next(now);
  const after = next === undefined ? undefined : next + lateByMs;
  const first = schedule.next(deadline);
  if (first === undefined || first > now) return { due: undefined, manyMissed: false, next: after };
  const second = schedule.next(first);
  if (second === undefined || second > now) return { due: first, manyMissed: false, next: after };
  const interval = second - first;
  const missed = Math.floor((now - first) / interval) + 1;
  let due = first;
  for (let at = schedule.next(first + (missed - 2) * interval); at !== undefined && at <= now; at = schedule.next(at)) due = at;
  return { due, manyMissed: missed > 100, next: after };
}

/** The same start always has the same name, so that it cannot happen twice. */
export const jobName = ({ metadata }: CronJob, scheduled: number): string => `${metadata.name}-${Math.floor(scheduled / 60_000)}`;
