import { absent, match, some } from '../lib/expect.mjs';
import { claim, pod } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const volume = (name, more = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/tmp/none' },
    storageClassName: name,
    persistentVolumeReclaimPolicy: 'Retain',
    ...more,
  },
});

export default suite(
  'storage',
  { namespace: 'own' },
  {
    'a claim of no class and no volume waits, and an event says why': async (t) => {
      await t.create('persistentvolumeclaims', claim('c', { storageClassName: '' }));
      const events = await t.until('an event', async () => {
        const list = await t.list('events', { fieldSelector: 'involvedObject.name=c' });
        return list.length > 0 && list;
      });
      some(events, {
        type: 'Normal',
        reason: 'FailedBinding',
        message: 'no persistent volumes available for this claim and no storage class is set',
      });
      match((await t.read('persistentvolumeclaims', 'c')).status, { phase: 'Pending' });
    },
    'a claim of a class that is not there': async (t) => {
      await t.create('persistentvolumeclaims', claim('c', { storageClassName: 'none' }));
      const events = await t.until('an event', async () => {
        const list = await t.list('events', { fieldSelector: 'involvedObject.name=c' });
        return list.length > 0 && list;
      });
      some(events, { type: 'Warning', reason: 'ProvisioningFailed', message: 'storageclass.storage.k8s.io "none" not found' });
    },
    'a volume that fits is bound, both ways': async (t) => {
      const made = await t.create('persistentvolumes', volume(t.id));
      match(made, {
        spec: { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' },
        metadata: { finalizers: ['kubernetes.io/pv-protection'] },
      });
      await t.untilObject('persistentvolumes', t.id, { status: { phase: 'Available' } });
      const wanted = await t.create('persistentvolumeclaims', claim('c', { storageClassName: t.id }));
      await t.untilObject('persistentvolumeclaims', 'c', {
        spec: { volumeName: t.id },
        status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
        metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      });
      await t.untilObject('persistentvolumes', t.id, {
        spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace: t.ns, name: 'c', uid: wanted.metadata.uid } },
        status: { phase: 'Bound' },
      });
    },
    'a volume that is too small is not bound': async (t) => {
      await t.create('persistentvolumes', volume(t.id));
      await t.create('persistentvolumeclaims', claim('big', { storageClassName: t.id, resources: { requests: { storage: '5Gi' } } }));
      await t.create('persistentvolumeclaims', claim('small', { storageClassName: t.id }));
      await t.untilObject('persistentvolumeclaims', 'small', { status: { phase: 'Bound' } });
      match((await t.read('persistentvolumeclaims', 'big')).status.phase, 'Pending');
    },
    'Retain: the volume is released and stays so': async (t) => {
      await t.create('persistentvolumes', volume(t.id));
      await t.create('persistentvolumeclaims', claim('c', { storageClassName: t.id }));
      await t.untilObject('persistentvolumeclaims', 'c', { status: { phase: 'Bound' } });
      await t.DELETE(t.path('persistentvolumeclaims', 'c')).is(200);
      await t.untilObject('persistentvolumes', t.id, { status: { phase: 'Released' } });
    },
    'WaitForFirstConsumer: not before there is a pod': async (t) => {
      await t.create('storageclasses', {
        metadata: { name: t.id },
        provisioner: 'kubernetes.io/no-provisioner',
        volumeBindingMode: 'WaitForFirstConsumer',
      });
      await t.create('persistentvolumes', volume(t.id));
      await t.create('persistentvolumeclaims', claim('c', { storageClassName: t.id }));
      const events = await t.until('an event', async () => {
        const list = await t.list('events', { fieldSelector: 'involvedObject.name=c' });
        return list.length > 0 && list;
      });
      some(events, { type: 'Normal', reason: 'WaitForFirstConsumer', message: 'waiting for first consumer to be created before binding' });
      match((await t.read('persistentvolumeclaims', 'c')).status.phase, 'Pending');
    },
    'a storage class has its defaults, and cannot change': async (t) => {
      const made = await t.create('storageclasses', { metadata: { name: t.id }, provisioner: 'example.com/none' });
      match(made, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', allowVolumeExpansion: absent });
      await t
        .PATCH(t.path('storageclasses', t.id), { reclaimPolicy: 'Retain' }, 'merge')
        .is(422, { message: /reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden\./ });
    },
    'a claim that a pod uses stays until the pod is gone': async (t) => {
      await t.create('persistentvolumes', volume(t.id));
      await t.create('persistentvolumeclaims', claim('c', { storageClassName: t.id }));
      await t.untilObject('persistentvolumeclaims', 'c', { status: { phase: 'Bound' } });
      await t.create(
        'pods',
        pod('p', { schedulerName: 'default-scheduler', volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
      );
      await t.untilObject('pods', 'p', { spec: { nodeName: (v) => Boolean(v) } });
      await t
        .DELETE(t.path('persistentvolumeclaims', 'c'))
        .is(200, { metadata: { finalizers: ['kubernetes.io/pvc-protection'], deletionTimestamp: /T/ } });
      await t.read('persistentvolumeclaims', 'c');
      await t.DELETE(t.path('pods', 'p'), { gracePeriodSeconds: 0 }).is(200);
      await t.untilGone('persistentvolumeclaims', 'c', 60_000);
    },
    'a pod whose claim waits is not scheduled': async (t) => {
      await t.create('persistentvolumeclaims', claim('c', { storageClassName: 'none' }));
      await t.create('pods', pod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }));
      const { status } = await t.untilObject('pods', 'p', {
        status: { conditions: (v) => v?.some((c) => c.type === 'PodScheduled' && c.status === 'False') },
      });
      some(status.conditions, {
        type: 'PodScheduled',
        reason: 'Unschedulable',
        message: /^0\/\d+ nodes are available: pod has unbound immediate PersistentVolumeClaims\. /,
      });
    },
    'a pod whose claim is not there': async (t) => {
      await t.create('pods', pod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'none' } }] }));
      const { status } = await t.untilObject('pods', 'p', {
        status: { conditions: (v) => v?.some((c) => c.type === 'PodScheduled' && c.status === 'False') },
      });
      some(status.conditions, {
        reason: 'Unschedulable',
        message: /^0\/\d+ nodes are available: persistentvolumeclaim "none" not found\. /,
      });
    },
    'a volume without capacity is refused': async (t) => {
      await t
        .POST(t.path('persistentvolumes'), volume(t.id, { capacity: undefined }))
        .is(422, { message: new RegExp(`^PersistentVolume "${t.id}" is invalid: .*spec\\.capacity: Required value`) });
    },
    'the source of a volume cannot change': async (t) => {
      await t.create('persistentvolumes', volume(t.id));
      await t
        .PATCH(t.path('persistentvolumes', t.id), { spec: { hostPath: { path: '/other' } } }, 'merge')
        .is(422, { message: /spec\.persistentvolumesource: Forbidden: spec\.persistentvolumesource is immutable after creation/ });
    },
    'kubectl get and describe': [
      ['kubectl'],
      async (t) => {
        await t.create('persistentvolumes', volume(t.id));
        await t.create('persistentvolumeclaims', claim('c', { storageClassName: t.id }));
        await t.untilObject('persistentvolumeclaims', 'c', { status: { phase: 'Bound' } });
        match(
          await t.kubectl('get pvc c').ok(),
          new RegExp(
            `^NAME +STATUS +VOLUME +CAPACITY +ACCESS MODES +STORAGECLASS +VOLUMEATTRIBUTESCLASS +AGE\nc +Bound +${t.id} +1Gi +RWO +${t.id} +<unset> +\\d+s\n$`,
          ),
        );
        match(await t.kubectl(`get pv ${t.id}`).ok(), new RegExp(`\n${t.id} +1Gi +RWO +Retain +(Bound|Available) +`));
        match(await t.kubectl('describe pvc c').ok(), /^Status: +Bound$/m);
        match(await t.kubectl(`describe pv ${t.id}`).ok(), /^Reclaim Policy: +Retain$/m);
      },
    ],
  },
);
