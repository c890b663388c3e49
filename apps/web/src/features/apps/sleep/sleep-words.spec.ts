import { AppSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { sleepWarning, wakesTo } from './sleep-words';

const spec = (fields: object) => AppSpec.parse({ image: 'nginx', ...fields });
const autoscaling = { minReplicas: 2, maxReplicas: 6, cpuPercent: 60 };
const busy = spec({ autoscaling, resources: { cpu: '1' } });
const status = (total: number, address: string | null = null) => ({
  replicas: { wanted: total, total, updated: total, ready: total },
  address,
});

describe('what sleep does, in words', () => {
  it.each([
    ['one pod', spec({}), status(1), 'Its one pod goes. The size to come back to is kept.'],
    [
      'with visitors',
      spec({}),
      status(3, 'http://a/'),
      'Its 3 pods go, and whoever visits it gets no answer. The size to come back to is kept.',
    ],
    ['not heard', spec({}), null, 'Its pods go. The size to come back to is kept.'],
    ['autoscaled', busy, status(2), 'Its 2 pods go. Its autoscaler goes with them; its bounds of 2 to 6 are kept.'],
  ])('%s', (_, wanted, seen, words) => {
    expect(sleepWarning({ spec: wanted }, seen)).toBe(words);
  });

  it.each([
    [spec({}), 3, '3 replicas'],
    [spec({}), 1, '1 replica'],
    [busy, 2, '2 to 6 replicas'],
    [AppSpec.parse({ kind: 'manifests', yaml: 'a' }), null, 'the size of its manifests'],
  ])('wakes to', (wanted, size, words) => {
    expect(wakesTo({ spec: wanted, asleep: { since: '2026-01-01T00:00:00Z', by: 'ann', size } })).toBe(words);
  });
});
