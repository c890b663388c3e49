import { expect, test } from 'vitest';
import { humanDuration, since } from './human-duration.js';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

test.each([
  [-2 * second, '<invalid>'],
  [-second, '0s'],
  [0, '0s'],
  [119 * second, '119s'],
  [120 * second, '2m'],
  [243 * second, '4m3s'],
  [10 * minute + 30 * second, '10m'],
  [179 * minute, '179m'],
  [3 * hour, '3h'],
  [3 * hour + 5 * minute, '3h5m'],
  [27 * hour, '27h'],
  [2 * day + hour, '2d1h'],
  [8 * day + hour, '8d'],
  [729 * day, '729d'],
  [2 * 365 * day + 30 * day, '2y30d'],
  [9 * 365 * day, '9y'],
])('%i ms: %s', (ms, text) => expect(humanDuration(ms)).toBe(text));

test('since a time', () => {
  const now = Date.parse('2026-01-01T00:05:00Z');
  expect([since('2026-01-01T00:00:00Z', now), since(undefined, now), since('', now)]).toEqual(['5m', '<unknown>', '<unknown>']);
});
