import type { OwnerReference } from '@fairlead/kube/protocol';
import { describe, expect, it } from 'vitest';
import { deployment, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import type { Stored } from '../../machinery/object.js';
import { deployments } from '../deployment/deployment.controller.js';
import { replicaSets } from '../replicaset/replicas.controller.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { garbageCollector } from './garbage-collector.controller.js';
import { decide, type OwnerState } from './ownership.js';

const reference = (uid: string, more: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: uid,
  uid,
  ...more,
});
const object = (owners: string[], finalizers?: string[], deleted = false): Stored => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'x',
    uid: 'x',
    ownerReferences: owners.map((each) => reference(each)),
    ...(finalizers ? { finalizers } : {}),
    ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
  },
});

describe('what becomes of an object', () => {
  it.each<{ owners: Record<string, OwnerState>; finalizers?: string[]; dependents?: Stored[]; action: object }>([
    { owners: {}, action: { do: 'nothing' } },
    { owners: { a: 'solid' }, action: { do: 'nothing' } },
    { owners: { a: 'gone' }, action: { do: 'delete', policy: 'Background' } },
    { owners: { a: 'gone', b: 'solid' }, action: { do: 'forget', uids: ['a'] } },
    { owners: { a: 'waiting', b: 'solid' }, action: { do: 'forget', uids: ['a'] } },
    { owners: { a: 'gone', b: 'gone' }, action: { do: 'delete', policy: 'Background' } },
    { owners: { a: 'gone', b: 'unknown' }, action: { do: 'nothing' } },
    { owners: { a: 'gone' }, finalizers: ['orphan'], action: { do: 'delete', policy: 'Orphan' } },
    { owners: { a: 'gone' }, finalizers: ['foregroundDeletion'], action: { do: 'delete', policy: 'Foreground' } },
    { owners: { a: 'waiting' }, action: { do: 'delete', policy: 'Background' } },
    { owners: { a: 'waiting' }, dependents: [object(['x'])], action: { do: 'delete', policy: 'Foreground' } },
    { owners: { a: 'waiting' }, dependents: [object(['x'], ['foregroundDeletion'], true)], action: { do: 'break' } },
  ])('with owners $owners is $action', ({ owners, finalizers, dependents = [], action }) => {
    expect(decide(object(Object.keys(owners), finalizers), ({ uid }) => owners[uid] ?? 'unknown', dependents)).toEqual(action);
  });
});

const start = (): VirtualCluster => {
  const cluster = virtualCluster({ controllers: [replicaSets, deployments, scheduler, garbageCollector], stopsAfterMs: 5000 });
  cluster.create('deployments.apps', deployment('web', 3));
  cluster.clock.advance(10_000);
  return cluster;
};
const counts = (cluster: VirtualCluster): number[] => [
  cluster.list('deployments.apps').length,
  cluster.list('replicasets.apps').length,
  cluster.list('pods').length,
];

describe('a deleted Deployment', () => {
  it('is gone at once in the background, its pods when they have stopped', () => {
    const cluster = start();
    cluster.api.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Background' });
    cluster.clock.advance(100);
    expect(counts(cluster)).toEqual([0, 0, 3]);
    cluster.clock.advance(10_000);
    expect(counts(cluster)).toEqual([0, 0, 0]);
    cluster.stop();
  });

  it('goes last in the foreground, after the pods and their set', () => {
    const cluster = start();
    const order: string[] = [];
    cluster.api.onAnyChange((resource, { type }) => {
      if (type === 'DELETED') order.push(resource);
    });
    cluster.api.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Foreground' });
    cluster.clock.advance(100);
    expect(counts(cluster)).toEqual([1, 1, 3]);
    expect(cluster.list('deployments.apps')[0]?.metadata.finalizers).toEqual(['foregroundDeletion']);
    cluster.clock.advance(10_000);
    expect(order.filter((each) => each !== 'events')).toEqual(['pods', 'pods', 'pods', 'replicasets.apps', 'deployments.apps']);
    cluster.stop();
  });

  it('leaves its set behind as an orphan, which another Deployment takes', () => {
    const cluster = start();
    cluster.api.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Orphan' });
    cluster.clock.advance(10_000);
    expect(counts(cluster)).toEqual([0, 1, 3]);
    expect(cluster.list('replicasets.apps')[0]?.metadata.ownerReferences ?? []).toEqual([]);
    cluster.create('deployments.apps', deployment('web', 3));
    cluster.clock.advance(10_000);
    expect(counts(cluster)).toEqual([1, 1, 3]);
    cluster.stop();
  });

  it('does not wait for an object that does not block it', () => {
    const cluster = start();
    const owner = cluster.get('deployments.apps', 'web');
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner?.metadata.uid ?? '' }];
    cluster.create('configmaps', { metadata: { name: 'held', finalizers: ['example.com/held'], ownerReferences } });
    cluster.api.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Foreground' });
    cluster.clock.advance(10_000);
    expect(counts(cluster)).toEqual([0, 0, 0]);
    expect(cluster.get('configmaps', 'held')?.metadata.deletionTimestamp).toBeDefined();
    cluster.stop();
  });
});

it('deletes an object whose owner never was', () => {
  const cluster = virtualCluster({ controllers: [garbageCollector] });
  cluster.create('configmaps', { metadata: { name: 'stray', ownerReferences: [reference('nobody')] } });
  cluster.clock.advance(10);
  expect(cluster.get('configmaps', 'stray')).toBeUndefined();
  cluster.stop();
});
