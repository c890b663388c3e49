import { AppSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { scaled } from '../scaled.js';
import { asleep, awake, isAsleep, sleepOf, sleepWords, wakeWords } from './sleep.js';

const spec = (fields: object): AppSpec => AppSpec.parse({ image: 'nginx:1.27', ...fields });
const bounds = { minReplicas: 2, maxReplicas: 6, cpuPercent: 60 };
const autoscaled = { replicas: 3, autoscaling: bounds, resources: { cpu: '100m' } };

describe('sleep and wake', () => {
  it.each([
    ['a fixed size', spec({ replicas: 3 }), 'asleep, wakes to 3 replicas', 'awake, 3 replicas'],
    ['one replica', spec({}), 'asleep, wakes to 1 replica', 'awake, 1 replica'],
    ['an autoscaler', spec(autoscaled), 'asleep, wakes to 2 to 6 replicas', 'awake, 2 to 6 replicas'],
    ['manifests', AppSpec.parse({ kind: 'manifests', yaml: 'kind: Deployment' }), 'asleep', 'awake'],
  ])('keep %s', (_, before, sleeping, waking) => {
    const slept = asleep(before, 'web');
    expect(isAsleep(slept)).toBe(true);
    expect(awake(slept, null)).toEqual(before);
    expect([sleepWords(slept), wakeWords(awake(slept, null))]).toEqual([sleeping, waking]);
  });

  it('one that was scaled to 0 wakes to the size it had', () => {
    const zero = spec({ replicas: 0 });
    expect(asleep(zero, 'web')).toBe(zero);
    expect(awake(zero, 4).replicas).toBe(4);
    expect(awake(zero, null).replicas).toBe(1);
  });

  it('another size wakes it, with its bounds as they were', () => {
    expect(scaled(asleep(spec({ replicas: 3 }), 'web'), 5)).toEqual(spec({ replicas: 5 }));
    expect(scaled(asleep(spec(autoscaled), 'web'), 5)).toEqual(spec({ ...autoscaled, replicas: 5 }));
  });

  it('a schedule is suspended, and does not sleep', () => {
    expect(() => asleep(spec({ schedule: { cron: '@daily' } }), 'job')).toThrow('suspend it instead');
    expect(AppSpec.safeParse({ image: 'a', asleep: true, schedule: { cron: '@daily' } }).success).toBe(false);
  });
});

describe('since when it sleeps', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
  const row = (minute: number, by: string, fields: object) => ({ spec: spec(fields), createdAt: at(minute), authorName: by });
  it.each([
    ['awake', [row(1, 'ann', { replicas: 2 })], null],
    [
      'slept a moment ago',
      [row(2, 'bob', { replicas: 2, asleep: true }), row(1, 'ann', { replicas: 2 })],
      { since: at(2), by: 'bob', size: 2 },
    ],
    [
      'changed while it slept',
      [
        row(3, 'cid', { image: 'b', replicas: 2, asleep: true }),
        row(2, 'bob', { replicas: 2, asleep: true }),
        row(1, 'ann', { replicas: 2 }),
      ],
      { since: at(2), by: 'bob', size: 2 },
    ],
    ['scaled to 0', [row(2, 'bob', { replicas: 0 }), row(1, 'ann', { replicas: 5 })], { since: at(2), by: 'bob', size: 5 }],
    ['never awake', [row(1, 'ann', { replicas: 0 })], { since: at(1), by: 'ann', size: null }],
  ] as const)('%s', (_, revisions, expected) => {
    expect(sleepOf(revisions)).toEqual(expected);
  });
});
