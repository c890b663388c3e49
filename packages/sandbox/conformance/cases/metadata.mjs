import { absent, match, same } from '../lib/expect.mjs';
import {
  autoscaler,
  configMap,
  cronJob,
  daemonSet,
  deployment,
  idlePod,
  ingress,
  job,
  secret,
  service,
  statefulSet,
} from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

/** Kinds that count their specs: [resource, object, a change of the spec, a change that is none of the spec]. */
const counted = [
  ['deployments', deployment('gen', { replicas: 0 }), { spec: { minReadySeconds: 3 } }],
  ['statefulsets', statefulSet('gen', { replicas: 0 }), { spec: { minReadySeconds: 3 } }],
  ['daemonsets', daemonSet('gen', {}, { nodeSelector: { none: 'such' } }), { spec: { minReadySeconds: 3 } }],
  ['cronjobs', cronJob('gen'), { spec: { schedule: '1 3 * * *' } }],
  ['jobs', job('gen', { suspend: true }), { spec: { parallelism: 2 } }],
  ['ingresses', ingress('gen'), { spec: { ingressClassName: 'other' } }],
  [
    'poddisruptionbudgets',
    { metadata: { name: 'gen' }, spec: { maxUnavailable: 1, selector: { matchLabels: { a: 'b' } } } },
    { spec: { maxUnavailable: 2 } },
  ],
  ['pods', idlePod('gen'), { spec: { activeDeadlineSeconds: 100 } }],
];
const uncounted = [
  ['configmaps', configMap('gen'), { data: { a: '2' } }],
  ['secrets', secret('gen'), { stringData: { a: '2' } }],
  ['services', service('gen'), { spec: { selector: { app: 'other' } } }],
  ['horizontalpodautoscalers', autoscaler('gen'), { spec: { maxReplicas: 7 } }],
];

