import type { Hold, HoldWish } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { holdOf, holdWords, isHeldOff, newHold, refuseHeld } from './hold.js';

const now = new Date('2026-03-01T10:00:30.000Z');
const ann = { id: '019ca5ee-0000-7000-8000-000000000001', name: 'ann' };
const hold = (wish: HoldWish): Hold => newHold(wish, ann, 4, now);
const token = { kind: 'token', id: 't', expiresAt: now, readOnly: false, clusterIds: null, projectIds: null } as const;
const session = { kind: 'session', id: 's', expiresAt: now } as const;

describe('a hold', () => {
  it.each<[string, HoldWish, Partial<Hold>, string]>([
    ['until it is lifted', true, { until: null }, 'held by ann since 2026-03-01 10:00 UTC: rolled back, and to stay there'],
    [
      'with a reason and an end',
      { until: '2026-03-02T08:00:00Z', reason: 'it eats orders' },
      { until: '2026-03-02T08:00:00.000Z' },
      'held by ann since 2026-03-01 10:00 UTC, until 2026-03-02 08:00 UTC: it eats orders',
    ],
  ])('stands %s', (_, wish, expected, words) => {
    expect(hold(wish)).toMatchObject({ by: ann, revision: 4, ...expected });
    expect(holdWords(hold(wish))).toBe(words);
  });

  it('does not end before it begins', () => {
    expect(() => hold({ until: '2026-01-01T00:00:00Z' })).toThrow(/not valid/);
  });

  it.each<[string, unknown, boolean]>([
    ['none', null, false],
    ['one without an end', hold(true), true],
    ['one that has not ended', hold({ until: '2026-03-01T10:00:31Z' }), true],
    ['one that has', { ...hold(true), until: now.toISOString() }, false],
  ])('%s', (_, row, stands) => expect(holdOf({ hold: row }, now) !== null).toBe(stands));

  it.each<[string, Parameters<typeof isHeldOff>[0], boolean]>([
    ['a person in the dashboard', { kind: 'user', credential: session }, false],
    ["a person's token", { kind: 'user', credential: token }, true],
    ['a robot', { kind: 'robot', credential: token }, true],
  ])('keeps off %s: %s', (_, caller, off) => {
    expect(isHeldOff(caller)).toBe(off);
    const act = () => refuseHeld({ name: 'web', hold: hold(true) }, caller, now);
    if (off) expect(act).toThrow(/^web is held by ann since .* a person lifts it in the dashboard, or with DELETE …\/apps\/web\/hold\.$/);
    else expect(act).not.toThrow();
  });
});
