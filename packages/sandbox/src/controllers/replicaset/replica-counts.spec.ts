import { describe, expect, it } from 'vitest';
import type { Change } from '../../api/api.js';
import type { Pod } from '../model/pod.js';
import type { ReplicaSet } from '../model/workloads.js';
import { ReplicaCounts } from './replica-counts.js';

const set = {
  metadata: { name: 'web', uid: 'set', generation: 1 },
  spec: { template: { metadata: { labels: { app: 'web' } } } },
} as unknown as ReplicaSet;
const pod = (ready: boolean, { phase = 'Running', app = 'web', owner = 'set' } = {}) =>
  ({
    metadata: {
      name: 'a',
      labels: { app },
      ...(owner ? { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: owner, controller: true }] } : {}),
    },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  }) as unknown as Pod;

describe('the counts of a set', () => {
  it.each<[string, Pod | undefined, Pod | undefined, object | undefined]>([
    ['a pod becomes ready', pod(false), pod(true), { replicas: 1, fullyLabeled: 1, ready: 2 }],
    ['a pod comes', undefined, pod(false), { replicas: 2, fullyLabeled: 2, ready: 1 }],
    ['a pod ends', pod(true), pod(false, { phase: 'Failed' }), { replicas: 0, fullyLabeled: 0, ready: 0 }],
    ['a pod is gone', pod(true), undefined, { replicas: 0, fullyLabeled: 0, ready: 0 }],
    [
      'a pod of somebody else changes',
      pod(false, { owner: 'other' }),
      pod(true, { owner: 'other' }),
      { replicas: 1, fullyLabeled: 1, ready: 1 },
    ],
    ['a pod no longer fits', pod(true), pod(true, { app: 'other' }), undefined],
    ['a pod is let go', pod(true), pod(true, { owner: '' }), undefined],
    ['a pod is adopted', pod(true, { owner: '' }), pod(true), undefined],
  ])('%s', (_, old, now, expected) => {
    const counts = new ReplicaCounts();
    counts.set(set, [pod(true)], ({ metadata }) => metadata.labels?.app === 'web');
    const object = now ?? old;
    counts.note({ type: now ? (old ? 'MODIFIED' : 'ADDED') : 'DELETED', object, ...(old ? { old } : {}) } as unknown as Change);
    const counted = counts.of(set);
    expect(counted && { replicas: counted.replicas, fullyLabeled: counted.fullyLabeled, ready: counted.ready }).toEqual(expected);
  });

  it('are not those of another generation', () => {
    const counts = new ReplicaCounts();
    counts.set(set, [], () => true);
    expect(counts.of({ ...set, metadata: { ...set.metadata, generation: 2 } })).toBeUndefined();
  });
});
