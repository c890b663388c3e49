import type { KubeObject } from '@fairlead/kube';
import { scheduleView } from '../schedules/schedule-view.js';

const shownTimes = 3;

/** When a CronJob will run: in words, and its next times on the clock of its zone. Pure. */
export function scheduleWords(cronJob: KubeObject, now: Date): string[] {
  const { words, cron, timeZone, suspended, next } = scheduleView(cronJob, [], now);
  const clock = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    // A zone that only the cluster knows has no next times here.
    timeZone: next.length > 0 ? (timeZone ?? 'UTC') : 'UTC',
  });
  const times = next.slice(0, shownTimes).map((at) => clock.format(new Date(at)));
  return [
    suspended ? 'suspended: it does not run' : `runs ${words ?? `by ${cron}`}${timeZone ? ` (${timeZone})` : ''}`,
    ...(times.length > 0 ? [`next: ${times.join('; ')}${timeZone ? '' : ' UTC'}`] : []),
  ];
}
