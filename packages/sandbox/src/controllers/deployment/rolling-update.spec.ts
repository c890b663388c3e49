import { describe, expect, it } from 'vitest';
import type { Deployment, IntOrPercent, ReplicaSet } from '../model/workloads.js';
import { newSetAnnotations } from './revision.js';
import { limitsOf, newSetReplicas, scaleProportionally, shrinkOldSets } from './rolling-update.js';

const deployment = (replicas: number, maxSurge?: IntOrPercent, maxUnavailable?: IntOrPercent): Deployment => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: {},
    template: { spec: { containers: [] } },
    strategy: {
      type: 'RollingUpdate',
      ...(maxSurge === undefined || maxUnavailable === undefined ? {} : { rollingUpdate: { maxSurge, maxUnavailable } }),
    },
  },
});
const set = (name: string, replicas: number, availableReplicas = replicas, age = 0): ReplicaSet => ({
  metadata: { name, creationTimestamp: new Date(1e12 - age * 1000).toISOString() },
  spec: { replicas, selector: {}, template: { spec: { containers: [] } } },
  status: { availableReplicas },
});

describe('how far a rollout may go', () => {
  it.each<[Deployment, surge: number, unavailable: number]>([
    [deployment(10), 3, 2],
    [deployment(1), 1, 0],
    [deployment(3), 1, 0],
    [deployment(4, 0, 0), 0, 1],
    [deployment(4, '0%', '10%'), 0, 1],
    [deployment(4, 2, 9), 2, 4],
    [deployment(0), 0, 0],
    [{ ...deployment(5), spec: { ...deployment(5).spec, strategy: { type: 'Recreate' } } }, 0, 0],
  ])('%#', (given, maxSurge, maxUnavailable) => {
    expect(limitsOf(given)).toMatchObject({ maxSurge, maxUnavailable });
  });
});

it.each([
  { total: 10, current: 0, wanted: 10, surge: 3, size: 3 },
  { total: 13, current: 3, wanted: 10, surge: 3, size: 3 },
  { total: 11, current: 3, wanted: 10, surge: 3, size: 5 },
  { total: 9, current: 8, wanted: 10, surge: 3, size: 10 },
  { total: 0, current: 0, wanted: 4, surge: 0, size: 4 },
])('the new set has $size of $wanted when there are $total in all', ({ total, current, wanted, surge, size }) => {
  expect(newSetReplicas({ wanted, maxSurge: surge, maxUnavailable: 0 }, true, current, total)).toBe(size);
});

describe('what the old sets give up', () => {
  const limits = { wanted: 10, maxSurge: 3, maxUnavailable: 2 };
  const shrunk = (newSet: ReplicaSet, olds: ReplicaSet[]): string[] =>
    shrinkOldSets(limits, newSet, olds).map((each) => `${each.set.metadata.name}=${each.replicas}`);

  it('as many as may be missing at first', () => expect(shrunk(set('new', 3, 0), [set('old', 10)])).toEqual(['old=8']));
  it('nothing while the new ones are missing', () => expect(shrunk(set('new', 5, 0), [set('old', 8)])).toEqual([]));
  it('one for each new one that is there', () => expect(shrunk(set('new', 5, 3), [set('old', 8)])).toEqual(['old=5']));
  it('those that are not available anyway before others', () =>
    expect(shrunk(set('new', 0), [set('bad', 4, 0), set('old', 9)])).toEqual(['bad=0', 'old=8']));
  it('the oldest set first', () => expect(shrunk(set('new', 8, 8), [set('b', 2, 2, 10), set('a', 2, 2, 20)])).toEqual(['a=0', 'b=0']));
  it('nothing when there is nothing', () => expect(shrunk(set('new', 8, 0), [set('old', 0)])).toEqual([]));
});

describe('a change of the number in the middle of a rollout', () => {
  const sizes = (wanted: number, sets: ReplicaSet[], before: number): string[] =>
    scaleProportionally({ wanted, maxSurge: 3, maxUnavailable: 2 }, sets, () => before).map(
      (each) => `${each.set.metadata.name}=${each.replicas}`,
    );

  it('is shared by size', () => expect(sizes(15, [set('old', 8), set('new', 5)], 13)).toEqual(['old=11', 'new=7']));
  it('downwards, too', () => expect(sizes(5, [set('old', 8), set('new', 5)], 13)).toEqual(['old=5', 'new=3']));
  it('to nothing', () => expect(sizes(0, [set('old', 8), set('new', 5)], 13)).toEqual(['old=0', 'new=0']));
  it('gives the largest what is left over', () => expect(sizes(11, [set('old', 8), set('new', 5)], 0)).toEqual(['old=9', 'new=5']));
});

describe('the annotations of the newest set', () => {
  const web: Deployment = {
    ...deployment(1),
    metadata: { name: 'web', annotations: { note: 'x', 'deployment.kubernetes.io/revision': '9' } },
  };
  const revision = 'deployment.kubernetes.io/revision';
  const history = `${revision}-history`;
  it.each<[current: Record<string, string> | undefined, next: number, result: Record<string, string>]>([
    [undefined, 1, { note: 'x', [revision]: '1' }],
    [{ [revision]: '3' }, 3, { note: 'x', [revision]: '3' }],
    [{ [revision]: '3' }, 5, { note: 'x', [revision]: '5', [history]: '3' }],
    [{ [revision]: '5', [history]: '1,3' }, 6, { note: 'x', [revision]: '6', [history]: '1,3,5' }],
  ])('%j and revision %s', (current, next, result) => {
    expect(newSetAnnotations(web, current, next)).toEqual(result);
  });
});
