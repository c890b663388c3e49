import { describe, expect, it } from 'vitest';
import { begun, type Course, type Sight, step } from './course.js';

const sight = (ms: number, more: Partial<Sight> = {}): Sight => ({
  ms,
  actedMs: 3_100,
  replaced: true,
  gone: true,
  answers: true,
  ...more,
});
const walk = (...sights: Sight[]): Course => sights.reduce(step, begun);
const acted = [sight(3_000), sight(3_100)];
const gap = { replaced: false };

describe('the course of a drill', () => {
  it.each<[string, Sight[], Partial<Course>]>([
    ['looks at the app as it is first', [sight(2_900)], { phase: 'before' }],
    ['acts after three seconds', [sight(3_000)], { phase: 'acting', actedMs: null }],
    ['waits for the act', [sight(3_000), sight(3_200, { actedMs: null })], { phase: 'acting' }],
    ['waits for healing', [...acted, sight(3_200, gap)], { phase: 'healing', actedMs: 3_100, healedMs: null }],
    [
      'heals when as many pods are ready again, though the old one still drains',
      [...acted, sight(3_200, gap), sight(4_000, { gone: false })],
      { phase: 'healing', healedMs: 4_000, settledMs: null },
    ],
    [
      'looks on for ten seconds when the old one is gone',
      [...acted, sight(4_000, { gone: false }), sight(9_000)],
      { phase: 'after', healedMs: 4_000, settledMs: 9_000 },
    ],
    ['is over after these', [...acted, sight(4_000), sight(14_000)], { phase: 'over', healedMs: 4_000 }],
    [
      'does not settle while the route does not answer',
      [...acted, sight(4_000, { answers: false })],
      { phase: 'healing', settledMs: null },
    ],
    [
      'begins to wait again when the route fails meanwhile',
      [...acted, sight(4_000), sight(9_000, { answers: false }), sight(14_000)],
      { phase: 'after', healedMs: 4_000, settledMs: 14_000 },
    ],
    [
      'heals anew when a pod is lost meanwhile',
      [...acted, sight(4_000), sight(9_000, gap), sight(11_000)],
      { phase: 'after', healedMs: 11_000, settledMs: 11_000 },
    ],
    ['gives up after five minutes', [...acted, sight(400_000, gap)], { phase: 'over', healedMs: null }],
  ])('%s', (_, sights, expected) => expect(walk(...sights)).toMatchObject(expected));
});
