import { describe, expect, it } from 'vitest';
import { keepWords, wallTime } from './schedule-words';

describe('a schedule, in words', () => {
  it.each([
    [{ succeeded: 3, failed: 3 }, 'the last 3 runs that went well, and as many that failed'],
    [{ succeeded: 3, failed: 1 }, 'the last 3 that went well, the last 1 that failed'],
    [{ succeeded: 0, failed: 0 }, 'none: nothing of a run stays'],
  ])('keeps %o', (keep, words) => {
    expect(keepWords(keep)).toBe(words);
  });

  it.each([
    ['Europe/Berlin', 'Fri, 27 Nov, 03:30'],
    [null, 'Fri, 27 Nov, 02:30'],
    ['Nowhere/Land', 'Fri, 27 Nov, 02:30 UTC'],
  ])('shows the clock on the wall of %s', (zone, words) => {
    expect(wallTime('2026-11-27T02:30:00.000Z', zone).replace(/^(\w{3}) /, '$1, ')).toBe(words);
  });
});
