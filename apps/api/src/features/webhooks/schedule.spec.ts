import { expect, it } from 'vitest';
import { maxAttempts, waitAfter } from './schedule.js';

it('waits 10 s, 30 s, 2 min, 10 min, 1 h and longer up to a day, then gives up', () => {
  const waits = Array.from({ length: maxAttempts }, (_, i) => waitAfter(i + 1, () => 0.5));
  expect(waits.map((wait) => wait && wait / 1000)).toEqual([10, 30, 120, 600, 3600, 10_800, 21_600, 43_200, 86_400, null]);
});

it('spreads each wait by a fifth', () => {
  expect([waitAfter(1, () => 0), waitAfter(1, () => 1)]).toEqual([8_000, 12_000]);
});
