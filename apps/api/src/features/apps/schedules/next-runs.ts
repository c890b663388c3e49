import type { Cron } from './cron.js';
import { localClock } from './local-clock.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** As the controller: what does not come within five years never comes. */
const horizonMs = 5 * 366 * 24 * hourMs;

/**
 * The next `count` times after `after`, in order. Pure. As the CronJob controller reckons: by the clock on the wall of the zone, so that a time which
 * the clock skips in spring does not come, and one that it shows twice in autumn comes twice. `@every` has no fixed times: none.
 * @throws RangeError for a time zone that does not exist
 */
export function nextRuns(cron: Cron, timeZone: string, after: Date, count: number): Date[] {
  if ('everySeconds' in cron) return [];
  const clock = localClock(timeZone);
  const found: Date[] = [];
  const end = after.getTime() + horizonMs;
  let at = Math.floor(after.getTime() / minuteMs) * minuteMs + minuteMs;
  while (found.length < count && at <= end) {
    const now = clock(at);
    if (!cron.month.values.has(now.month) || !dayFires(cron, now)) {
      // Never past midnight, also on a day of 23 hours.
      at += Math.max(1, 23 - now.hour) * hourMs - now.minute * minuteMs;
    } else if (!cron.hour.values.has(now.hour)) {
      at += (60 - now.minute) * minuteMs;
    } else {
      if (cron.minute.values.has(now.minute)) found.push(new Date(at));
      at += minuteMs;
    }
  }
  return found;
}

/** With both given, either day fires; `*` in one leaves it to the other. */
function dayFires({ day, weekday }: Exclude<Cron, { everySeconds: number }>, now: { day: number; weekday: number }): boolean {
  const [byDay, byWeekday] = [day.values.has(now.day), weekday.values.has(now.weekday)];
  return day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday;
}
