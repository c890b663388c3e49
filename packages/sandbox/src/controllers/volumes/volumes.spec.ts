import { describe, expect, it } from 'vitest';
import { template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { localProvisioner, localVolumes } from './local-provisioner.controller.js';
import { volumeProtection } from './protection.controller.js';
import { volumeBinder } from './volume-binder.controller.js';

function start(): VirtualCluster {
  const cluster = virtualCluster({ controllers: [volumeBinder, localVolumes, volumeProtection, scheduler] });
  cluster.create('storageclasses.storage.k8s.io', {
    metadata: { name: 'standard' },
    provisioner: localProvisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  return cluster;
}
const claim = (cluster: VirtualCluster, name: string, storageClassName: string | undefined, storage = '1Gi'): void =>
  cluster.create('persistentvolumeclaims', {
    metadata: { name, finalizers: ['kubernetes.io/pvc-protection'] },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  });
const volume = (cluster: VirtualCluster, name: string, storage: string, spec: object = {}): void =>
  cluster.create('persistentvolumes', {
    metadata: { name },
    spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], storageClassName: '', persistentVolumeReclaimPolicy: 'Retain', ...spec },
  });
const pod = (cluster: VirtualCluster, name: string, claimName: string): void => {
  const { spec } = template('x', 'x', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] }) as { spec: object };
  cluster.create('pods', { metadata: { name }, spec });
};
const phase = (cluster: VirtualCluster, name: string): string | undefined => cluster.get('persistentvolumeclaims', name)?.status?.phase;

describe('a claim', () => {
  it('of the default class waits for a pod, then gets a volume on its node, which goes with it', () => {
    const cluster = start();
    claim(cluster, 'data', 'standard');
    cluster.clock.advance(60_000);
    expect(phase(cluster, 'data')).toBe('Pending');
    expect(cluster.events('data')).toEqual(['Normal WaitForFirstConsumer: waiting for first consumer to be created before binding']);
    pod(cluster, 'user', 'data');
    cluster.clock.advance(1000);
    expect(cluster.get('pods', 'user')?.spec.nodeName).toBeUndefined();
    expect(cluster.events('data')).toContain('Normal Provisioning: External provisioner is provisioning volume for claim "default/data"');
    cluster.clock.advance(10_000);
    const bound = cluster.get('persistentvolumeclaims', 'data');
    const [made] = cluster.list('persistentvolumes');
    expect(bound).toMatchObject({
      spec: { volumeName: made?.metadata.name },
      status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
    });
    expect(made).toMatchObject({ metadata: { name: `pvc-${bound?.metadata.uid}` }, status: { phase: 'Bound' } });
    const node = cluster.get('pods', 'user')?.spec.nodeName;
    expect(made?.spec.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.[0]?.values).toEqual([node]);

    cluster.api.delete('persistentvolumeclaims', 'default', 'data');
    cluster.clock.advance(10_000);
    expect(cluster.get('persistentvolumeclaims', 'data')?.metadata.deletionTimestamp).toBeDefined();
    cluster.api.delete('pods', 'default', 'user');
    cluster.clock.advance(10_000);
    expect(cluster.get('persistentvolumeclaims', 'data')).toBeUndefined();
    expect(cluster.list('persistentvolumes')).toEqual([]);
    cluster.stop();
  });

  it('without a class takes the smallest volume that is large enough, and leaves it released', () => {
    const cluster = start();
    volume(cluster, 'huge', '10Gi');
    volume(cluster, 'large', '2Gi');
    volume(cluster, 'small', '500Mi');
    cluster.clock.advance(10);
    expect(cluster.list('persistentvolumes').map((each) => each.status?.phase)).toEqual(['Available', 'Available', 'Available']);
    claim(cluster, 'data', '');
    cluster.clock.advance(10);
    expect(cluster.get('persistentvolumeclaims', 'data')?.spec.volumeName).toBe('large');
    cluster.api.delete('persistentvolumeclaims', 'default', 'data');
    cluster.clock.advance(10);
    expect(cluster.get('persistentvolumes', 'large')?.status?.phase).toBe('Released');
    claim(cluster, 'again', '', '5Gi');
    cluster.clock.advance(10);
    expect(cluster.get('persistentvolumeclaims', 'again')?.spec.volumeName).toBe('huge');
    cluster.stop();
  });

  it.each<[storageClass: string | undefined, event: string]>([
    [undefined, 'Normal FailedBinding: no persistent volumes available for this claim and no storage class is set'],
    ['nope', 'Warning ProvisioningFailed: storageclass.storage.k8s.io "nope" not found'],
  ])('of class %s stays pending and says why; its pod waits', (storageClass, event) => {
    const cluster = start();
    claim(cluster, 'data', storageClass);
    pod(cluster, 'user', 'data');
    cluster.clock.advance(1000);
    expect([phase(cluster, 'data'), cluster.events('data')]).toEqual(['Pending', [event]]);
    expect(cluster.events('user')[0]).toBe(
      'Warning FailedScheduling: 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    );
    cluster.stop();
  });

  it('whose volume is deleted under it is lost', () => {
    const cluster = start();
    volume(cluster, 'one', '1Gi');
    claim(cluster, 'data', '');
    cluster.clock.advance(10);
    cluster.api.delete('persistentvolumes', '', 'one');
    cluster.clock.advance(10);
    expect(phase(cluster, 'data')).toBe('Lost');
    cluster.stop();
  });
});
