import { absent, match, some } from '../lib/expect.mjs';
import { configMap } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const namespace = (name, more = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...more } });

export default suite(
  'namespaces',
  { namespace: 'none', first: true },
  {
    'a new one is Active, named in its labels, with a finalizer': async (t) => {
      await t.create('namespaces', namespace(t.id)).then((object) =>
        match(object, {
          spec: { finalizers: ['kubernetes'] },
          status: { phase: 'Active' },
          metadata: { labels: { 'kubernetes.io/metadata.name': t.id }, generation: absent },
        }),
      );
    },
    'the label with its name cannot be taken away': async (t) => {
      await t.create('namespaces', namespace(t.id));
      await t
        .PATCH(t.path('namespaces', t.id), { metadata: { labels: null } }, 'merge')
        .is(200, { metadata: { labels: { 'kubernetes.io/metadata.name': t.id } } });
    },
    'a ServiceAccount and the root certificates appear in it': async (t) => {
      await t.create('namespaces', namespace(t.id));
      const at = `/api/v1/namespaces/${t.id}`;
      await t.until('the default ServiceAccount', async () => (await t.GET(`${at}/serviceaccounts/default`)).status === 200);
      await t.until('kube-root-ca.crt', async () => (await t.GET(`${at}/configmaps/kube-root-ca.crt`)).status === 200);
      await t.GET(`${at}/configmaps/kube-root-ca.crt`).is(200, { data: { 'ca.crt': /^-----BEGIN CERTIFICATE-----/ } });
    },
    'the default ServiceAccount comes again': async (t) => {
      await t.create('namespaces', namespace(t.id));
      const path = `/api/v1/namespaces/${t.id}/serviceaccounts/default`;
      await t.until('the default ServiceAccount', async () => (await t.GET(path)).status === 200);
      await t.DELETE(path).is(200);
      await t.until('another one', async () => (await t.GET(path)).status === 200);
    },
    'kube-root-ca.crt is put right when it is changed': async (t) => {
      await t.create('namespaces', namespace(t.id));
      const path = `/api/v1/namespaces/${t.id}/configmaps/kube-root-ca.crt`;
      await t.until('kube-root-ca.crt', async () => (await t.GET(path)).status === 200);
      await t.PATCH(path, { data: { 'ca.crt': 'none' } }, 'merge').is(200);
      await t.until('the certificates again', async () => /BEGIN/.test((await t.GET(path)).body.data['ca.crt']));
    },
    'deleting it deletes what is in it': async (t) => {
      await t.create('namespaces', namespace(t.id));
      await t.POST(`/api/v1/namespaces/${t.id}/configmaps`, configMap('inside')).is(201);
      await t
        .DELETE(t.path('namespaces', t.id))
        .is(200, { kind: 'Namespace', status: { phase: 'Terminating' }, metadata: { deletionTimestamp: /T/ } });
      await t.untilGone('namespaces', t.id, 60_000);
      await t.GET(`/api/v1/namespaces/${t.id}/configmaps/inside`).is(404);
    },
    'nothing new begins in one that ends': async (t) => {
      await t.create('namespaces', namespace(t.id));
      const at = `/api/v1/namespaces/${t.id}/configmaps`;
      await t.POST(at, configMap('kept', {}, { finalizers: ['example.com/keep'] })).is(201);
      t.cleanup(() => t.PATCH(`${at}/kept`, { metadata: { finalizers: null } }, 'merge'));
      await t.DELETE(t.path('namespaces', t.id)).is(200);
      await t.POST(at, configMap('late')).is(403, {
        reason: 'Forbidden',
        message: `configmaps "late" is forbidden: unable to create new content in namespace ${t.id} because it is being terminated`,
        details: {
          name: 'late',
          kind: 'configmaps',
          causes: [{ reason: 'NamespaceTerminating', message: `namespace ${t.id} is being terminated`, field: 'metadata.namespace' }],
        },
      });
    },
    'its conditions tell what it waits for': async (t) => {
      await t.create('namespaces', namespace(t.id));
      const at = `/api/v1/namespaces/${t.id}/configmaps`;
      await t.POST(at, configMap('kept', {}, { finalizers: ['example.com/keep'] })).is(201);
      t.cleanup(() => t.PATCH(`${at}/kept`, { metadata: { finalizers: null } }, 'merge'));
      await t.DELETE(t.path('namespaces', t.id)).is(200);
      const { status } = await t.untilObject('namespaces', t.id, {
        status: { conditions: (list) => list?.some((c) => c.type === 'NamespaceFinalizersRemaining' && c.status === 'True') },
      });
      some(status.conditions, {
        type: 'NamespaceContentRemaining',
        status: 'True',
        reason: 'SomeResourcesRemain',
        message: 'Some resources are remaining: configmaps. has 1 resource instances',
      });
      some(status.conditions, {
        type: 'NamespaceFinalizersRemaining',
        status: 'True',
        reason: 'SomeFinalizersRemain',
        message: 'Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances',
      });
      some(status.conditions, { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', reason: 'ResourcesDiscovered' });
    },
    'deleting it again is answered the same': async (t) => {
      await t.create('namespaces', namespace(t.id));
      const at = `/api/v1/namespaces/${t.id}/configmaps`;
      await t.POST(at, configMap('kept', {}, { finalizers: ['example.com/keep'] })).is(201);
      t.cleanup(() => t.PATCH(`${at}/kept`, { metadata: { finalizers: null } }, 'merge'));
      await t.DELETE(t.path('namespaces', t.id)).is(200);
      await t.DELETE(t.path('namespaces', t.id)).is(200, { kind: 'Namespace', status: { phase: 'Terminating' } });
    },
    'finalize: its own finalizers are taken off there': async (t) => {
      const made = await t.create('namespaces', namespace(t.id));
      await t
        .PUT(t.path('namespaces', t.id, 'finalize'), { ...made, spec: { finalizers: ['kubernetes', 'example.com/mine'] } })
        .is(200, { spec: { finalizers: ['kubernetes', 'example.com/mine'] } });
      await t.DELETE(t.path('namespaces', t.id)).is(200);
      const last = await t.untilObject('namespaces', t.id, { spec: { finalizers: ['example.com/mine'] } }, 60_000);
      await t.PUT(t.path('namespaces', t.id, 'finalize'), { ...last, spec: { finalizers: [] } }).is(200);
      await t.untilGone('namespaces', t.id, 60_000);
    },
    'an update does not change its finalizers': async (t) => {
      const made = await t.create('namespaces', namespace(t.id));
      await t.PUT(t.path('namespaces', t.id), { ...made, spec: { finalizers: [] } }).is(200, { spec: { finalizers: ['kubernetes'] } });
    },
    'the first ones cannot be deleted': async (t) => {
      for (const name of ['default', 'kube-system'])
        await t
          .DELETE(t.path('namespaces', name))
          .is(403, { reason: 'Forbidden', message: `namespaces "${name}" is forbidden: this namespace may not be deleted` });
    },
    'the first ones are there': async (t) => {
      for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) await t.read('namespaces', name);
      await t
        .GET('/api/v1/namespaces/default/services/kubernetes')
        .is(200, { spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443 }] } });
    },
    'a name with a dot is refused': async (t) => {
      await t.POST('/api/v1/namespaces', namespace('a.b')).is(422, {
        message:
          /^Namespace "a\.b" is invalid: metadata\.name: Invalid value: "a\.b": must not contain dots$|a lowercase RFC 1123 label must consist of/,
      });
    },
    'kubectl create namespace and get it': [
      ['kubectl'],
      async (t) => {
        t.cleanup(() => t.DELETE(t.path('namespaces', t.id)));
        await t.kubectl(`create namespace ${t.id}`).ok(`namespace/${t.id} created`);
        match(await t.kubectl(`get ns ${t.id}`).ok(), new RegExp(`^NAME +STATUS +AGE\\n${t.id} +Active +\\d+s\\n$`));
        match(
          await t.kubectl(`describe ns ${t.id}`).ok(),
          new RegExp(
            `^Name: +${t.id}\nLabels: +kubernetes\\.io/metadata\\.name=${t.id}\nAnnotations: +<none>\nStatus: +Active\n\nNo resource quota\\.\n\nNo LimitRange resource\\.\n$`,
          ),
        );
        await t.kubectl(`delete ns ${t.id} --wait=false`).ok(`namespace "${t.id}" deleted`);
      },
    ],
  },
);
