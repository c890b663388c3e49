import { describe, expect, it } from 'vitest';
import { template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import type { StatefulSet } from '../model/workloads.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { statefulSets } from './statefulset.controller.js';

const claims = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }];

function start(spec: object = {}): VirtualCluster & { happened: string[] } {
  const cluster = virtualCluster({
    controllers: [statefulSets, scheduler],
    scene: (pod) => (pod.spec.containers[0]?.image === 'missing' ? 'never' : { readyAfterMs: 2000 }),
    stopsAfterMs: 1000,
  });
  const happened: string[] = [];
  cluster.api.onChange('pods', ({ type, object, old }) => {
    const { name, deletionTimestamp } = object.metadata;
    if (type === 'ADDED') happened.push(`+${name}`);
    if (type === 'DELETED') happened.push(`-${name}`);
    if (deletionTimestamp && !old?.metadata.deletionTimestamp) happened.push(`!${name}`);
  });
  cluster.create('statefulsets.apps', {
    metadata: { name: 'db' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: template('db', 'postgres:1'),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      ...spec,
    },
  });
  return { ...cluster, happened };
}
const image = (cluster: VirtualCluster): string[] => cluster.list('pods').map((pod) => pod.spec.containers[0]?.image ?? '');
const change = (cluster: VirtualCluster, alter: (spec: StatefulSet['spec']) => void): void =>
  cluster.change('statefulsets.apps', 'db', (draft) => alter(draft.spec));
const setImage = (cluster: VirtualCluster, name: string): void =>
  change(cluster, (spec) => {
    spec.template = template('db', name) as StatefulSet['spec']['template'];
  });

describe('a StatefulSet', () => {
  it('comes up one after the other, each when the one before is ready', () => {
    const cluster = start({ volumeClaimTemplates: claims });
    cluster.create('storageclasses.storage.k8s.io', { metadata: { name: 'x' }, provisioner: 'x' });
    cluster.clock.advance(100);
    expect(cluster.happened).toEqual(['+db-0']);
    expect(cluster.get('persistentvolumeclaims', 'data-db-0')?.metadata.labels).toEqual({ app: 'db' });
    const pod = cluster.get('pods', 'db-0');
    expect(pod?.spec).toMatchObject({
      hostname: 'db-0',
      subdomain: 'db',
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }],
    });
    expect(pod?.metadata.labels).toMatchObject({ 'apps.kubernetes.io/pod-index': '0', 'statefulset.kubernetes.io/pod-name': 'db-0' });
    expect(pod?.metadata.labels?.['controller-revision-hash']).toMatch(/^db-\w+$/);
    expect(cluster.events('db')).toEqual([
      'Normal SuccessfulCreate: create Claim data-db-0 Pod db-0 in StatefulSet db success',
      'Normal SuccessfulCreate: create Pod db-0 in StatefulSet db successful',
    ]);
    cluster.stop();
  });

  it('goes up and down in order', () => {
    const cluster = start();
    cluster.clock.advance(1500);
    expect(cluster.happened).toEqual(['+db-0']);
    cluster.clock.advance(10_000);
    expect(cluster.happened).toEqual(['+db-0', '+db-1', '+db-2']);
    expect(cluster.get('statefulsets.apps', 'db')?.status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
    });
    cluster.happened.length = 0;
    change(cluster, (spec) => {
      spec.replicas = 0;
    });
    cluster.clock.advance(500);
    expect(cluster.happened).toEqual(['!db-2']);
    cluster.clock.advance(10_000);
    expect(cluster.happened).toEqual(['!db-2', '-db-2', '!db-1', '-db-1', '!db-0', '-db-0']);
    cluster.stop();
  });

  it('rolls from the last to the first, and forgets the old revision when all are done', () => {
    const cluster = start();
    cluster.clock.advance(10_000);
    const before = cluster.get('statefulsets.apps', 'db')?.status?.currentRevision;
    cluster.happened.length = 0;
    setImage(cluster, 'postgres:2');
    cluster.clock.advance(100);
    expect(cluster.get('statefulsets.apps', 'db')?.status).toMatchObject({ currentRevision: before, currentReplicas: 2 });
    cluster.clock.advance(20_000);
    expect(cluster.happened).toEqual(['!db-2', '-db-2', '+db-2', '!db-1', '-db-1', '+db-1', '!db-0', '-db-0', '+db-0']);
    const { status } = cluster.get('statefulsets.apps', 'db') ?? {};
    expect(status?.currentRevision).toBe(status?.updateRevision);
    expect(status?.currentRevision).not.toBe(before);
    expect(cluster.list('controllerrevisions.apps').map((each) => each.revision)).toEqual(expect.arrayContaining([1, 2]));
    cluster.stop();
  });

  it('leaves those below the partition as they are, also when they come back', () => {
    const cluster = start({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    cluster.clock.advance(10_000);
    setImage(cluster, 'postgres:2');
    cluster.clock.advance(10_000);
    expect(image(cluster)).toEqual(['postgres:1', 'postgres:1', 'postgres:2']);
    cluster.api.delete('pods', 'default', 'db-0');
    cluster.clock.advance(10_000);
    expect(image(cluster)).toEqual(['postgres:1', 'postgres:1', 'postgres:2']);
    cluster.stop();
  });

  it('stops at a pod that does not get ready', () => {
    const cluster = start();
    cluster.clock.advance(10_000);
    setImage(cluster, 'missing');
    cluster.clock.advance(60_000);
    expect(image(cluster)).toEqual(['postgres:1', 'postgres:1', 'missing']);
    cluster.stop();
  });

  it('in parallel creates all at once', () => {
    const cluster = start({ podManagementPolicy: 'Parallel' });
    cluster.clock.advance(10);
    expect(cluster.happened).toEqual(['+db-0', '+db-1', '+db-2']);
    cluster.stop();
  });
});
