import { match, same, some } from '../lib/expect.mjs';
import { suite, table } from '../lib/suite.mjs';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** What a reader of /api/v1 or /apis/G/V must find: [list, resource, kind, namespaced, a few verbs, short names, categories]. */
const resources = [
  ['/api/v1', 'pods', 'Pod', true, ['po'], ['all']],
  ['/api/v1', 'services', 'Service', true, ['svc'], ['all']],
  ['/api/v1', 'configmaps', 'ConfigMap', true, ['cm']],
  ['/api/v1', 'secrets', 'Secret', true],
  ['/api/v1', 'namespaces', 'Namespace', false, ['ns']],
  ['/api/v1', 'nodes', 'Node', false, ['no']],
  ['/api/v1', 'serviceaccounts', 'ServiceAccount', true, ['sa']],
  ['/api/v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', true, ['pvc']],
  ['/api/v1', 'persistentvolumes', 'PersistentVolume', false, ['pv']],
  ['/api/v1', 'resourcequotas', 'ResourceQuota', true, ['quota']],
  ['/api/v1', 'limitranges', 'LimitRange', true, ['limits']],
  ['/api/v1', 'endpoints', 'Endpoints', true, ['ep']],
  ['/api/v1', 'events', 'Event', true, ['ev']],
  ['/api/v1', 'replicationcontrollers', 'ReplicationController', true, ['rc'], ['all']],
  ['/apis/apps/v1', 'deployments', 'Deployment', true, ['deploy'], ['all']],
  ['/apis/apps/v1', 'replicasets', 'ReplicaSet', true, ['rs'], ['all']],
  ['/apis/apps/v1', 'statefulsets', 'StatefulSet', true, ['sts'], ['all']],
  ['/apis/apps/v1', 'daemonsets', 'DaemonSet', true, ['ds'], ['all']],
  ['/apis/apps/v1', 'controllerrevisions', 'ControllerRevision', true],
  ['/apis/batch/v1', 'jobs', 'Job', true, undefined, ['all']],
  ['/apis/batch/v1', 'cronjobs', 'CronJob', true, ['cj'], ['all']],
  ['/apis/autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', true, ['hpa'], ['all']],
  ['/apis/autoscaling/v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', true, ['hpa'], ['all']],
  ['/apis/policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', true, ['pdb']],
  ['/apis/networking.k8s.io/v1', 'ingresses', 'Ingress', true, ['ing']],
  ['/apis/networking.k8s.io/v1', 'ingressclasses', 'IngressClass', false],
  ['/apis/networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', true, ['netpol']],
  ['/apis/storage.k8s.io/v1', 'storageclasses', 'StorageClass', false, ['sc']],
  ['/apis/scheduling.k8s.io/v1', 'priorityclasses', 'PriorityClass', false, ['pc']],
  ['/apis/coordination.k8s.io/v1', 'leases', 'Lease', true],
  ['/apis/discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', true],
  ['/apis/events.k8s.io/v1', 'events', 'Event', true, ['ev']],
  ['/apis/rbac.authorization.k8s.io/v1', 'roles', 'Role', true],
  ['/apis/rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding', true],
  ['/apis/rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', false],
  ['/apis/rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding', false],
  ['/apis/apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', false, ['crd', 'crds'], ['api-extensions']],
];

/** Subresources and reviews: [list, name, what it is]. */
const others = [
  ['/api/v1', 'pods/log', { kind: 'Pod', verbs: ['get'] }],
  ['/api/v1', 'pods/exec', { kind: 'PodExecOptions', verbs: ['create', 'get'] }],
  ['/api/v1', 'pods/attach', { kind: 'PodAttachOptions', verbs: ['create', 'get'] }],
  ['/api/v1', 'pods/portforward', { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] }],
  ['/api/v1', 'pods/eviction', { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] }],
  ['/api/v1', 'pods/binding', { kind: 'Binding', verbs: ['create'] }],
  ['/api/v1', 'pods/status', { kind: 'Pod', verbs: ['get', 'patch', 'update'] }],
  ['/api/v1', 'pods/ephemeralcontainers', { kind: 'Pod', verbs: ['get', 'patch', 'update'] }],
  ['/api/v1', 'pods/resize', { kind: 'Pod', verbs: ['get', 'patch', 'update'] }],
  ['/api/v1', 'serviceaccounts/token', { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] }],
  ['/api/v1', 'namespaces/finalize', { kind: 'Namespace', verbs: ['update'] }],
  ['/apis/apps/v1', 'deployments/scale', { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] }],
  ['/apis/authorization.k8s.io/v1', 'selfsubjectaccessreviews', { kind: 'SelfSubjectAccessReview', namespaced: false, verbs: ['create'] }],
  ['/apis/authorization.k8s.io/v1', 'localsubjectaccessreviews', { kind: 'LocalSubjectAccessReview', namespaced: true, verbs: ['create'] }],
  ['/apis/authentication.k8s.io/v1', 'selfsubjectreviews', { kind: 'SelfSubjectReview', namespaced: false, verbs: ['create'] }],
  ['/apis/authentication.k8s.io/v1', 'tokenreviews', { kind: 'TokenReview', namespaced: false, verbs: ['create'] }],
];

const usualVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export default suite(
  'discovery',
  { namespace: 'none' },
  {
    '/api names v1': async (t) => {
      await t.GET('/api').is(200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: (list) => Array.isArray(list) });
    },
    '/apis lists groups with their preferred versions': async (t) => {
      const { groups, kind, apiVersion } = await t.GET('/apis').is(200);
      match({ kind, apiVersion }, { kind: 'APIGroupList', apiVersion: 'v1' });
      for (const [name, version] of [
        ['apps', 'v1'],
        ['batch', 'v1'],
        ['autoscaling', 'v2'],
        ['policy', 'v1'],
        ['networking.k8s.io', 'v1'],
        ['rbac.authorization.k8s.io', 'v1'],
        ['apiextensions.k8s.io', 'v1'],
        ['authentication.k8s.io', 'v1'],
        ['authorization.k8s.io', 'v1'],
        ['coordination.k8s.io', 'v1'],
        ['discovery.k8s.io', 'v1'],
        ['events.k8s.io', 'v1'],
        ['scheduling.k8s.io', 'v1'],
        ['storage.k8s.io', 'v1'],
      ])
        some(groups, { name, preferredVersion: { groupVersion: `${name}/${version}`, version } }, 'groups');
    },
    '/apis/autoscaling has v2 before v1': async (t) => {
      await t.GET('/apis/autoscaling').is(200, {
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'autoscaling',
        versions: [
          { groupVersion: 'autoscaling/v2', version: 'v2' },
          { groupVersion: 'autoscaling/v1', version: 'v1' },
        ],
        preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
      });
    },
    ...table(
      resources,
      ([path, name]) => `${path} has ${name}`,
      async (t, [path, name, kind, namespaced, shortNames, categories]) => {
        const list = await t.GET(path).is(200, { kind: 'APIResourceList', groupVersion: path.replace(/^\/apis?\//, '') });
        const found = some(
          list.resources,
          {
            name,
            kind,
            namespaced,
            singularName: kind.toLowerCase(),
            ...(shortNames ? { shortNames } : {}),
            ...(categories ? { categories } : {}),
          },
          path,
        );
        same([...found.verbs].sort(), name === 'namespaces' ? usualVerbs.filter((v) => v !== 'deletecollection') : usualVerbs, 'verbs');
        match(found.storageVersionHash, (v) => typeof v === 'string' || v === undefined, 'storageVersionHash');
      },
    ),
    ...table(
      others,
      ([path, name]) => `${path} has ${name}`,
      async (t, [path, name, expected]) => {
        const { resources: list } = await t.GET(path).is(200);
        const { verbs, ...rest } = expected;
        const found = some(list, { name, ...rest }, path);
        same([...found.verbs].sort(), verbs, 'verbs');
      },
    ),
    'aggregated /apis has groups, versions and resources in one answer': async (t) => {
      const answer = await t.GET('/apis', { accept: aggregated });
      answer.is(200, { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {} });
      match(answer.headers['content-type'], /application\/json.*as=APIGroupDiscoveryList/);
      match(answer.headers.etag, /^"[0-9A-F]+"$/, 'etag');
      const apps = some(answer.body.items, { metadata: { name: 'apps' } });
      const v1 = some(apps.versions, { version: 'v1', freshness: 'Current' });
      some(v1.resources, {
        resource: 'deployments',
        responseKind: { group: '', version: '', kind: 'Deployment' },
        scope: 'Namespaced',
        singularResource: 'deployment',
        shortNames: ['deploy'],
        categories: ['all'],
        subresources: (list) =>
          list.some((s) => s.subresource === 'scale' && s.responseKind.kind === 'Scale' && s.responseKind.group === 'autoscaling') &&
          list.some((s) => s.subresource === 'status'),
      });
    },
    'aggregated /api has the core group': async (t) => {
      const { items } = await t.GET('/api', { accept: aggregated }).is(200, { kind: 'APIGroupDiscoveryList' });
      const [core] = items;
      match(core.metadata.name, (v) => !v, 'the name of the core group');
      some(some(core.versions, { version: 'v1' }).resources, { resource: 'pods', scope: 'Namespaced', responseKind: { kind: 'Pod' } });
    },
    'aggregated discovery answers 304 to its own ETag': async (t) => {
      const { headers } = await t.GET('/apis', { accept: aggregated });
      await t.GET('/apis', { accept: aggregated, headers: { 'If-None-Match': headers.etag } }).is(304);
    },
    'the first acceptable kind of discovery wins': async (t) => {
      const accept = `application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,${aggregated},application/json`;
      await t.GET('/apis', { accept }).is(200, { kind: 'APIGroupDiscoveryList' });
    },
    '/version': async (t) => {
      await t.GET('/version').is(200, { major: '1', minor: /^\d+/, gitVersion: /^v1\.\d+\.\d+/, platform: /\// });
    },
    '/version needs no credential': async (t) => {
      await t.by(t.api.bearing()).GET('/version').is(200);
    },
    ...table(
      ['/healthz', '/livez', '/readyz'],
      (path) => `${path} says ok to anybody`,
      async (t, path) => {
        const answer = await t.by(t.api.bearing()).GET(path);
        answer.is(200);
        match(answer.text, 'ok');
        match(answer.headers['content-type'], /text\/plain/);
      },
    ),
    '/readyz?verbose lists its checks': async (t) => {
      const { text } = await t.GET('/readyz?verbose');
      match(text, /^\[\+\]ping ok\n/);
      match(text, /readyz check passed\n$/);
    },
    'the root lists paths': async (t) => {
      const { paths } = await t.GET('/').is(200);
      for (const path of ['/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1', '/healthz', '/openapi/v3', '/version'])
        if (!paths.includes(path)) throw new Error(`${path} is not among the paths of /`);
    },
    'the body of an unknown path is plain text': async (t) => {
      const answer = await t.GET('/nothing/here');
      answer.is(404);
      match(answer.text, '404 page not found\n');
      match(answer.headers['content-type'], /text\/plain/);
    },
    'an unknown group is 404 page not found': async (t) => {
      const answer = await t.GET('/apis/nothing.example/v1');
      answer.is(404);
      match(answer.text, '404 page not found\n');
    },
    'an unknown resource of a known group is a Status': async (t) => {
      await t.GET('/apis/apps/v1/nothings').is(404, {
        kind: 'Status',
        status: 'Failure',
        reason: 'NotFound',
        message: 'the server could not find the requested resource',
        details: {},
        code: 404,
      });
    },
    '/openapi/v3 names a document for each group version': async (t) => {
      const { paths } = await t.GET('/openapi/v3').is(200);
      for (const key of ['api/v1', 'apis/apps/v1', 'apis/batch/v1', 'apis/rbac.authorization.k8s.io/v1'])
        match(paths[key]?.serverRelativeURL, /^\/openapi\/v3\/.*\?hash=[0-9A-F]+$/, key);
    },
    'one OpenAPI document has schemas with their kinds': async (t) => {
      const document = await t.GET('/openapi/v3/apis/apps/v1').is(200, { openapi: /^3\.0/ });
      const schema = document.components.schemas['io.k8s.api.apps.v1.Deployment'];
      match(schema, {
        type: 'object',
        description: /Deployment enables declarative updates/,
        properties: { spec: (v) => v !== undefined, status: (v) => v !== undefined },
        'x-kubernetes-group-version-kind': [{ group: 'apps', kind: 'Deployment', version: 'v1' }],
      });
    },
    'an OpenAPI document under its hash may be kept for ever': async (t) => {
      const { paths } = await t.GET('/openapi/v3').is(200);
      const answer = await t.GET(paths['apis/apps/v1'].serverRelativeURL);
      answer.is(200);
      match(answer.headers['cache-control'], 'public, immutable');
    },
    'metrics.k8s.io is discovered where there are metrics': [
      ['metrics'],
      async (t) => {
        const { resources: list } = await t.GET('/apis/metrics.k8s.io/v1beta1').is(200);
        some(list, { name: 'nodes', kind: 'NodeMetrics', namespaced: false });
        some(list, { name: 'pods', kind: 'PodMetrics', namespaced: true });
      },
    ],
    'kubectl api-resources': [
      ['kubectl'],
      async (t) => {
        const text = await t.kubectl('api-resources').ok();
        match(text, /^deployments +deploy +apps\/v1 +true +Deployment$/m);
        match(text, /^nodes +no +v1 +false +Node$/m);
      },
    ],
    'kubectl api-resources by group and verbs': [
      ['kubectl'],
      async (t) => {
        const text = await t.kubectl('api-resources --api-group=batch --verbs=list,delete --namespaced -o name').ok();
        match(text, 'cronjobs.batch\njobs.batch\n');
      },
    ],
    'kubectl api-versions': [
      ['kubectl'],
      async (t) => {
        const lines = (await t.kubectl('api-versions').ok()).split('\n');
        for (const version of ['v1', 'apps/v1', 'autoscaling/v2', 'batch/v1'])
          if (!lines.includes(version)) throw new Error(`no ${version}`);
      },
    ],
    'kubectl explain a field': [
      ['kubectl'],
      async (t) => {
        const text = await t.kubectl('explain deployment.spec.strategy.rollingUpdate.maxSurge').ok();
        match(text, /^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n/);
        match(text, /FIELD: maxSurge <IntOrString>/);
      },
    ],
    'kubectl explain recursively': [
      ['kubectl'],
      async (t) => {
        const text = await t.kubectl('explain pods --recursive').ok();
        match(text, /livenessProbe\t<Probe>/);
      },
    ],
    'kubectl explain of a field that is not there': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('explain pods.spec.nothing').fails('error: field "nothing" does not exist');
      },
    ],
    'kubectl version': [
      ['kubectl'],
      async (t) => {
        match(await t.kubectl('version').ok(), /^Server Version: v1\.\d+/m);
      },
    ],
  },
);