export default suite(
  'metadata',
  { namespace: 'shared' },
  {
    'the server gives uid, creationTimestamp and resourceVersion': async (t) => {
      const { metadata } = await t.create('configmaps', configMap('fresh'));
      match(metadata, {
        uid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
        creationTimestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
        resourceVersion: /^\d+$/,
        namespace: t.ns,
        selfLink: absent,
        generation: absent,
        deletionTimestamp: absent,
      });
    },
    'what the client says of uid and time is not taken': async (t) => {
      const claimed = {
        uid: '00000000-0000-0000-0000-000000000001',
        creationTimestamp: '2001-01-01T00:00:00Z',
        selfLink: '/x',
        generation: 9,
      };
      const { metadata } = await t.create('deployments', {
        ...deployment('claims', { replicas: 0 }),
        metadata: { name: 'claims', ...claimed },
      });
      match(metadata, { uid: (v) => v !== claimed.uid, creationTimestamp: (v) => !v.startsWith('2001'), generation: 1, selfLink: absent });
    },
    'uid and creationTimestamp stay as they are when an update says otherwise': async (t) => {
      const made = await t.create('configmaps', configMap('steady'));
      const { metadata } = await t
        .PATCH(t.path('configmaps', 'steady'), { metadata: { creationTimestamp: '2001-01-01T00:00:00Z' } }, 'merge')
        .is(200);
      match(metadata, { uid: made.metadata.uid, creationTimestamp: made.metadata.creationTimestamp });
    },
    'generateName adds five letters or digits': async (t) => {
      const { metadata } = await t.create('configmaps', { metadata: { generateName: 'some-' }, data: {} });
      match(metadata, { name: /^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/, generateName: 'some-' });
    },
    'name wins over generateName': async (t) => {
      const { metadata } = await t.create('configmaps', { metadata: { name: 'chosen', generateName: 'some-' } });
      match(metadata, { name: 'chosen', generateName: 'some-' });
    },
    'an update that changes nothing keeps the resourceVersion': async (t) => {
      const made = await t.create('configmaps', configMap('same'));
      const after = await t.PUT(t.path('configmaps', 'same'), made).is(200);
      match(after.metadata.resourceVersion, made.metadata.resourceVersion);
    },
    'a change makes a higher resourceVersion': async (t) => {
      const made = await t.create('configmaps', configMap('higher'));
      const after = await t.PATCH(t.path('configmaps', 'higher'), { data: { a: '2' } }, 'merge').is(200);
      match(BigInt(after.metadata.resourceVersion) > BigInt(made.metadata.resourceVersion), true);
    },
    ...table(
      counted,
      ([resource]) => `generation of ${resource} counts changes of the spec only`,
      async (t, [resource, object, change]) => {
        match((await t.create(resource, object)).metadata.generation, 1, 'at creation');
        const path = t.path(resource, 'gen');
        await t.PATCH(path, { metadata: { labels: { more: 'labels' } } }, 'merge').is(200, { metadata: { generation: 1 } });
        await t.PATCH(path, change, 'merge').is(200, { metadata: { generation: 2 } });
        await t.PATCH(path, change, 'merge').is(200, { metadata: { generation: 2 } });
      },
    ),
    ...table(
      uncounted,
      ([resource]) => `${resource} have no generation`,
      async (t, [resource, object, change]) => {
        match((await t.create(resource, object)).metadata.generation, absent);
        await t.PATCH(t.path(resource, 'gen'), change, 'merge').is(200, { metadata: { generation: absent } });
      },
    ),
    'managedFields name the manager, the operation and the fields': async (t) => {
      const { metadata } = await t.create('configmaps', configMap('managed', { a: '1' }, { labels: { l: 'm' } }), {
        query: { fieldManager: 'somebody' },
      });
      match(metadata.managedFields.length, 1);
      match(metadata.managedFields[0], {
        manager: 'somebody',
        operation: 'Update',
        apiVersion: 'v1',
        time: metadata.creationTimestamp,
        fieldsType: 'FieldsV1',
        subresource: absent,
      });
      same(metadata.managedFields[0].fieldsV1, {
        'f:data': { '.': {}, 'f:a': {} },
        'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
      });
    },
    'without fieldManager the user agent names the manager': async (t) => {
      const { metadata } = await t.create('configmaps', configMap('agent'), { headers: { 'user-agent': 'some-tool/v1.2 (linux)' } });
      match(metadata.managedFields[0].manager, 'some-tool');
    },
    'managedFields of lists with keys': async (t) => {
      const { metadata } = await t.create('services', service('managed', { ports: [{ name: 'web', port: 80 }] }), {
        query: { fieldManager: 'm' },
      });
      same(metadata.managedFields[0].fieldsV1, {
        'f:spec': {
          'f:internalTrafficPolicy': {},
          'f:ports': {
            '.': {},
            'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {}, 'f:protocol': {}, 'f:targetPort': {} },
          },
          'f:selector': {},
          'f:sessionAffinity': {},
          'f:type': {},
        },
      });
    },
    'managedFields of an environment': async (t) => {
      const made = await t.create(
        'pods',
        idlePod('managed', { containers: [{ name: 'main', image: 'x:1', env: [{ name: 'A', value: '1' }] }] }),
      );
      match(made.metadata.managedFields[0].fieldsV1['f:spec']['f:containers'], {
        'k:{"name":"main"}': { '.': {}, 'f:image': {}, 'f:env': { '.': {}, 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } } },
      });
    },
    'a second manager takes over the field that it changes': async (t) => {
      await t.create('configmaps', configMap('shared', { a: '1', b: '1' }), { query: { fieldManager: 'one' } });
      const { metadata } = await t
        .PATCH(t.path('configmaps', 'shared'), { data: { b: '2' } }, 'merge', { query: { fieldManager: 'two' } })
        .is(200);
      const of = (manager) => metadata.managedFields.find((f) => f.manager === manager).fieldsV1;
      same(of('one'), { 'f:data': { '.': {}, 'f:a': {} } });
      same(of('two'), { 'f:data': { 'f:b': {} } });
    },
    'managedFields: [{}] clears the record': async (t) => {
      await t.create('configmaps', configMap('cleared'));
      const { metadata } = await t.PATCH(t.path('configmaps', 'cleared'), { metadata: { managedFields: [{}] } }, 'merge').is(200);
      match(metadata.managedFields, absent);
    },
    'a status that is sent at creation is left out': async (t) => {
      await t
        .POST(t.path('deployments'), { ...deployment('boast', { replicas: 0 }), status: { readyReplicas: 9, replicas: 9 } })
        .is(201, { status: { readyReplicas: absent, replicas: absent } });
    },
    'labels and annotations are kept as they are': async (t) => {
      const labels = { 'example.com/a': 'b', empty: '' };
      const annotations = { 'example.com/text': 'many words\nand lines — ünïcode' };
      const { metadata } = await t.create('configmaps', configMap('noted', {}, { labels, annotations }));
      same({ labels: metadata.labels, annotations: metadata.annotations }, { labels, annotations });
    },
    'annotations of more than 256 KiB are refused': async (t) => {
      await t.POST(t.path('configmaps'), configMap('wordy', {}, { annotations: { a: 'x'.repeat(256 * 1024) } })).is(422, {
        message: /metadata\.annotations: Too long: may not be more than 262144 bytes$/,
      });
    },
    'kubectl label, and label again': [
      ['kubectl'],
      async (t) => {
        await t.create('configmaps', configMap('labelled'));
        await t.kubectl('label cm labelled tier=web').ok('configmap/labelled labeled');
        await t.kubectl('label cm labelled tier=web').ok('configmap/labelled not labeled');
        await t.kubectl('label cm labelled tier=db').fails("error: 'tier' already has a value (web), and --overwrite is false");
        await t.kubectl('label cm labelled tier=db --overwrite').ok('configmap/labelled labeled');
        await t.kubectl('label cm labelled tier-').ok('configmap/labelled unlabeled');
        match((await t.read('configmaps', 'labelled')).metadata.labels, absent);
      },
    ],
    'kubectl annotate': [
      ['kubectl'],
      async (t) => {
        await t.create('configmaps', configMap('annotated'));
        await t.kubectl(['annotate', 'cm', 'annotated', 'why=because of that']).ok('configmap/annotated annotated');
        match((await t.read('configmaps', 'annotated')).metadata.annotations, { why: 'because of that' });
        await t.kubectl('annotate cm annotated why-').ok('configmap/annotated annotated');
      },
    ],
    'an owner without uid is refused': async (t) => {
      await t
        .POST(t.path('configmaps'), configMap('owned', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x' }] }))
        .is(422, {
          message: 'ConfigMap "owned" is invalid: metadata.ownerReferences.uid: Invalid value: "": must not be empty',
        });
    },
    'two controllers are refused': async (t) => {
      const owner = (name, uid) => ({ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true });
      await t.POST(t.path('configmaps'), configMap('ruled', {}, { ownerReferences: [owner('a', '1'), owner('b', '2')] })).is(422, {
        message: /Only one reference can have Controller set to true\. Found "true" in references for Pod\/a and Pod\/b$/,
      });
    },
    'a finalizer without domain is refused': async (t) => {
      await t.POST(t.path('configmaps'), configMap('final', {}, { finalizers: ['plain'] })).is(422, {
        message: /metadata\.finalizers\[0\]: Invalid value: "plain": name is neither a standard finalizer name nor is it fully qualified/,
      });
    },
    'kubectl shows managedFields only when asked': [
      ['kubectl'],
      async (t) => {
        await t.create('configmaps', configMap('shown'));
        match(await t.kubectl('get cm shown -o yaml').ok(), (text) => !text.includes('managedFields'));
        match(await t.kubectl('get cm shown -o yaml --show-managed-fields').ok(), (text) => text.includes('managedFields'));
      },
    ],
  },
);
