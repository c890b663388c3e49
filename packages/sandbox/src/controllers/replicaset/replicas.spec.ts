import { describe, expect, it } from 'vitest';
import { template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import type { AdmissionPlugin } from '../../admission/admission.js';
import { forbidden } from '../../machinery/api-error.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { replicaSets, replicationControllers } from './replicas.controller.js';

/** As a quota does it. */
function atMost(limit: () => number): AdmissionPlugin {
  return {
    name: 'Limit',
    validate({ operation, definition, name, namespace }, api) {
      if (operation !== 'CREATE' || definition.resource !== 'pods' || api.list('pods', namespace).length < limit()) return;
      throw forbidden({ group: '', resource: 'pods' }, name, 'exceeded quota: small');
    },
  };
}
function start(replicas: number, limit = () => 1000, nodes = 3): VirtualCluster {
  const cluster = virtualCluster({ controllers: [replicaSets, replicationControllers, scheduler], admission: [atMost(limit)], nodes });
  cluster.create('replicasets.apps', {
    metadata: { name: 'web' },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('web') },
  });
  cluster.clock.advance(5000);
  return cluster;
}
const names = (cluster: VirtualCluster): string[] => cluster.list('pods').map((pod) => pod.metadata.name);

describe('a ReplicaSet', () => {
  it('replaces a pod at once when it is deleted, and gives the youngest up when it has too many', () => {
    const cluster = start(3, undefined, 1);
    const [first = ''] = names(cluster);
    cluster.api.delete('pods', 'default', first);
    cluster.clock.advance(0);
    expect(cluster.list('pods')).toHaveLength(4);
    cluster.clock.advance(3600_000);
    const old = names(cluster);
    cluster.change('replicasets.apps', 'web', (draft) => {
      draft.spec.replicas = 4;
    });
    cluster.clock.advance(5000);
    cluster.change('replicasets.apps', 'web', (draft) => {
      draft.spec.replicas = 3;
    });
    cluster.clock.advance(5000);
    expect(names(cluster)).toEqual(old);
    cluster.stop();
  });

  it('lets a pod go whose labels are changed, and takes one that fits', () => {
    const cluster = start(2);
    const [name = ''] = names(cluster);
    cluster.change('pods', name, (draft) => {
      draft.metadata.labels = { app: 'quarantine' };
    });
    cluster.clock.advance(5000);
    expect(cluster.list('pods')).toHaveLength(3);
    expect(cluster.get('pods', name)?.metadata.ownerReferences ?? []).toEqual([]);
    cluster.change('pods', name, (draft) => {
      draft.metadata.labels = { app: 'web' };
    });
    cluster.clock.advance(5000);
    expect(cluster.list('pods')).toHaveLength(2);
    cluster.stop();
  });

  it('says what keeps it from creating pods, tries again and again, and forgets it when it may', () => {
    let limit = 2;
    const cluster = start(5, () => limit);
    const { status } = cluster.get('replicasets.apps', 'web') ?? {};
    expect(status?.replicas).toBe(2);
    expect(status?.conditions?.[0]).toMatchObject({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' });
    expect(status?.conditions?.[0]?.message).toMatch(/^pods "web-\w{5}" is forbidden: exceeded quota: small$/);
    const failures = cluster
      .events('web')
      .filter((each) => /^Warning FailedCreate: Error creating: pods "web-\w{5}" is forbidden: exceeded quota: small$/.test(each));
    // The second batch (two pods) fails half; then one try each time, at 5 ms, 10 ms, 20 ms, …
    expect(failures.length).toBeGreaterThan(5);
    expect(failures.length).toBeLessThan(15);
    limit = 10;
    cluster.clock.advance(120_000);
    expect(cluster.get('replicasets.apps', 'web')?.status).toMatchObject({ replicas: 5, readyReplicas: 5 });
    expect(cluster.get('replicasets.apps', 'web')?.status?.conditions).toBeUndefined();
    cluster.stop();
  });

  it('creates five hundred at a time', () => {
    const cluster = start(0);
    cluster.change('replicasets.apps', 'web', (draft) => {
      draft.spec.replicas = 900;
    });
    cluster.clock.advance(0);
    expect(cluster.list('pods')).toHaveLength(900);
    cluster.stop();
  });

  it('gives pods that have ended no place', () => {
    const cluster = start(1);
    const [name = ''] = names(cluster);
    cluster.api.change('pods', 'default', name, (draft) => void Object.assign(draft.status as object, { phase: 'Failed' }), {
      subresource: 'status',
    });
    cluster.clock.advance(5000);
    expect(cluster.list('pods')).toHaveLength(2);
    expect(cluster.get('replicasets.apps', 'web')?.status?.readyReplicas).toBe(1);
    cluster.stop();
  });
});

it('a ReplicationController does the same', () => {
  const cluster = start(0);
  cluster.create('replicationcontrollers', {
    metadata: { name: 'old' },
    spec: { replicas: 2, selector: { app: 'old' }, template: template('old') },
  });
  cluster.clock.advance(5000);
  expect(cluster.get('replicationcontrollers', 'old')?.status).toMatchObject({ replicas: 2, readyReplicas: 2 });
  expect(cluster.list('pods')[0]?.metadata.ownerReferences).toMatchObject([
    { apiVersion: 'v1', kind: 'ReplicationController', name: 'old', controller: true },
  ]);
  cluster.stop();
});
