import { describe, expect, it } from 'vitest';
import type { Pod, Toleration } from '../model/pod.js';
import { putCondition, withCondition } from './conditions.js';
import { scaled } from './int-or-percent.js';
import { slowStart } from './pod-control.js';
import { podsToDelete } from './pod-ranking.js';
import { podRequests } from './pod-requests.js';
import { safeEncode, templateHash } from './template-hash.js';
import { tolerates } from './tolerations.js';

interface Wish {
  node?: string;
  phase?: NonNullable<Pod['status']>['phase'];
  readyFor?: number;
  age?: number;
  restarts?: number;
  cost?: string;
}
const now = 1e12;
const pod = (name: string, { node = 'n', phase = 'Running', readyFor, age = 3600, restarts = 0, cost }: Wish = {}): Pod => ({
  metadata: {
    name,
    uid: name,
    creationTimestamp: new Date(now - age * 1000).toISOString(),
    ...(cost ? { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } } : {}),
  },
  spec: { containers: [], ...(node ? { nodeName: node } : {}) },
  status: {
    phase,
    conditions:
      readyFor === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: new Date(now - readyFor * 1000).toISOString() }],
    containerStatuses: [{ name: 'a', restartCount: restarts }],
  },
});

describe('of two pods a set gives up', () => {
  it.each<[why: string, first: Wish, second: Wish]>([
    ['the one without a node', { node: '' }, { readyFor: 60 }],
    ['the pending one', { phase: 'Pending' }, { readyFor: 60 }],
    ['the one that is not ready', {}, { readyFor: 60 }],
    ['the cheaper one', { readyFor: 60, cost: '-5' }, { readyFor: 60, cost: '7' }],
    ['the one that is ready for a much shorter time', { readyFor: 10 }, { readyFor: 3000 }],
    ['the one that restarted more often', { readyFor: 60, restarts: 4 }, { readyFor: 60 }],
    ['the much younger one', { readyFor: 60, age: 100 }, { readyFor: 60, age: 10_000 }],
  ])('%s', (_, first, second) => {
    const pods = [pod('keep', second), pod('go', first)];
    expect(podsToDelete(pods, pods, 1, now).map((each) => each.metadata.name)).toEqual(['go']);
  });

  it('the one with more neighbours', () => {
    const pods = [pod('a', { node: 'x', readyFor: 60 }), pod('b', { node: 'y', readyFor: 60 }), pod('c', { node: 'y', readyFor: 60 })];
    expect(podsToDelete(pods, pods, 1, now)[0]?.spec.nodeName).toBe('y');
  });
});

describe('a template hash', () => {
  it('is the same for the same data, whatever the order of its keys', () => {
    expect(templateHash({ a: 1, b: [{ c: 'x', d: undefined }] })).toBe(templateHash({ b: [{ c: 'x' }], a: 1 }));
    expect(templateHash({ a: 1 })).not.toBe(templateHash({ a: 2 }));
    expect(templateHash({ a: 1 })).not.toBe(templateHash({ a: 1 }, 1));
  });
  it('is of letters and digits that form no words', () => {
    for (let i = 0; i < 200; i += 1) expect(templateHash({ i })).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5,10}$/);
    expect(safeEncode('0123456789')).toBe('456789bcdf');
  });
});

it.each<[value: number | string | undefined, total: number, up: number, down: number]>([
  [3, 10, 3, 3],
  ['25%', 10, 3, 2],
  ['0%', 10, 0, 0],
  ['100%', 7, 7, 7],
  [undefined, 7, 0, 0],
])('%s of %s', (value, total, up, down) => {
  expect([scaled(value, total, 'up'), scaled(value, total, 'down')]).toEqual([up, down]);
});

it.each([
  { fails: [], calls: 10 },
  { fails: [0], calls: 1 },
  { fails: [4], calls: 7 },
])('a slow start with failures at $fails makes $calls calls', ({ fails, calls }) => {
  let made = 0;
  const act = (index: number): void => {
    made += 1;
    if (fails.includes(index)) throw new Error('no');
  };
  try {
    slowStart(10, act);
  } catch {
    expect(fails).not.toEqual([]);
  }
  expect(made).toBe(calls);
});

describe('what a pod reserves', () => {
  const of = (cpu: string, more: object = {}): Pod['spec']['containers'][0] => ({ name: 'x', resources: { requests: { cpu } }, ...more });
  it.each<[what: string, spec: Partial<Pod['spec']>, cpu: number]>([
    ['its containers together', { containers: [of('100m'), of('250m')] }, 350],
    ['its largest init container', { containers: [of('100m')], initContainers: [of('1'), of('2')] }, 2000],
    ['a sidecar too', { containers: [of('100m')], initContainers: [of('50m', { restartPolicy: 'Always' })] }, 150],
    [
      'an init container beside a sidecar',
      { containers: [of('100m')], initContainers: [of('50m', { restartPolicy: 'Always' }), of('1')] },
      1050,
    ],
    ['its overhead', { containers: [of('100m')], overhead: { cpu: '10m' } }, 110],
    ['its limit where it asks for nothing', { containers: [{ name: 'x', resources: { limits: { cpu: '3' } } }] }, 3000],
  ])('is %s', (_, spec, cpu) => {
    expect(podRequests({ metadata: { name: 'p' }, spec: { containers: [], ...spec } }).cpu).toBe(cpu);
  });
});

it.each<[toleration: Toleration, tolerated: boolean]>([
  [{ key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule' }, true],
  [{ key: 'k', value: 'v' }, true],
  [{ key: 'k', value: 'w' }, false],
  [{ key: 'k', operator: 'Exists' }, true],
  [{ operator: 'Exists' }, true],
  [{ key: 'k', operator: 'Exists', effect: 'NoExecute' }, false],
  [{ key: 'other', operator: 'Exists' }, false],
])('%j tolerates k=v:NoSchedule: %s', (toleration, tolerated) => {
  expect(tolerates(toleration, { key: 'k', value: 'v', effect: 'NoSchedule' })).toBe(tolerated);
});

describe('a condition', () => {
  const old = { type: 'A', status: 'True', reason: 'R', message: 'old', lastTransitionTime: 't0' } as const;
  it('of a workload stays as it is while status and reason stay', () => {
    expect(withCondition([old], { ...old, message: 'new', lastTransitionTime: 't1' })).toEqual([old]);
  });
  it('keeps its time while its status stays, and goes to the end', () => {
    const other = { ...old, type: 'B' };
    expect(withCondition([old, other], { ...old, reason: 'S', lastTransitionTime: 't1' })).toEqual([other, { ...old, reason: 'S' }]);
  });
  it('of the others is changed in its place', () => {
    const next = putCondition([old], { type: 'A', status: 'False', reason: 'S', message: '' }, 0);
    expect(next).toEqual([{ type: 'A', status: 'False', reason: 'S', message: '', lastTransitionTime: '1970-01-01T00:00:00Z' }]);
  });
});
