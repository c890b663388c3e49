import { describe, expect, it } from 'vitest';
import { parseCron } from './cron.js';
import { cronWords } from './cron-words.js';
import { nextRuns } from './next-runs.js';

const next = (cron: string, zone: string, after: string, count = 1) =>
  nextRuns(parseCron(cron), zone, new Date(after), count).map((each) => each.toISOString().replace(':00.000Z', 'Z'));

describe('the next run', () => {
  it.each([
    ['* * * * *', 'UTC', '2026-07-09T14:45:00Z', '2026-07-09T14:46Z'],
    ['*/15 * * * *', 'UTC', '2026-07-09T14:45:10Z', '2026-07-09T15:00Z'],
    ['20-35/15 * * * *', 'UTC', '2026-07-09T14:45:00Z', '2026-07-09T15:20Z'],
    ['5/20 * * * *', 'UTC', '2026-07-09T14:26:00Z', '2026-07-09T14:45Z'],
    ['0 3 * * *', 'UTC', '2026-12-31T03:00:00Z', '2027-01-01T03:00Z'],
    ['0 0 29 FEB ?', 'UTC', '2026-03-01T00:00:00Z', '2028-02-29T00:00Z'],
    ['0 0 * * mon-fri', 'UTC', '2026-07-10T12:00:00Z', '2026-07-13T00:00Z'],
    ['0 0 1,15 * SUN', 'UTC', '2026-07-02T00:00:00Z', '2026-07-05T00:00Z'],
    ['0 0 */2 * SUN', 'UTC', '2026-07-02T12:00:00Z', '2026-07-03T00:00Z'],
    ['0 0 13 * 5', 'UTC', '2026-07-13T12:00:00Z', '2026-07-17T00:00Z'],
    ['@hourly', 'UTC', '2026-07-09T14:00:00Z', '2026-07-09T15:00Z'],
    ['@weekly', 'UTC', '2026-07-09T14:00:00Z', '2026-07-12T00:00Z'],
    ['@monthly', 'UTC', '2026-07-09T14:00:00Z', '2026-08-01T00:00Z'],
    ['@yearly', 'UTC', '2026-07-09T14:00:00Z', '2027-01-01T00:00Z'],
    ['0 9 * * *', 'Europe/Berlin', '2026-07-09T14:00:00Z', '2026-07-10T07:00Z'],
    ['0 9 * * *', 'Asia/Kolkata', '2026-07-09T14:00:00Z', '2026-07-10T03:30Z'],
    // The clock goes from 2 to 3 on 8 March, and from 2 back to 1 on 1 November.
    ['30 2 8 3 *', 'America/New_York', '2026-03-08T00:00:00Z', '2027-03-08T07:30Z'],
    ['0 3 * * *', 'America/New_York', '2026-03-08T05:00:00Z', '2026-03-08T07:00Z'],
    // Clocks go from 0 to 1: midnight does not come.
    ['0 0 * * *', 'Africa/Cairo', '2026-04-23T22:30:00Z', '2026-04-24T21:00Z'],
  ])('of %s in %s after %s', (cron, zone, after, expected) => {
    expect(next(cron, zone, after)).toEqual([expected]);
  });

  it('comes twice where the clock shows the time twice', () => {
    expect(next('30 1 * * *', 'America/New_York', '2026-11-01T04:00:00Z', 3)).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-01T06:30Z',
      '2026-11-02T06:30Z',
    ]);
  });

  it('are as many as were asked for, or none', () => {
    expect(next('0 */6 * * *', 'UTC', '2026-07-09T14:00:00Z', 5)).toHaveLength(5);
    expect(next('0 0 31 2 *', 'UTC', '2026-07-09T14:00:00Z', 5)).toEqual([]);
    expect(next('@every 90m', 'UTC', '2026-07-09T14:00:00Z', 5)).toEqual([]);
  });
});

describe('a schedule that Kubernetes refuses', () => {
  it.each([
    ['', 'five fields'],
    ['* * * *', 'five fields'],
    ['* * * * * *', 'five fields'],
    ['60 * * * *', 'the minute goes from 0 to 59'],
    ['* 24 * * *', 'the hour goes from 0 to 23'],
    ['* * 0 * *', 'the day of the month goes from 1 to 31'],
    ['* * * * 7', 'the day of the week goes from 0 to 6'],
    ['* * * foo *', 'foo is no month'],
    ['5-1 * * * *', 'begins after it ends'],
    ['*/0 * * * *', 'must be above 0'],
    ['*-5 * * * *', 'is no minute'],
    ['1-2-3 * * * *', 'is no minute'],
    ['@never', 'no schedule that Kubernetes knows'],
    ['@every soon', 'takes a time like 90m'],
  ])('%s', (cron, message) => {
    expect(() => parseCron(cron)).toThrow(message);
  });
});

describe('a schedule in words', () => {
  it.each([
    ['0 3 * * *', 'every day at 03:00'],
    ['@daily', 'every day at 00:00'],
    ['30 9,17 * * *', 'every day at 09:30 and 17:30'],
    ['* * * * *', 'every minute'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['@hourly', 'every hour, on the hour'],
    ['5 * * * *', 'every hour at minute 5'],
    ['5,35 * * * *', 'every hour at minutes 5 and 35'],
    ['0 */6 * * *', 'every 6 hours'],
    ['10 */6 * * *', 'every 6 hours at minute 10'],
    ['*/15 9-17 * * mon-fri', 'every 15 minutes from 09:00 to 17:59, every Monday to Friday'],
    ['0 9 * * 1-5', 'every Monday to Friday at 09:00'],
    ['0 9 * * 1,4', 'every Monday and Thursday at 09:00'],
    ['0 0 1 * *', 'on day 1 of the month at 00:00'],
    ['0 0 1 1 *', 'on day 1 of the month in January at 00:00'],
    ['0 0 13 * 5', 'on day 13 of the month and every Friday at 00:00'],
    ['0 12 * 6-8 *', 'each day in June to August at 12:00'],
    ['@every 90m', 'every 1 hour 30 minutes, from when it was made'],
  ])('%s: %s', (cron, words) => {
    expect(cronWords(parseCron(cron))).toBe(words);
  });
});
