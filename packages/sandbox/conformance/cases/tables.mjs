import { match, same } from '../lib/expect.mjs';
import * as make from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const age = /^(<unknown>|\d+[smhd].*)$/;
const any = () => true;
/** [resource, object, columns of priority 0 with a star at those of priority 1, cells]. */
const rows = [
  ['configmaps', make.configMap('x', { a: '1', b: '2' }), 'Name Data Age', ['x', 2, age]],
  ['secrets', make.secret('x'), 'Name Type Data Age', ['x', 'Opaque', 1, age]],
  [
    'services',
    make.service('x', {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 53, protocol: 'UDP' },
      ],
    }),
    'Name Type Cluster-IP External-IP Port(s) Age Selector*',
    ['x', 'ClusterIP', /^\d+\.\d+\.\d+\.\d+$/, '<none>', '80/TCP,53/UDP', age, 'app=x'],
  ],
  [
    'pods',
    make.idlePod('x', {
      containers: [
        { name: 'a', image: 'x:1' },
        { name: 'b', image: 'y:1' },
      ],
    }),
    'Name Ready Status Restarts Age IP* Node* Nominated Node* Readiness Gates*',
    ['x', '0/2', 'Pending', '0', age, '<none>', '<none>', '<none>', '<none>'],
  ],
  [
    'deployments',
    make.deployment('x', { replicas: 0 }),
    'Name Ready Up-to-date Available Age Containers* Images* Selector*',
    ['x', '0/0', 0, 0, age, 'main', make.image, 'app=x'],
  ],
  [
    'replicasets',
    make.replicaSet('x', { replicas: 0 }),
    'Name Desired Current Ready Age Containers* Images* Selector*',
    ['x', 0, 0, 0, age, 'main', make.image, 'app=x'],
  ],
  ['statefulsets', make.statefulSet('x', { replicas: 0 }), 'Name Ready Age Containers* Images*', ['x', '0/0', age, 'main', make.image]],
  [
    'daemonsets',
    make.daemonSet('x', {}, { nodeSelector: { none: 'such' } }),
    'Name Desired Current Ready Up-to-date Available Node Selector Age Containers* Images* Selector*',
    ['x', 0, 0, 0, 0, 0, 'none=such', age, 'main', make.image, 'app=x'],
  ],
  [
    'jobs',
    make.job('x', { suspend: true }),
    'Name Status Completions Duration Age Containers* Images* Selector*',
    ['x', any, '0/1', '', age, 'main', 'busybox:1.36', /^batch\.kubernetes\.io\/controller-uid=/],
  ],
  [
    'cronjobs',
    make.cronJob('x'),
    'Name Schedule Timezone Suspend Active Last Schedule Age Containers* Images* Selector*',
    ['x', '0 3 * * *', '<none>', 'True', 0, '<none>', age, 'main', 'busybox:1.36', '<none>'],
  ],
  [
    'horizontalpodautoscalers',
    make.autoscaler('x', {
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    }),
    'Name Reference Targets MinPods MaxPods Replicas Age',
    ['x', 'Deployment/x', 'cpu: <unknown>/50%', '1', 3, any, age],
  ],
  [
    'ingresses',
    make.ingress('x', { ingressClassName: 'some' }),
    'Name Class Hosts Address Ports Age',
    ['x', 'some', 'web.example', '', '80', age],
  ],
  ['poddisruptionbudgets', make.budget('x'), 'Name Min Available Max Unavailable Allowed Disruptions Age', ['x', '1', 'N/A', 0, age]],
  [
    'persistentvolumeclaims',
    make.claim('x', { storageClassName: 'some' }),
    'Name Status Volume Capacity Access Modes StorageClass VolumeAttributesClass Age VolumeMode*',
    ['x', 'Pending', '', '', '', 'some', '<unset>', age, 'Filesystem'],
  ],
  ['serviceaccounts', { metadata: { name: 'x' } }, 'Name Secrets Age', ['x', 0, age]],
  ['resourcequotas', make.quota('x', { 'count/leases': '5' }), 'Name Request Limit Age', ['x', /^count\/leases: (0\/)?5?|^$/, '', age]],
  ['limitranges', { metadata: { name: 'x' }, spec: { limits: [] } }, 'Name Created At', ['x', /Z$/]],
  ['roles', make.role('x', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]), 'Name Created At', ['x', /Z$/]],
  ['rolebindings', make.binding('x', 'x', 'ann'), 'Name Role Age Users* Groups* ServiceAccounts*', ['x', 'Role/x', age, 'ann', '', '']],
  [
    'networkpolicies',
    { metadata: { name: 'x' }, spec: { podSelector: { matchLabels: { a: 'b' } } } },
    'Name Pod-Selector Age',
    ['x', 'a=b', age],
  ],
  ['leases', { metadata: { name: 'x' }, spec: { holderIdentity: 'me' } }, 'Name Holder Age', ['x', 'me', age]],
  [
    'events',
    { metadata: { name: 'x' }, involvedObject: { kind: 'Pod', name: 'p' }, reason: 'Why', message: 'that', type: 'Normal' },
    'Last Seen Type Reason Object Subobject* Source* Message First Seen* Count* Name*',
    [any, 'Normal', 'Why', 'pod/p', '', any, 'that', any, any, 'x'],
  ],
];

