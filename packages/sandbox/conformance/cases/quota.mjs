import { setTimeout as sleep } from 'node:timers/promises';
import { some } from '../lib/expect.mjs';
import { claim, configMap, deployment, idlePod, quota, service } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const withResources = (name, resources) => idlePod(name, { containers: [{ name: 'main', image: 'x:1', resources }] });
/** Its admission follows quotas by a watch of its own, which nothing shows. */
const admissionKnowsMs = 300;

/** Makes a quota and waits until it counts. */
async function setQuota(t, hard, more = {}) {
  await t.create('resourcequotas', { ...quota('q', hard), spec: { hard, ...more } });
  await t.untilObject('resourcequotas', 'q', {
    status: {
      hard: (v) => Object.keys(v ?? {}).length === Object.keys(hard).length,
      used: (v) => Object.keys(v ?? {}).length === Object.keys(hard).length,
    },
  });
  await sleep(admissionKnowsMs);
}

const refusedByQuota = (resource, name, asked) => ({
  reason: 'Forbidden',
  code: 403,
  message: `${resource} "${name}" is forbidden: exceeded quota: q, ${asked}`,
});

export default suite(
  'quota',
  { namespace: 'own' },
  {
    'the status counts what is used': async (t) => {
      await setQuota(t, { pods: '3', configmaps: '9', secrets: '9', services: '2', 'requests.cpu': '2', 'count/deployments.apps': '5' });
      await t.create('pods', withResources('p', { requests: { cpu: '500m' } }));
      await t.create('deployments', deployment('d', { replicas: 0 }));
      await t.create('services', service('s'));
      await t.untilObject('resourcequotas', 'q', {
        status: {
          used: { pods: '1', configmaps: '1', secrets: '0', services: '1', 'requests.cpu': '500m', 'count/deployments.apps': '1' },
        },
      });
    },
    'one pod too many': async (t) => {
      await setQuota(t, { pods: '1' });
      await t.create('pods', idlePod('a'));
      await t.POST(t.path('pods'), idlePod('b')).is(403, {
        ...refusedByQuota('pods', 'b', 'requested: pods=1, used: pods=1, limited: pods=1'),
        details: { name: 'b', kind: 'pods' },
      });
    },
    'what is deleted is free again': async (t) => {
      await setQuota(t, { pods: '1' });
      await t.create('pods', idlePod('a'));
      await t.DELETE(t.path('pods', 'a')).is(200);
      await t.until('room for another', async () => (await t.POST(t.path('pods'), idlePod('b'))).status === 201);
    },
    'cpu and memory': async (t) => {
      await setQuota(t, { 'requests.cpu': '1', 'limits.memory': '128Mi' });
      await t
        .POST(t.path('pods'), withResources('a', { requests: { cpu: '2' }, limits: { memory: '64Mi', cpu: '2' } }))
        .is(403, refusedByQuota('pods', 'a', 'requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1'));
      await t
        .POST(t.path('pods'), withResources('a', { requests: { cpu: '100m' }, limits: { memory: '256Mi' } }))
        .is(403, refusedByQuota('pods', 'a', 'requested: limits.memory=256Mi, used: limits.memory=0, limited: limits.memory=128Mi'));
    },
    'a pod must say what the quota counts': async (t) => {
      await setQuota(t, { 'requests.cpu': '1', 'limits.memory': '1Gi' });
      await t
        .POST(t.path('pods'), idlePod('a'))
        .is(403, { message: 'pods "a" is forbidden: failed quota: q: must specify limits.memory for: main; requests.cpu for: main' });
    },
    'objects are counted: count/…': async (t) => {
      // Every namespace gets one, a moment after it was made.
      await t.untilObject('configmaps', 'kube-root-ca.crt', {});
      await setQuota(t, { 'count/configmaps': '1' });
      await t
        .POST(t.path('configmaps'), configMap('x'))
        .is(403, refusedByQuota('configmaps', 'x', 'requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1'));
    },
    'an object of a group': async (t) => {
      await setQuota(t, { 'count/deployments.apps': '0' });
      await t
        .POST(t.path('deployments'), deployment('x'))
        .is(
          403,
          refusedByQuota(
            'deployments.apps',
            'x',
            'requested: count/deployments.apps=1, used: count/deployments.apps=0, limited: count/deployments.apps=0',
          ),
        );
    },
    'node ports': async (t) => {
      await setQuota(t, { 'services.nodeports': '0' });
      await t
        .POST(t.path('services'), service('s', { type: 'NodePort' }))
        .is(
          403,
          refusedByQuota('services', 's', 'requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0'),
        );
    },
    storage: async (t) => {
      await setQuota(t, { 'requests.storage': '1Gi' });
      await t
        .POST(t.path('persistentvolumeclaims'), claim('c', { resources: { requests: { storage: '5Gi' } } }))
        .is(
          403,
          refusedByQuota(
            'persistentvolumeclaims',
            'c',
            'requested: requests.storage=5Gi, used: requests.storage=0, limited: requests.storage=1Gi',
          ),
        );
    },
    'scopes: only best effort': async (t) => {
      await setQuota(t, { pods: '0' }, { scopes: ['BestEffort'] });
      await t.POST(t.path('pods'), idlePod('a')).is(403);
      await t.POST(t.path('pods'), withResources('b', { requests: { cpu: '1m' } })).is(201);
    },
    'a Deployment tells that its pods were refused': async (t) => {
      await setQuota(t, { pods: '0' });
      await t.create('deployments', deployment('d'));
      const { status } = await t.untilObject('deployments', 'd', {
        status: { conditions: (list) => list?.some((c) => c.type === 'ReplicaFailure') },
      });
      some(status.conditions, {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: /^pods "d-.*" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0$/,
      });
      const events = await t.until('an event', async () => {
        const list = await t.list('events', { fieldSelector: 'reason=FailedCreate,involvedObject.kind=ReplicaSet' });
        return list.length > 0 && list;
      });
      some(events, { type: 'Warning', message: /^Error creating: pods "d-.*" is forbidden: exceeded quota: q/ });
    },
    'kubectl describe and create quota': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('create quota q --hard=pods=3,configmaps=5').ok('resourcequota/q created');
        await t.until('counted', async () => /configmaps +1 +5\npods +0 +3/.test(await t.kubectl('describe quota q').ok()));
      },
    ],
  },
);
