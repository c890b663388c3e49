import { isRecord, type KubeObject } from '@fairlead/kube';
import type { ScheduledRun, ScheduleView } from '@fairlead/shared';
import { type Cron, CronError, parseCron } from './cron.js';
import { cronWords } from './cron-words.js';
import { nextRuns } from './next-runs.js';

const shownTimes = 5;
const overlaps = ['Allow', 'Forbid', 'Replace'] as const;

/** A CronJob as its app's page shows it. Pure. */
export function scheduleView(cronJob: KubeObject, runs: ScheduledRun[], now: Date): ScheduleView {
  const spec = isRecord(cronJob.spec) ? cronJob.spec : {};
  const status = isRecord(cronJob.status) ? cronJob.status : {};
  const cron = String(spec.schedule ?? '');
  const timeZone = typeof spec.timeZone === 'string' ? spec.timeZone : null;
  const suspended = spec.suspend === true;
  const read = readable(cron);
  const last = typeof status.lastScheduleTime === 'string' ? new Date(status.lastScheduleTime) : null;
  return {
    name: cronJob.metadata.name,
    cron,
    words: read && cronWords(read),
    timeZone,
    suspended,
    overlap: overlaps.find((each) => each === spec.concurrencyPolicy) ?? 'Allow',
    startingDeadlineSeconds: typeof spec.startingDeadlineSeconds === 'number' ? spec.startingDeadlineSeconds : null,
    keep: { succeeded: count(spec.successfulJobsHistoryLimit, 3), failed: count(spec.failedJobsHistoryLimit, 1) },
    lastScheduledAt: last?.toISOString() ?? null,
    next: read && !suspended ? upcoming(read, timeZone ?? 'UTC', now) : [],
    runs: [...runs].sort((a, b) => b.startedAt.localeCompare(a.startedAt) || b.name.localeCompare(a.name)),
  };
}

function readable(text: string): Cron | null {
  try {
    return parseCron(text);
  } catch (error) {
    if (error instanceof CronError) return null;
    throw error;
  }
}

function upcoming(cron: Cron, timeZone: string, now: Date): string[] {
  try {
    return nextRuns(cron, timeZone, now, shownTimes).map((each) => each.toISOString());
  } catch (error) {
    if (error instanceof RangeError) return []; // a zone that the cluster knows and this machine does not
    throw error;
  }
}

const count = (value: unknown, byDefault: number): number => (typeof value === 'number' ? value : byDefault);
