import { describe, expect, it } from 'vitest';
import { count, type Request } from './requests.js';

const at = (sentMs: number, tookMs = 5, status: number | null = 200, error: string | null = null): Request => ({
  sentMs,
  tookMs,
  status,
  error,
});
const every = (from: number, to: number, tookMs = 5): Request[] =>
  Array.from({ length: (to - from) / 100 }, (_, i) => at(from + i * 100, tookMs));
const refused = (sentMs: number) => at(sentMs, 1, null, 'the connection was refused');

describe('the numbers of a drill', () => {
  it('are nothing for nothing', () => {
    expect(count([], null)).toEqual({
      before: { sent: 0, failed: 0, medianMs: null },
      requests: { sent: 0, failed: 0, slowed: 0, medianMs: null, slowestMs: null, longestGapMs: null },
      failures: [],
      seconds: [],
    });
  });

  it('measure what comes after the act by what was before it', () => {
    const { before, requests, seconds } = count([...every(0, 3000), ...every(3000, 5000, 6)], 3000);
    expect(before).toEqual({ sent: 30, failed: 0, medianMs: 5 });
    expect(requests).toEqual({ sent: 20, failed: 0, slowed: 0, medianMs: 6, slowestMs: 6, longestGapMs: 101 });
    expect(seconds).toHaveLength(5);
    expect(seconds[3]).toEqual({ sent: 10, slowed: 0, failed: 0 });
  });

  it.each<[string, Request, number]>([
    ['three times the median and noticeable', at(3100, 160), 1],
    ['three times the median, and nobody notices', at(3100, 90), 0],
    ['a failure is not slow', at(3100, 5000, 503), 0],
  ])('slowed: %s', (_, request, slowed) => {
    expect(count([...every(0, 3000, 20), request], 3000).requests.slowed).toBe(slowed);
  });

  it('slowed: never against a median that was slow already', () => {
    expect(count([...every(0, 3000, 80), at(3100, 200)], 3000).requests.slowed).toBe(0);
  });

  it('count as failed what is not answered or answered with 500 and above; 404 is the app’s own answer', () => {
    const { requests, failures } = count([at(0), refused(3100), refused(3200), at(3300, 5, 502), at(3400, 5, 404), at(3500)], 3000);
    expect(requests).toMatchObject({ sent: 5, failed: 3 });
    expect(failures).toEqual([
      { what: 'the connection was refused', count: 2 },
      { what: 'answered 502', count: 1 },
    ]);
  });

  it.each<[string, Request[], number]>([
    ['from the last good answer to the next', [at(2900), refused(3000), refused(3100), at(3900)], 1000],
    ['to the end when none comes any more', [at(2900), refused(3000), refused(5899)], 2995],
    ['an answer that is long on its way is a gap too', [at(2900), at(3000, 2000)], 2095],
    ['what was before the act is none', [at(0), at(2900), at(3000)], 100],
  ])('the longest gap: %s', (_, requests, gap) => expect(count(requests, 3000).requests.longestGapMs).toBe(gap));
});
