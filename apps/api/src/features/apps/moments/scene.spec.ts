import { describe, expect, it } from 'vitest';
import type { Pod, Workload } from '../observed/shapes.js';
import { sceneOf } from './scene.js';

const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true };
const pod = (metadata: Partial<Pod['metadata']> = {}, status: Pod['status'] = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1-a', uid: 'a', ownerReferences: [owner], ...metadata },
  spec: { nodeName: 'node-1' },
  status,
});
const disrupted = (reason: string): Pod['status'] => ({
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message: 'why', lastTransitionTime: '2026-01-01T00:00:00Z' }],
});
const deletion = { deletionTimestamp: '2026-01-01T00:00:40Z', deletionGracePeriodSeconds: 30 };
const askedAt = Date.UTC(2026, 0, 1, 0, 0, 10);
const ending = (one: Pod) => sceneOf({ pods: [one], replicaSets: [], workloads: [] }, [], 0).pods[0]?.ending;

describe('what is seen of a pod', () => {
  it.each<[string, Pod, object | null]>([
    ['lives', pod(), null],
    ['deleted: when it was asked for', pod(deletion), { reason: 'deleted', at: askedAt, evidence: null }],
    ['drained', pod(deletion, disrupted('EvictionByEvictionAPI')), { reason: 'evicted', at: askedAt, evidence: 'why' }],
    ['its node does not answer', pod(deletion, disrupted('DeletionByTaintManager')), { reason: 'node-gone', at: askedAt, evidence: 'why' }],
    ['preempted', pod(deletion, disrupted('PreemptionByScheduler')), { reason: 'preempted', at: askedAt, evidence: 'why' }],
    [
      'evicted by its node, and left as failed',
      pod({}, { phase: 'Failed', reason: 'Evicted', message: 'low on memory' }),
      { reason: 'node-pressure', at: null, evidence: 'low on memory' },
    ],
    ['failed', pod({}, { phase: 'Failed' }), { reason: 'failed', at: null, evidence: null }],
  ])('%s', (_, one, expected) => expect(ending(one)).toEqual(expected));

  it('is nothing for pods of jobs and for bare ones', () => {
    const pods = [pod({ ownerReferences: [{ ...owner, kind: 'Job' }] }), pod({ ownerReferences: [] })];
    expect(sceneOf({ pods, replicaSets: [], workloads: [] }, [], 0).pods).toEqual([]);
  });

  it('an owner that goes wants none', () => {
    const set = (uid: string, metadata: object, more: object): Workload =>
      ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: uid, uid, ...metadata }, ...more }) as Workload;
    const { wanted } = sceneOf(
      {
        pods: [],
        replicaSets: [set('rs', {}, { spec: { replicas: 3 } }), set('old', { deletionTimestamp: 'now' }, { spec: { replicas: 3 } })],
        workloads: [set('ds', {}, { kind: 'DaemonSet', status: { desiredNumberScheduled: 5 } })],
      },
      [],
      0,
    );
    expect(Object.fromEntries(wanted)).toEqual({ rs: 3, old: 0, ds: 5 });
  });
});