const columnsOf = (text) => {
  const names = text.replace(/(Nominated|Readiness|Node(?= Selector)|Last|First|Created|Min|Max|Allowed|Access) /g, '$1_').split(' ');
  return names.map((name) => ({ name: name.replace('*', '').replace('_', ' '), priority: name.endsWith('*') ? 1 : 0 }));
};

export default suite(
  'tables',
  { namespace: 'shared' },
  {
    ...table(
      rows,
      ([resource]) => `columns and cells of ${resource}`,
      async (t, [resource, object, columns, cells]) => {
        const named = {
          ...object,
          metadata: { ...object.metadata, namespace: t.ns },
          ...(object.involvedObject ? { involvedObject: { ...object.involvedObject, namespace: t.ns } } : {}),
        };
        await t.create(resource, named);
        const body = await t
          .GET(t.path(resource), { accept: asTable, query: { fieldSelector: 'metadata.name=x' } })
          .is(200, { kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
        same(
          body.columnDefinitions.map(({ name, priority }) => ({ name, priority })),
          columnsOf(columns),
          'columns',
        );
        match(body.rows, [{ cells, object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'x' } } }]);
      },
    ),
    'one object as a table': async (t) => {
      await t.create('configmaps', make.configMap('one'));
      await t.GET(t.path('configmaps', 'one'), { accept: asTable }).is(200, { kind: 'Table', rows: [{ cells: ['one', 1, age] }] });
    },
    'column definitions have types, formats and descriptions': async (t) => {
      const { columnDefinitions } = await t.GET(t.path('configmaps'), { accept: asTable }).is(200);
      match(columnDefinitions, [
        { name: 'Name', type: 'string', format: 'name', description: /^Name must be unique within a namespace\./, priority: 0 },
        { name: 'Data', type: 'string', format: '', priority: 0 },
        { name: 'Age', type: 'string', format: '', priority: 0 },
      ]);
    },
    'includeObject=Object brings the whole': async (t) => {
      await t.create('configmaps', make.configMap('whole'));
      const { rows: found } = await t
        .GET(t.path('configmaps'), { accept: asTable, query: { includeObject: 'Object', fieldSelector: 'metadata.name=whole' } })
        .is(200);
      match(found, [{ object: { kind: 'ConfigMap', apiVersion: 'v1', data: { a: '1' } } }]);
    },
    'includeObject=None brings none': async (t) => {
      await t.create('configmaps', make.configMap('none'));
      const { rows: found } = await t
        .GET(t.path('configmaps'), { accept: asTable, query: { includeObject: 'None', fieldSelector: 'metadata.name=none' } })
        .is(200);
      match(found, [{ object: null }]);
    },
    'a table is a list: resourceVersion, limit and continue': async (t) => {
      await t.create('configmaps', make.configMap('page'));
      await t
        .GET(t.path('configmaps'), { accept: asTable, query: { limit: 1 } })
        .is(200, { metadata: { resourceVersion: /^\d+$/, continue: (v) => v.length > 0 }, rows: [{}] });
    },
    'only the metadata of a list': async (t) => {
      await t.create('configmaps', make.configMap('meta'));
      await t
        .GET(t.path('configmaps'), {
          accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
          query: { fieldSelector: 'metadata.name=meta' },
        })
        .is(200, { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', items: [{ metadata: { name: 'meta' } }] })
        .then(({ items }) => match(items[0].data, undefined));
    },
    'only the metadata of one object': async (t) => {
      await t.create('configmaps', make.configMap('meta-one'));
      const body = await t
        .GET(t.path('configmaps', 'meta-one'), { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' })
        .is(200);
      match(body, { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'meta-one' } });
      match(body.data, undefined);
    },
    'a Status is not made a table': async (t) => {
      await t.GET(t.path('configmaps', 'nothing-here'), { accept: asTable }).is(404, { kind: 'Status' });
    },
    'PartialObjectMetadata of a list needs the list kind': async (t) => {
      await t
        .GET(t.path('configmaps'), { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' })
        .is(406, { reason: 'NotAcceptable' });
    },
  },
);
