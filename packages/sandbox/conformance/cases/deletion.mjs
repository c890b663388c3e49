import { absent, match, none, some } from '../lib/expect.mjs';
import { configMap, deployment, idlePod, pod, replicaSet } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const ownedBy = (owner, more = {}) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid, ...more }],
});
const keep = { finalizers: ['example.com/keep'] };
const release = (t, name, resource = 'configmaps') => t.PATCH(t.path(resource, name), { metadata: { finalizers: null } }, 'merge');

export default suite(
  'deletion',
  { namespace: 'own' },
  {
    'the answer is a Status that names what is gone': async (t) => {
      const { metadata } = await t.create('configmaps', configMap('a'));
      await t
        .DELETE(t.path('configmaps', 'a'))
        .is(200, { kind: 'Status', status: 'Success', details: { name: 'a', kind: 'configmaps', uid: metadata.uid } });
      await t.GET(t.path('configmaps', 'a')).is(404);
    },
    'the answer for a group has the group': async (t) => {
      await t.create('deployments', deployment('a', { replicas: 0 }));
      await t.DELETE(t.path('deployments', 'a')).is(200, { status: 'Success', details: { name: 'a', group: 'apps', kind: 'deployments' } });
    },
    'with a finalizer it stays and has a deletionTimestamp': async (t) => {
      await t.create('configmaps', configMap('a', {}, keep));
      t.cleanup(() => release(t, 'a'));
      await t.DELETE(t.path('configmaps', 'a')).is(200, {
        kind: 'ConfigMap',
        metadata: { deletionTimestamp: /T/, deletionGracePeriodSeconds: 0, finalizers: ['example.com/keep'] },
      });
      await t.GET(t.path('configmaps', 'a')).is(200);
      await release(t, 'a').is(200);
      await t.GET(t.path('configmaps', 'a')).is(404);
    },
    'deleting again what is being deleted is fine': async (t) => {
      await t.create('configmaps', configMap('a', {}, keep));
      t.cleanup(() => release(t, 'a'));
      const first = await t.DELETE(t.path('configmaps', 'a')).is(200);
      const second = await t.DELETE(t.path('configmaps', 'a')).is(200);
      match(second.metadata.deletionTimestamp, first.metadata.deletionTimestamp);
    },
    'no finalizer may be added to what is being deleted': async (t) => {
      await t.create('configmaps', configMap('a', {}, keep));
      t.cleanup(() => release(t, 'a'));
      await t.DELETE(t.path('configmaps', 'a')).is(200);
      await t.PATCH(t.path('configmaps', 'a'), { metadata: { finalizers: ['example.com/keep', 'example.com/more'] } }, 'merge').is(422, {
        reason: 'Invalid',
        message:
          'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
      });
    },
    'deletionTimestamp cannot be set or unset by a client': async (t) => {
      await t.create('configmaps', configMap('a', {}, keep));
      t.cleanup(() => release(t, 'a'));
      await t.PATCH(t.path('configmaps', 'a'), { metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' } }, 'merge').is(422, {
        message: 'ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: "2020-01-01T00:00:00Z": field is immutable',
      });
      await t.DELETE(t.path('configmaps', 'a')).is(200);
      await t
        .PATCH(t.path('configmaps', 'a'), { metadata: { deletionTimestamp: null } }, 'merge')
        .is(200, { metadata: { deletionTimestamp: /T/ } });
    },
    'a pod that nobody runs goes at once': async (t) => {
      await t.create('pods', idlePod('a', { terminationGracePeriodSeconds: 30 }));
      await t.DELETE(t.path('pods', 'a')).is(200);
      await t.GET(t.path('pods', 'a')).is(404);
    },
    'a running pod has its grace period': async (t) => {
      await t.create('pods', pod('a', { terminationGracePeriodSeconds: 25 }, keep));
      t.cleanup(() => release(t, 'a', 'pods'));
      await t.untilObject('pods', 'a', { spec: { nodeName: (v) => Boolean(v) } });
      await t.DELETE(t.path('pods', 'a')).is(200, { kind: 'Pod', metadata: { deletionTimestamp: /T/, deletionGracePeriodSeconds: 25 } });
    },
    'gracePeriodSeconds of the request wins': async (t) => {
      await t.create('pods', pod('a', { terminationGracePeriodSeconds: 25 }, keep));
      t.cleanup(() => release(t, 'a', 'pods'));
      await t.untilObject('pods', 'a', { spec: { nodeName: (v) => Boolean(v) } });
      await t
        .DELETE(t.path('pods', 'a'), undefined, { query: { gracePeriodSeconds: 7 } })
        .is(200, { metadata: { deletionGracePeriodSeconds: 7 } });
    },
    'gracePeriodSeconds=0 takes a pod away by force': async (t) => {
      await t.create('pods', pod('a', { terminationGracePeriodSeconds: 25 }));
      await t.untilObject('pods', 'a', { spec: { nodeName: (v) => Boolean(v) } });
      await t.DELETE(t.path('pods', 'a'), { gracePeriodSeconds: 0 }).is(200);
      await t.GET(t.path('pods', 'a')).is(404);
    },
    'a pod that runs is gone after its grace': async (t) => {
      await t.create('pods', pod('a'));
      await t.untilObject('pods', 'a', { status: { phase: 'Running' } });
      await t.DELETE(t.path('pods', 'a')).is(200);
      await t.untilGone('pods', 'a');
    },
    'a dependent goes with its owner': async (t) => {
      const owner = await t.create('configmaps', configMap('owner'));
      await t.create('configmaps', configMap('dependent', {}, ownedBy(owner)));
      await t.DELETE(t.path('configmaps', 'owner'), undefined, { query: { propagationPolicy: 'Background' } }).is(200);
      await t.untilGone('configmaps', 'dependent');
    },
    'a dependent of two owners stays while one is left': async (t) => {
      const one = await t.create('configmaps', configMap('one'));
      const two = await t.create('configmaps', configMap('two'));
      const ownerReferences = [...ownedBy(one).ownerReferences, ...ownedBy(two).ownerReferences];
      await t.create('configmaps', configMap('dependent', {}, { ownerReferences }));
      await t.DELETE(t.path('configmaps', 'one')).is(200);
      await t.untilObject('configmaps', 'dependent', { metadata: { ownerReferences: [{ name: 'two' }] } });
    },
    'a dependent of an owner that never was is collected': async (t) => {
      await t.create(
        'configmaps',
        configMap('lost', {}, ownedBy({ metadata: { name: 'never', uid: '00000000-0000-0000-0000-000000000000' } })),
      );
      await t.untilGone('configmaps', 'lost');
    },
    'orphan: the dependents stay, without owner': async (t) => {
      const owner = await t.create('configmaps', configMap('owner'));
      await t.create('configmaps', configMap('dependent', {}, ownedBy(owner)));
      await t.until('the garbage collector knows them', async () => {
        await t.DELETE(t.path('configmaps', 'owner'), undefined, { query: { propagationPolicy: 'Orphan' } });
        return (await t.GET(t.path('configmaps', 'owner'))).status === 404;
      });
      await t.untilObject('configmaps', 'dependent', { metadata: { ownerReferences: absent } });
    },
    'foreground: the owner waits for what blocks it': async (t) => {
      const owner = await t.create('configmaps', configMap('owner'));
      await t.create('configmaps', configMap('dependent', {}, { ...ownedBy(owner, { blockOwnerDeletion: true }), ...keep }));
      t.cleanup(() => release(t, 'dependent'));
      await t
        .DELETE(t.path('configmaps', 'owner'), { propagationPolicy: 'Foreground' })
        .is(200, { kind: 'ConfigMap', metadata: { finalizers: ['foregroundDeletion'], deletionTimestamp: /T/ } });
      await t.untilObject('configmaps', 'dependent', { metadata: { deletionTimestamp: /T/ } });
      await t.GET(t.path('configmaps', 'owner')).is(200);
      await release(t, 'dependent').is(200);
      await t.untilGone('configmaps', 'owner');
    },
    ...table(
      ['Foreground', 'Background'],
      (policy) => `a Deployment takes its ReplicaSet and pods along: ${policy}`,
      async (t, propagationPolicy) => {
        await t.create('deployments', deployment('web'));
        await t.untilObject('deployments', 'web', { status: { replicas: 1 } });
        await t.DELETE(t.path('deployments', 'web'), { propagationPolicy }).is(200);
        await t.untilGone('deployments', 'web');
        for (const resource of ['replicasets', 'pods']) await t.until(`no ${resource}`, async () => (await t.list(resource)).length === 0);
      },
    ),
    'a Deployment without a policy: also by REST its ReplicaSets go': async (t) => {
      await t.create('deployments', deployment('web'));
      await t.untilObject('deployments', 'web', { status: { replicas: 1 } });
      await t.DELETE(t.path('deployments', 'web')).is(200, { kind: 'Status' });
      await t.until('no ReplicaSets', async () => (await t.list('replicasets')).length === 0);
    },
    'orphans of a Deployment live on and may be adopted': async (t) => {
      await t.create('deployments', deployment('web'));
      await t.untilObject('deployments', 'web', { status: { replicas: 1 } });
      const [set] = await t.list('replicasets');
      await t.DELETE(t.path('deployments', 'web'), { propagationPolicy: 'Orphan' }).is(200);
      await t.untilGone('deployments', 'web');
      match((await t.read('replicasets', set.metadata.name)).metadata.ownerReferences, absent);
      const again = await t.create('deployments', deployment('web'));
      await t.untilObject('replicasets', set.metadata.name, {
        metadata: { ownerReferences: [{ kind: 'Deployment', uid: again.metadata.uid, controller: true }] },
      });
    },
    'a ReplicaSet makes up for a pod that is deleted': async (t) => {
      await t.create('replicasets', replicaSet('web'));
      const [first] = await t.until('a pod', async () => ((await t.list('pods')).length === 1 ? await t.list('pods') : undefined));
      await t.DELETE(t.path('pods', first.metadata.name), { gracePeriodSeconds: 0 }).is(200);
      await t.until('another pod', async () => (await t.list('pods')).some((p) => p.metadata.uid !== first.metadata.uid));
    },
    'propagationPolicy and orphanDependents exclude each other': async (t) => {
      await t.create('configmaps', configMap('a'));
      await t.DELETE(t.path('configmaps', 'a'), { propagationPolicy: 'Orphan', orphanDependents: true }).is(422, {
        message:
          'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
      });
    },
    'a policy that is none': async (t) => {
      await t.create('configmaps', configMap('a'));
      await t.DELETE(t.path('configmaps', 'a'), undefined, { query: { propagationPolicy: 'Maybe' } }).is(422, {
        message:
          'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Maybe": supported values: "Foreground", "Background", "Orphan", "nil"',
      });
    },
    'deleting a claim that a pod uses waits': async (t) => {
      const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
      match((await t.create('persistentvolumeclaims', claim)).metadata.finalizers, ['kubernetes.io/pvc-protection']);
      await t.DELETE(t.path('persistentvolumeclaims', 'data')).is(200);
      await t.untilGone('persistentvolumeclaims', 'data');
    },
    ...Object.fromEntries(
      ['background', 'foreground', 'orphan'].map((cascade) => [
        `kubectl delete --cascade=${cascade}`,
        [
          ['kubectl'],
          async (t) => {
            await t.create('deployments', deployment('web'));
            await t.untilObject('deployments', 'web', { status: { replicas: 1 } });
            await t.kubectl(`delete deploy web --cascade=${cascade}`).ok(/^deployment\.apps "web" deleted/);
            const sets = await t.until('as it should be', async () => {
              const list = await t.list('replicasets');
              return list.length === (cascade === 'orphan' ? 1 : 0) ? [list] : undefined;
            });
            if (cascade === 'orphan') some(sets[0], { metadata: { ownerReferences: absent } });
            else none(sets[0], {});
          },
        ],
      ]),
    ),
    'kubectl delete waits, --wait=false does not, --ignore-not-found is content': [
      ['kubectl'],
      async (t) => {
        await t.create('configmaps', configMap('a', {}, keep));
        t.cleanup(() => release(t, 'a'));
        await t.kubectl('delete cm a --wait=false').ok(/^configmap "a" deleted/);
        await t.kubectl('delete cm a --timeout=1s').fails(/timed out waiting for the condition on configmaps\/a/);
        await release(t, 'a').is(200);
        await t.kubectl('delete cm a --ignore-not-found').ok('');
        await t.kubectl('delete cm a').fails('Error from server (NotFound): configmaps "a" not found');
      },
    ],
    'kubectl delete of several, by label and all': [
      ['kubectl'],
      async (t) => {
        await t.create('configmaps', configMap('a', {}, { labels: { x: '1' } }));
        await t.create('configmaps', configMap('b'));
        await t.kubectl('delete cm -l x=1').ok(/^configmap "a" deleted/);
        match(await t.kubectl('delete cm --all').ok(), /configmap "b" deleted/);
      },
    ],
    'kubectl delete --force --grace-period=0': [
      ['kubectl'],
      async (t) => {
        await t.create('pods', pod('a'));
        const { stdout, stderr } = await t.kubectl('delete pod a --force --grace-period=0');
        match(stderr, /^Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated\./);
        match(stdout, /^pod "a" force deleted/);
      },
    ],
  },
);
