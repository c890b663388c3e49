import { describe, expect, it } from 'vitest';
import type { Pod } from '../observed/shapes.js';
import { advise, type Makeup, makeupOf, verdictOf } from './advice.js';

const well: Makeup = { replicas: 2, route: 'asked', recreates: false, unready: [], abrupt: [] };
const numbers = (failed: number, slowed = 0, healedSeconds: number | null = 2.34, failedBefore = 0) => ({
  before: { sent: 30, failed: failedBefore, medianMs: 4 },
  requests: { sent: 150, failed, slowed, medianMs: 4, slowestMs: 9, longestGapMs: failed ? 1_400 : 101 },
  healedSeconds,
});

describe('what to change', () => {
  it.each<[string, Parameters<typeof advise>, RegExp[]]>([
    ['nothing where nothing is missing', ['kill-pod', well, numbers(0), null], []],
    ['one replica', ['kill-pod', { ...well, replicas: 1 }, numbers(7), null], [/^It runs one replica: from the moment/]],
    ['one replica, rolled', ['rollout', { ...well, replicas: 1 }, numbers(0), null], [/a rolling update can bridge that/]],
    ['no readiness probe', ['rollout', { ...well, unready: ['web'] }, numbers(3), null], [/^Container web has no readiness probe/]],
    ['no preStop', ['rollout', { ...well, abrupt: ['a', 'b'] }, numbers(3), null], [/^The containers a, b have no preStop/]],
    ['no route', ['kill-pod', { ...well, route: 'none' }, numbers(0), null], [/^It has no route/]],
    ['no address', ['kill-pod', { ...well, route: 'unplaced' }, numbers(0), null], [/^The cluster gave its route no address/]],
    ['Recreate', ['rollout', { ...well, recreates: true }, numbers(9), null], [/Recreate/]],
    ['Recreate does not matter to a lost pod', ['kill-pod', { ...well, recreates: true }, numbers(0), null], []],
    ['no healing', ['kill-pod', well, numbers(0, 0, null), 'No node fits the pod.'], [/did not heal within 5 minutes: No node fits/]],
    ['failures from before', ['kill-pod', well, numbers(2, 0, 1, 4), null], [/^4 of 30 requests failed before/]],
    ['lost all the same', ['kill-pod', well, numbers(2), null], [/made as it should be/]],
  ])('%s', (_, args, expected) => {
    const found = advise(...args);
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });

  it('is read from the containers that listen', () => {
    const containers = [{ name: 'web', ports: [{ containerPort: 80 }], readinessProbe: {}, lifecycle: { preStop: {} } }, { name: 'logs' }];
    const pods: Pod[] = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers } }];
    expect(makeupOf(pods, [], 'asked')).toEqual({ ...well, replicas: 1 });
    const bare: Pod[] = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'x' }] } }];
    expect(makeupOf(bare, [], 'asked')).toEqual({ ...well, replicas: 1, unready: ['x'], abrupt: ['x'] });
  });
});

describe('the verdict of a drill', () => {
  it.each<[ReturnType<typeof numbers>, boolean, string]>([
    [numbers(0), true, 'Nobody would have noticed: 150 requests, none failed, none slowed, and it was whole again after 2.3 s.'],
    [numbers(0, 4), true, 'No request of 150 failed, 4 took longer than usual, and it was whole again after 2.3 s.'],
    [
      numbers(12),
      true,
      'Visitors would have noticed: 12 of 150 requests failed, the longest gap was 1.4 s, and it was whole again after 2.3 s.',
    ],
    [numbers(12, 0, null), true, 'Visitors would have noticed: 12 of 150 requests failed, the longest gap was 1.4 s, and it did not heal.'],
    [numbers(0, 0, 14.2), false, 'Nothing was asked; whole again after 14 s.'],
  ])('%#', (found, routed, sentence) => expect(verdictOf(found, routed)).toBe(sentence));
});
