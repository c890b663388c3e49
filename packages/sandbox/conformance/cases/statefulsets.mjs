import { absent, match, same, some } from '../lib/expect.mjs';
import { claim, statefulSet } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const names = (list) => list.map((item) => item.metadata.name).sort();
const stable = (t, name, replicas) =>
  t.untilObject(
    'statefulsets',
    name,
    { status: { readyReplicas: replicas, replicas, updatedReplicas: replicas, currentRevision: (v) => Boolean(v) } },
    90_000,
  );

export default suite(
  'statefulsets',
  { namespace: 'own' },
  {
    'names, labels, order': async (t) => {
      const { metadata } = await t.GET(t.path('pods')).is(200);
      const watch = await t.watch(t.path('pods'), { resourceVersion: metadata.resourceVersion });
      await t.create('statefulsets', statefulSet('db', { replicas: 3 }));
      await stable(t, 'db', 3);
      const ready = new Set();
      await watch.next(({ type, object }) => {
        const { name } = object.metadata;
        const before = { 'db-1': 'db-0', 'db-2': 'db-1' }[name];
        if (type === 'ADDED' && before) match(ready.has(before), true, `${before} ready before ${name} begins`);
        if (object.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) ready.add(name);
        return ready.size === 3;
      });
      const second = await t.read('pods', 'db-1');
      match(second, {
        metadata: {
          labels: {
            app: 'db',
            'statefulset.kubernetes.io/pod-name': 'db-1',
            'apps.kubernetes.io/pod-index': '1',
            'controller-revision-hash': /^db-/,
          },
          ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }],
        },
        spec: { hostname: 'db-1', subdomain: 'db' },
      });
    },
    'Parallel: all at once': async (t) => {
      await t.create('statefulsets', statefulSet('db', { replicas: 3, podManagementPolicy: 'Parallel' }));
      await stable(t, 'db', 3);
    },
    'the status names its revisions': async (t) => {
      await t.create('statefulsets', statefulSet('db'));
      const { status } = await stable(t, 'db', 1);
      match(status, {
        currentRevision: /^db-/,
        updateRevision: status.currentRevision,
        collisionCount: 0,
        availableReplicas: 1,
        currentReplicas: 1,
        observedGeneration: 1,
      });
      const [one] = await t.list('controllerrevisions');
      match(one, { metadata: { name: status.currentRevision }, revision: 1, data: { spec: { template: { $patch: 'replace' } } } });
    },
    'an update goes from the last to the first': async (t) => {
      await t.create('statefulsets', statefulSet('db', { replicas: 2 }));
      const before = await stable(t, 'db', 2);
      const list = await t.GET(t.path('pods')).is(200);
      const watch = await t.watch(t.path('pods'), { resourceVersion: list.metadata.resourceVersion });
      await t
        .PATCH(
          t.path('statefulsets', 'db'),
          { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
          'strategic',
        )
        .is(200);
      const order = [];
      await watch.next(({ type, object }) => type === 'ADDED' && order.push(object.metadata.name) === 2, { ms: 60_000 });
      same(order, ['db-1', 'db-0']);
      const after = await t.untilObject(
        'statefulsets',
        'db',
        { status: { updatedReplicas: 2, readyReplicas: 2, currentRevision: (v) => v !== before.status.currentRevision } },
        60_000,
      );
      match(after.status.currentRevision, after.status.updateRevision);
    },
    'partition: only those from there on': async (t) => {
      await t.create(
        'statefulsets',
        statefulSet('db', { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }),
      );
      await stable(t, 'db', 2);
      await t
        .PATCH(
          t.path('statefulsets', 'db'),
          { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
          'strategic',
        )
        .is(200);
      await t.untilObject(
        'statefulsets',
        'db',
        { status: { observedGeneration: 2, updatedReplicas: 1, currentReplicas: 1, readyReplicas: 2 } },
        60_000,
      );
      match((await t.read('pods', 'db-0')).spec.containers[0].image, 'nginx:1.27');
      match((await t.read('pods', 'db-1')).spec.containers[0].image, 'nginx:1.28');
    },
    'OnDelete: nothing until a pod is deleted': async (t) => {
      await t.create('statefulsets', statefulSet('db', { updateStrategy: { type: 'OnDelete' } }));
      await stable(t, 'db', 1);
      await t
        .PATCH(
          t.path('statefulsets', 'db'),
          { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
          'strategic',
        )
        .is(200);
      await t.untilObject('statefulsets', 'db', { status: { observedGeneration: 2 } });
      match((await t.read('pods', 'db-0')).spec.containers[0].image, 'nginx:1.27');
      await t.DELETE(t.path('pods', 'db-0')).is(200);
      await t.until('the new image', async () => (await t.GET(t.path('pods', 'db-0'))).body?.spec?.containers?.[0].image === 'nginx:1.28');
    },
    'scaling down takes the last': async (t) => {
      await t.create('statefulsets', statefulSet('db', { replicas: 3, podManagementPolicy: 'Parallel' }));
      await stable(t, 'db', 3);
      await t.PATCH(t.path('statefulsets', 'db', 'scale'), { spec: { replicas: 1 } }, 'merge').is(200);
      await t.until('db-0 alone', async () => names(await t.list('pods')).join() === 'db-0', 60_000);
    },
    'a claim for each pod, with its name; it stays': async (t) => {
      await t.create(
        'statefulsets',
        statefulSet('db', { replicas: 1, volumeClaimTemplates: [claim('data', { storageClassName: 'none' })] }),
      );
      const made = await t.until('a claim', async () => (await t.list('persistentvolumeclaims'))[0]);
      match(made, {
        metadata: { name: 'data-db-0', labels: { app: 'db' }, ownerReferences: absent },
        spec: { storageClassName: 'none' },
        status: { phase: 'Pending' },
      });
      const one = await t.until('its pod', async () => (await t.list('pods'))[0]);
      some(one.spec.volumes, { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } });
      await t.DELETE(t.path('statefulsets', 'db')).is(200);
      await t.untilGone('pods', 'db-0');
      await t.read('persistentvolumeclaims', 'data-db-0');
    },
    'a claim that goes with the set': async (t) => {
      const spec = {
        volumeClaimTemplates: [claim('data', { storageClassName: 'none' })],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      };
      const set = await t.create('statefulsets', statefulSet('db', spec));
      await t.untilObject('persistentvolumeclaims', 'data-db-0', {
        metadata: { ownerReferences: [{ kind: 'StatefulSet', uid: set.metadata.uid }] },
      });
      await t.DELETE(t.path('statefulsets', 'db')).is(200);
      await t.untilGone('persistentvolumeclaims', 'data-db-0');
    },
    'ordinals may begin elsewhere': async (t) => {
      await t.create('statefulsets', statefulSet('db', { ordinals: { start: 5 } }));
      await t.until('db-5', async () => (await t.GET(t.path('pods', 'db-5'))).status === 200);
    },
    'kubectl rollout status, history and undo': [
      ['kubectl'],
      async (t) => {
        await t.create('statefulsets', statefulSet('db'));
        match(
          await t.kubectl('rollout status sts db --timeout=50s').ok(),
          /partitioned roll out complete: 1 new pods have been updated\.\.\.|statefulset rolling update complete 1 pods at revision db-/,
        );
        await t.kubectl('set image sts/db main=nginx:1.28').ok('statefulset.apps/db image updated');
        await t.untilObject('statefulsets', 'db', { status: { observedGeneration: 2 } });
        await t.until('two revisions', async () => (await t.list('controllerrevisions')).length === 2);
        match(await t.kubectl('rollout history sts db').ok(), /^statefulset\.apps\/db \nREVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n\n$/);
        await t.kubectl('rollout undo sts db --to-revision=1').ok('statefulset.apps/db rolled back');
        match((await t.read('statefulsets', 'db')).spec.template.spec.containers[0].image, 'nginx:1.27');
      },
    ],
  },
);
