import { match } from '../lib/expect.mjs';
import * as make from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

export default suite(
  'kubectl get',
  { namespace: 'shared', needs: ['kubectl'] },
  {
    '-o wide': async (t) => {
      await t.create('deployments', make.deployment('wide', { replicas: 0 }));
      match(
        await t.kubectl('get deploy wide -o wide').ok(),
        /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nwide +0\/0 +0 +0 +\d+s +main +nginx:1\.27 +app=wide\n$/,
      );
    },
    '-o yaml': async (t) => {
      await t.create('configmaps', make.configMap('yaml'));
      match(
        await t.kubectl('get cm yaml -o yaml').ok(),
        /^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\nmetadata:\n {2}creationTimestamp: /,
      );
    },
    '-o json of several is a List': async (t) => {
      await t.create('configmaps', make.configMap('json-a'));
      await t.create('configmaps', make.configMap('json-b'));
      match(JSON.parse(await t.kubectl('get cm json-a json-b -o json').ok()), {
        kind: 'List',
        apiVersion: 'v1',
        items: [{ metadata: { name: 'json-a' } }, { metadata: { name: 'json-b' } }],
      });
    },
    '-o jsonpath': async (t) => {
      await t.create('configmaps', make.configMap('path', { a: '1', b: '2' }));
      await t.kubectl(['get', 'cm', 'path', '-o', 'jsonpath={.metadata.name}={.data.b}']).ok('path=2');
    },
    '-o custom-columns': async (t) => {
      await t.create('configmaps', make.configMap('custom'));
      await t.kubectl('get cm custom -o custom-columns=WHO:.metadata.name,WHAT:.data.a').ok('WHO      WHAT\ncustom   1');
    },
    '-o go-template': async (t) => {
      await t.create('configmaps', make.configMap('template'));
      await t.kubectl(['get', 'cm', 'template', '-o', 'go-template={{.metadata.name}}']).ok('template');
    },
    '-o name, and several kinds at once': async (t) => {
      await t.create('configmaps', make.configMap('both'));
      await t.create('secrets', make.secret('both'));
      await t.kubectl('get cm/both secret/both -o name').ok('configmap/both\nsecret/both');
    },
    '--show-labels and -L': async (t) => {
      await t.create('configmaps', make.configMap('labels', {}, { labels: { tier: 'web' } }));
      match(await t.kubectl('get cm labels --show-labels').ok(), /^NAME +DATA +AGE +LABELS\nlabels +0 +\d+s +tier=web\n$/);
      match(await t.kubectl('get cm labels -L tier').ok(), /^NAME +DATA +AGE +TIER\nlabels +0 +\d+s +web\n$/);
    },
    all: async (t) => {
      await t.create('deployments', make.deployment('all', { replicas: 0 }));
      await t.create('services', make.service('all'));
      const text = await t.kubectl('get all').ok();
      match(text, /^service\/all +ClusterIP /m);
      match(text, /^deployment\.apps\/all +0\/0 /m);
      match(text, /^replicaset\.apps\/all-[0-9a-z]+ +0 +0 +0 /m);
    },
    'short names and group-qualified names': async (t) => {
      await t.create('deployments', make.deployment('names', { replicas: 0 }));
      for (const kind of ['deploy', 'deployment', 'deployments', 'deployments.apps', 'deployments.v1.apps', 'Deployment'])
        await t.kubectl(`get ${kind} names -o name`).ok('deployment.apps/names');
    },
    '--raw': async (t) => {
      match(JSON.parse(await t.kubectl(`get --raw /api/v1/namespaces/${t.ns}`).ok()), { kind: 'Namespace' });
    },
    '--subresource': async (t) => {
      await t.create('deployments', make.deployment('sub', { replicas: 0 }));
      match(await t.kubectl('get deploy sub --subresource=scale').ok(), /^NAME +DESIRED +AVAILABLE.*\nsub +0 +0/);
    },
    'nodes -o wide': async (t) => {
      match(
        await t.kubectl('get nodes -o wide').ok(),
        /^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME\n\S+ +Ready/,
      );
    },
    events: async (t) => {
      const now = new Date().toISOString().replace(/\.\d+/, '');
      const about = { kind: 'ConfigMap', name: 'noted', namespace: t.ns, apiVersion: 'v1' };
      await t.create('events', {
        metadata: { name: 'noted.1' },
        involvedObject: about,
        reason: 'Noted',
        message: 'a word',
        type: 'Warning',
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
      });
      match(
        await t.kubectl('events --for configmap/noted').ok(),
        /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\d+s +Warning +Noted +ConfigMap\/noted +a word\n$/,
      );
      match(await t.kubectl('events --types=Warning --no-headers').ok(), /Noted/);
    },
  },
);
