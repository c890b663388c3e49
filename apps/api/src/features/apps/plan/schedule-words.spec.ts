import { expect, it } from 'vitest';
import { scheduleWords } from './schedule-words.js';

const now = new Date('2026-11-25T12:00:00Z');
const cronJob = (spec: object) => ({ kind: 'CronJob', metadata: { name: 'nightly' }, spec });

it.each<[object, string[]]>([
  [
    { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' },
    ['runs every day at 03:00 (Europe/Berlin)', 'next: Thu 26 Nov, 03:00; Fri 27 Nov, 03:00; Sat 28 Nov, 03:00'],
  ],
  [{ schedule: '0 0 1 1 *' }, [expect.stringMatching(/^runs /), 'next: Fri 1 Jan, 00:00; Sat 1 Jan, 00:00; Mon 1 Jan, 00:00 UTC']],
  [{ schedule: '0 3 * * *', suspend: true }, ['suspended: it does not run']],
  [{ schedule: '0 3 * * *', timeZone: 'Nowhere/None' }, ['runs every day at 03:00 (Nowhere/None)']],
  [{ schedule: 'H 3 * * *' }, ['runs by H 3 * * *']],
])('%o', (spec, words) => expect(scheduleWords(cronJob(spec), now)).toEqual(words));
