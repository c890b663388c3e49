import type { Hold } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { type HoldLength, holdWish, stands } from './hold-words';

const now = Date.parse('2026-03-01T10:00:00.000Z');
const hold: Hold = { by: { id: 'x', name: 'ann' }, since: '2026-03-01T09:00:00.000Z', until: null, reason: 'why', revision: 3 };

describe('a hold', () => {
  it.each<[HoldLength, string, object]>([
    ['lifted', '', {}],
    ['lifted', '  it eats orders ', { reason: 'it eats orders' }],
    ['hour', '', { until: '2026-03-01T11:00:00.000Z' }],
    ['week', 'why', { until: '2026-03-08T10:00:00.000Z', reason: 'why' }],
  ])('%s "%s"', (length, reason, wish) => expect(holdWish(length, reason, now)).toEqual(wish));

  it.each<[Hold | null, boolean]>([
    [null, false],
    [hold, true],
    [{ ...hold, until: '2026-03-01T10:00:01.000Z' }, true],
    [{ ...hold, until: '2026-03-01T10:00:00.000Z' }, false],
  ])('%#: stands', (of, yes) => expect(stands(of, now)).toBe(yes));
});
