import { absent, match, some } from '../lib/expect.mjs';
import { deployment, image, pod, replicaSet } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const revision = 'deployment.kubernetes.io/revision';
const setImage = (t, name, to) =>
  t
    .PATCH(t.path('deployments', name), { spec: { template: { spec: { containers: [{ name: 'main', image: to }] } } } }, 'strategic')
    .is(200);
const complete = (t, name, replicas = 1) =>
  t.untilObject(
    'deployments',
    name,
    { status: { readyReplicas: replicas, updatedReplicas: replicas, replicas, availableReplicas: replicas, unavailableReplicas: absent } },
    60_000,
  );
const setsOf = async (t, name) =>
  (await t.list('replicasets', { labelSelector: `app=${name}` })).sort(
    (a, b) => Number(a.metadata.annotations[revision]) - Number(b.metadata.annotations[revision]),
  );

export default suite(
  'deployments',
  { namespace: 'own' },
  {
    'a rollout: ReplicaSet, pods, conditions': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 2 }));
      const { metadata, status } = await complete(t, 'web', 2);
      match(metadata.annotations[revision], '1');
      match(status.observedGeneration, 1);
      some(status.conditions, {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      });
      await t.until('complete', async () =>
        some((await t.read('deployments', 'web')).status.conditions, {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: /^ReplicaSet "web-[a-z0-9]+" has successfully progressed\.$/,
        }),
      );
      const [set] = await setsOf(t, 'web');
      match(set, {
        metadata: {
          name: /^web-[bcdfghjklmnpqrstvwxz2456789]+$/,
          labels: { app: 'web', 'pod-template-hash': set.metadata.name.slice(4) },
          annotations: {
            [revision]: '1',
            'deployment.kubernetes.io/desired-replicas': '2',
            'deployment.kubernetes.io/max-replicas': '3',
          },
          ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true }],
        },
        spec: { replicas: 2, selector: { matchLabels: { 'pod-template-hash': set.metadata.name.slice(4) } } },
        status: { replicas: 2, readyReplicas: 2, fullyLabeledReplicas: 2, availableReplicas: 2 },
      });
      for (const { metadata: one } of await t.list('pods'))
        match(one, {
          name: new RegExp(`^${set.metadata.name}-[a-z0-9]{5}$`),
          generateName: `${set.metadata.name}-`,
          ownerReferences: [{ kind: 'ReplicaSet', name: set.metadata.name }],
        });
    },
    'events of a rollout': async (t) => {
      await t.create('deployments', deployment('web'));
      await complete(t, 'web');
      const scaling = await t.until(
        'ScalingReplicaSet',
        async () => (await t.list('events', { fieldSelector: 'reason=ScalingReplicaSet,involvedObject.name=web' }))[0],
      );
      match(scaling, {
        type: 'Normal',
        message: /^Scaled up replica set web-\S+ from 0 to 1$/,
        source: { component: 'deployment-controller' },
        involvedObject: { kind: 'Deployment', apiVersion: 'apps/v1' },
        count: 1,
      });
      const created = await t.until(
        'SuccessfulCreate',
        async () => (await t.list('events', { fieldSelector: 'reason=SuccessfulCreate' }))[0],
      );
      match(created, { message: /^Created pod: web-\S+$/, source: { component: 'replicaset-controller' } });
      const scheduled = await t.until('Scheduled', async () => (await t.list('events', { fieldSelector: 'reason=Scheduled' }))[0]);
      match(scheduled, { message: new RegExp(`^Successfully assigned ${t.ns}/web-\\S+ to \\S+$`), involvedObject: { kind: 'Pod' } });
    },
    'a new image is a new revision; the old ReplicaSet stays with none': async (t) => {
      await t.create('deployments', deployment('web'));
      await complete(t, 'web');
      await setImage(t, 'web', 'nginx:1.28');
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '2' } }, status: { observedGeneration: 2 } });
      await complete(t, 'web');
      await t.until('the old one has none', async () =>
        match(await setsOf(t, 'web'), [
          { spec: { replicas: 0 } },
          { spec: { replicas: 1, template: { spec: { containers: [{ image: 'nginx:1.28' }] } } } },
        ]),
      );
    },
    'going back to an old template takes up the old ReplicaSet': async (t) => {
      await t.create('deployments', deployment('web'));
      await complete(t, 'web');
      const [first] = await setsOf(t, 'web');
      await setImage(t, 'web', 'nginx:1.28');
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '2' } } });
      await complete(t, 'web');
      await setImage(t, 'web', image);
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '3' } } });
      await t.untilObject('replicasets', first.metadata.name, {
        spec: { replicas: 1 },
        metadata: { annotations: { [revision]: '3', 'deployment.kubernetes.io/revision-history': '1' } },
      });
    },
    'the same template under new labels of the Deployment is no new revision': async (t) => {
      await t.create('deployments', deployment('web'));
      await complete(t, 'web');
      await t.PATCH(t.path('deployments', 'web'), { metadata: { labels: { more: 'x' } }, spec: { replicas: 2 } }, 'merge').is(200);
      await complete(t, 'web', 2);
      match((await setsOf(t, 'web')).length, 1);
    },
    'maxSurge and maxUnavailable hold during a rollout': async (t) => {
      const strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
      await t.create('deployments', deployment('web', { replicas: 4, strategy }));
      await complete(t, 'web', 4);
      const list = await t.GET(t.path('replicasets')).is(200);
      const sets = await t.watch(t.path('replicasets'), { resourceVersion: list.metadata.resourceVersion });
      const deployments = await t.watch(t.path('deployments'), { fieldSelector: 'metadata.name=web' });
      await setImage(t, 'web', 'nginx:1.28');
      await deployments.next(
        ({ object: { status, metadata } }) => {
          match(status.availableReplicas ?? 0, (n) => n >= 4, 'pods available');
          return metadata.generation === 2 && status.observedGeneration === 2 && status.updatedReplicas === 4 && status.replicas === 4;
        },
        { ms: 60_000, what: 'the rollout complete' },
      );
      const wanted = new Map(list.items.map((set) => [set.metadata.name, set.spec.replicas]));
      await sets.next(({ object }) => {
        wanted.set(object.metadata.name, object.spec.replicas);
        const sum = [...wanted.values()].reduce((a, b) => a + b);
        match(sum, (n) => n >= 4 && n <= 5, 'pods wanted at a time');
        return wanted.size === 2 && wanted.get(list.items[0].metadata.name) === 0;
      });
    },
    'Recreate: nothing old runs when something new does': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 2, strategy: { type: 'Recreate' } }));
      await complete(t, 'web', 2);
      const list = await t.GET(t.path('replicasets')).is(200);
      const watch = await t.watch(t.path('replicasets'), { resourceVersion: list.metadata.resourceVersion });
      await setImage(t, 'web', 'nginx:1.28');
      const old = list.items[0].metadata.name;
      let oldReplicas = 2;
      await watch.next(
        ({ object }) => {
          if (object.metadata.name === old) oldReplicas = object.status.replicas;
          else if (object.status.replicas > 0) return match(oldReplicas, 0, 'old pods when new ones begin') === 0;
          return false;
        },
        { ms: 60_000, what: 'new pods' },
      );
    },
    'a rollout that cannot go on keeps what runs': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 2, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }));
      await complete(t, 'web', 2);
      await t.PATCH(t.path('deployments', 'web'), { spec: { template: { spec: { nodeSelector: { none: 'such' } } } } }, 'merge').is(200);
      await t.untilObject('deployments', 'web', {
        status: { observedGeneration: 2, replicas: 3, updatedReplicas: 1, unavailableReplicas: 1, availableReplicas: 2 },
      });
    },
    'a rollout that takes too long says ProgressDeadlineExceeded': async (t) => {
      await t.create('deployments', deployment('web', { progressDeadlineSeconds: 1 }, { nodeSelector: { none: 'such' } }));
      const { status } = await t.untilObject(
        'deployments',
        'web',
        { status: { conditions: (v) => v?.some((c) => c.reason === 'ProgressDeadlineExceeded') } },
        40_000,
      );
      some(status.conditions, {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: /^ReplicaSet "web-\S+" has timed out progressing\.$/,
      });
      some(status.conditions, {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      });
    },
    'paused: no rollout until it goes on': async (t) => {
      await t.create('deployments', deployment('web'));
      await complete(t, 'web');
      await t.PATCH(t.path('deployments', 'web'), { spec: { paused: true } }, 'merge').is(200);
      const { status } = await t.untilObject('deployments', 'web', {
        status: { conditions: (v) => v.some((c) => c.reason === 'DeploymentPaused') },
      });
      some(status.conditions, { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' });
      await setImage(t, 'web', 'nginx:1.28');
      await t.untilObject('deployments', 'web', { status: { observedGeneration: 3 } });
      match((await setsOf(t, 'web')).length, 1);
      await t.PATCH(t.path('deployments', 'web'), { spec: { paused: false } }, 'merge').is(200);
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '2' } } });
    },
    revisionHistoryLimit: async (t) => {
      await t.create('deployments', deployment('web', { replicas: 0, revisionHistoryLimit: 1 }));
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '1' } } });
      for (const n of [2, 3, 4]) {
        await setImage(t, 'web', `nginx:1.2${n}`);
        await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: String(n) } } });
      }
      await t.until('two ReplicaSets', async () =>
        match(
          (await setsOf(t, 'web')).map((s) => s.metadata.annotations[revision]),
          ['3', '4'],
        ),
      );
    },
    'minReadySeconds: ready, and available later': async (t) => {
      await t.create('deployments', deployment('web', { minReadySeconds: 500 }));
      await t.untilObject('deployments', 'web', { status: { readyReplicas: 1, availableReplicas: absent, unavailableReplicas: 1 } });
      await t.PATCH(t.path('deployments', 'web'), { spec: { minReadySeconds: 1 } }, 'merge').is(200);
      await t.untilObject('deployments', 'web', { status: { availableReplicas: 1, unavailableReplicas: absent } });
    },
    'scaling down keeps the ready ones': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 3 }));
      await complete(t, 'web', 3);
      await t.PATCH(t.path('deployments', 'web', 'scale'), { spec: { replicas: 1 } }, 'merge').is(200);
      await complete(t, 'web', 1);
      await t.until('one pod', async () => (await t.list('pods')).length === 1);
    },
    'pod-deletion-cost decides who goes': async (t) => {
      await t.create('replicasets', replicaSet('web', { replicas: 3 }));
      await t.untilObject('replicasets', 'web', { status: { readyReplicas: 3 } });
      const [, second] = await t.list('pods');
      await t
        .PATCH(
          t.path('pods', second.metadata.name),
          { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-10' } } },
          'merge',
        )
        .is(200);
      await t.PATCH(t.path('replicasets', 'web', 'scale'), { spec: { replicas: 2 } }, 'merge').is(200);
      await t.untilGone('pods', second.metadata.name);
    },
    'a ReplicaSet adopts a pod that matches': async (t) => {
      await t.create('pods', pod('stray', {}, { labels: { app: 'web' } }));
      const set = await t.create('replicasets', replicaSet('web'));
      await t.untilObject('pods', 'stray', {
        metadata: { ownerReferences: [{ uid: set.metadata.uid, controller: true, blockOwnerDeletion: true }] },
      });
      await t.untilObject('replicasets', 'web', { status: { replicas: 1 } });
    },
    'a ReplicaSet lets a pod go that no longer matches': async (t) => {
      await t.create('replicasets', replicaSet('web'));
      const [one] = await t.until('a pod', async () => ((await t.list('pods')).length === 1 ? await t.list('pods') : undefined));
      await t.PATCH(t.path('pods', one.metadata.name), { metadata: { labels: { app: 'other' } } }, 'merge').is(200);
      await t.untilObject('pods', one.metadata.name, { metadata: { ownerReferences: absent } });
      await t.until('another pod', async () => some(await t.list('pods', { labelSelector: 'app=web' }), {}));
    },
    'a ReplicationController': async (t) => {
      const { spec } = replicaSet('old');
      await t.create('replicationcontrollers', { metadata: { name: 'old' }, spec: { ...spec, selector: { app: 'old' } } });
      await t.untilObject('replicationcontrollers', 'old', { status: { replicas: 1, readyReplicas: 1 } });
    },
    'the hash of a template depends on nothing but the template': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 0 }));
      const [first] = await t.until('a ReplicaSet', async () =>
        (await setsOf(t, 'web')).length === 1 ? await setsOf(t, 'web') : undefined,
      );
      await t.DELETE(t.path('deployments', 'web'), { propagationPolicy: 'Foreground' }).is(200);
      await t.untilGone('deployments', 'web');
      await t.create('deployments', deployment('web', { replicas: 0 }));
      const [second] = await t.until('a ReplicaSet', async () =>
        (await setsOf(t, 'web')).length === 1 ? await setsOf(t, 'web') : undefined,
      );
      match(second.metadata.name, first.metadata.name);
    },
    'a selector that would take the pods of another is nobody else’s': async (t) => {
      await t.create('replicasets', replicaSet('one'));
      await t.untilObject('replicasets', 'one', { status: { replicas: 1 } });
      const before = await t.list('pods');
      await t.create('replicasets', { ...replicaSet('two'), spec: { ...replicaSet('one').spec } });
      await t.untilObject('replicasets', 'two', { status: { replicas: 1 } });
      const after = await t.list('pods');
      match(after.length, 2);
      match(some(after, { metadata: { uid: before[0].metadata.uid } }).metadata.ownerReferences[0].name, 'one');
    },
  },
);
