import { expect, test } from 'vitest';
import { backoff } from './backoff.js';

test('waits grow to the limit at worst, stay short at best, and start again after a success', () => {
  const worst = backoff({ baseMs: 100, maxMs: 1000, random: () => 1 });
  expect([worst.next(), worst.next(), worst.next(), worst.next()]).toEqual([300, 900, 1000, 1000]);
  worst.reset();
  expect(worst.next()).toBe(300);
  const best = backoff({ baseMs: 100, maxMs: 1000, random: () => 0 });
  expect([best.next(), best.next()]).toEqual([100, 100]);
});
