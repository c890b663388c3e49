import { absent, match, same, some } from '../lib/expect.mjs';
import { binding, configMap, failure, idlePod, role } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const rule = (verbs, resources, more = {}) => ({ apiGroups: [''], verbs, resources, ...more });
const roleRef = (name, kind = 'ClusterRole') => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const users = (...names) => names.map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }));

/** Gives ann these rules in the namespace and waits until they count. */
async function grant(t, rules, user = 'ann') {
  await t.create('roles', role(`for-${user}`, rules));
  await t.create('rolebindings', binding(`for-${user}`, `for-${user}`, user));
  const [first] = rules;
  const attributes = {
    namespace: t.ns,
    verb: first.verbs[0].replace('*', 'get'),
    group: first.apiGroups[0],
    resource: first.resources[0].split('/')[0],
    subresource: first.resources[0].split('/')[1],
    name: first.resourceNames?.[0],
  };
  await t.until(`${user} has the right`, async () => (await can(t, user, attributes)).allowed);
  return t.by(t.api.as(user));
}

async function can(t, user, resourceAttributes, groups) {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, groups, resourceAttributes } };
  return (await t.POST('/apis/authorization.k8s.io/v1/subjectaccessreviews', body).is(201)).status;
}

/** What ann, without any right, is told: [title, method, path from the namespace on, body, message, details]. */
const forbidden = [
  [
    'list',
    'GET',
    'pods',
    undefined,
    (ns) => `pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "${ns}"`,
    { kind: 'pods' },
  ],
  [
    'get',
    'GET',
    'pods/x',
    undefined,
    (ns) => `pods "x" is forbidden: User "ann" cannot get resource "pods" in API group "" in the namespace "${ns}"`,
    { kind: 'pods', name: 'x' },
  ],
  [
    'watch',
    'GET',
    'pods?watch=true',
    undefined,
    (ns) => `pods is forbidden: User "ann" cannot watch resource "pods" in API group "" in the namespace "${ns}"`,
  ],
  [
    'watch of one by field selector',
    'GET',
    'pods?watch=true&fieldSelector=metadata.name%3Dx',
    undefined,
    (ns) => `pods "x" is forbidden: User "ann" cannot watch resource "pods" in API group "" in the namespace "${ns}"`,
  ],
  [
    'create',
    'POST',
    'pods',
    {},
    (ns) => `pods is forbidden: User "ann" cannot create resource "pods" in API group "" in the namespace "${ns}"`,
  ],
  [
    'update',
    'PUT',
    'pods/x',
    {},
    (ns) => `pods "x" is forbidden: User "ann" cannot update resource "pods" in API group "" in the namespace "${ns}"`,
  ],
  [
    'patch',
    'PATCH',
    'pods/x',
    {},
    (ns) => `pods "x" is forbidden: User "ann" cannot patch resource "pods" in API group "" in the namespace "${ns}"`,
  ],
  [
    'delete',
    'DELETE',
    'pods/x',
    undefined,
    (ns) => `pods "x" is forbidden: User "ann" cannot delete resource "pods" in API group "" in the namespace "${ns}"`,
  ],
  [
    'deletecollection',
    'DELETE',
    'pods',
    undefined,
    (ns) => `pods is forbidden: User "ann" cannot deletecollection resource "pods" in API group "" in the namespace "${ns}"`,
  ],
  [
    'a subresource',
    'GET',
    'pods/x/log',
    undefined,
    (ns) => `pods "x" is forbidden: User "ann" cannot get resource "pods/log" in API group "" in the namespace "${ns}"`,
    { kind: 'pods', name: 'x' },
  ],
  [
    'exec',
    'POST',
    'pods/x/exec?command=ls',
    undefined,
    (ns) => `pods "x" is forbidden: User "ann" cannot create resource "pods/exec" in API group "" in the namespace "${ns}"`,
  ],
];

export default suite(
  'authorization',
  { namespace: 'own' },
  {
    ...table(
      forbidden,
      ([title]) => `the words of a refusal: ${title}`,
      async (t, [, method, rest, body, message, details]) => {
        const ann = t.by(t.api.as('ann'));
        await ann
          .request(method, `/api/v1/namespaces/${t.ns}/${rest}`, body, method === 'PATCH' ? { type: 'application/merge-patch+json' } : {})
          .is(403, failure(403, 'Forbidden', message(t.ns), details));
      },
    ),
    'the words of a refusal in a group': async (t) => {
      await t
        .by(t.api.as('ann'))
        .GET(t.path('deployments', 'x'))
        .is(
          403,
          failure(
            403,
            'Forbidden',
            `deployments.apps "x" is forbidden: User "ann" cannot get resource "deployments" in API group "apps" in the namespace "${t.ns}"`,
            { group: 'apps', kind: 'deployments', name: 'x' },
          ),
        );
    },
    'the words of a refusal of the whole cluster': async (t) => {
      await t
        .by(t.api.as('ann'))
        .GET('/api/v1/nodes')
        .is(403, { message: 'nodes is forbidden: User "ann" cannot list resource "nodes" in API group "" at the cluster scope' });
      await t
        .by(t.api.as('ann'))
        .GET('/api/v1/pods')
        .is(403, { message: 'pods is forbidden: User "ann" cannot list resource "pods" in API group "" at the cluster scope' });
    },
    'the words of a refusal of a path': async (t) => {
      await t
        .by(t.api.as('ann'))
        .GET('/metrics')
        .is(403, failure(403, 'Forbidden', 'forbidden: User "ann" cannot get path "/metrics"', {}));
    },
    'a namespace is asked for as its own resource': async (t) => {
      await t
        .by(t.api.as('ann'))
        .GET(`/api/v1/namespaces/${t.ns}`)
        .is(403, {
          message: `namespaces "${t.ns}" is forbidden: User "ann" cannot get resource "namespaces" in API group "" in the namespace "${t.ns}"`,
        });
    },
    'a role gives its verbs and no more': async (t) => {
      const ann = await grant(t, [rule(['get', 'list'], ['configmaps'])]);
      await ann.GET(t.path('configmaps')).is(200);
      await ann.POST(t.path('configmaps'), configMap('x')).is(403);
      await ann.GET('/api/v1/configmaps').is(403);
      await ann.GET('/api/v1/namespaces/default/configmaps').is(403);
    },
    'a right ends with its binding': async (t) => {
      const ann = await grant(t, [rule(['list'], ['configmaps'])]);
      await ann.GET(t.path('configmaps')).is(200);
      await t.DELETE(t.path('rolebindings', 'for-ann')).is(200);
      await t.until('403', async () => (await ann.GET(t.path('configmaps'))).status === 403);
    },
    resourceNames: async (t) => {
      await t.create('configmaps', configMap('mine'));
      const ann = await grant(t, [rule(['get', 'list', 'watch'], ['configmaps'], { resourceNames: ['mine'] })]);
      await ann.GET(t.path('configmaps', 'mine')).is(200);
      await ann.GET(t.path('configmaps', 'other')).is(403);
      await ann.GET(t.path('configmaps')).is(403);
      await ann.GET(t.path('configmaps'), { query: { fieldSelector: 'metadata.name=mine' } }).is(200);
    },
    'a subresource needs its own right': async (t) => {
      await t.create('pods', idlePod('p'));
      const ann = await grant(t, [rule(['get', 'update'], ['pods'])]);
      await ann.GET(t.path('pods', 'p')).is(200);
      await ann.GET(t.path('pods', 'p', 'status')).is(403, {
        message: `pods "p" is forbidden: User "ann" cannot get resource "pods/status" in API group "" in the namespace "${t.ns}"`,
      });
    },
    '*/scale is the scale of any': async (t) => {
      await grant(t, [{ apiGroups: ['apps'], resources: ['*/scale'], verbs: ['update'] }], 'bob').catch(() => {});
      await t.until(
        'the right',
        async () =>
          (await can(t, 'bob', { namespace: t.ns, verb: 'update', group: 'apps', resource: 'deployments', subresource: 'scale' })).allowed,
      );
      match((await can(t, 'bob', { namespace: t.ns, verb: 'update', group: 'apps', resource: 'deployments' })).allowed, false);
    },
    'stars give everything': async (t) => {
      await grant(t, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
      match(
        (await can(t, 'ann', { namespace: t.ns, verb: 'anything', group: 'some.example', resource: 'things', subresource: 'parts' }))
          .allowed,
        true,
      );
    },
    'a ClusterRole in a RoleBinding counts in its namespace only': async (t) => {
      await t.create('rolebindings', binding('viewer', 'view', 'ann', 'ClusterRole'));
      const ann = t.by(t.api.as('ann'));
      await t.until('200', async () => (await ann.GET(t.path('pods'))).status === 200);
      await ann.GET(t.path('secrets')).is(403);
      await ann.GET('/api/v1/pods').is(403);
    },
    'a ServiceAccount as a subject': async (t) => {
      await t.create('rolebindings', {
        metadata: { name: 'robot' },
        roleRef: roleRef('edit'),
        subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: t.ns }],
      });
      await t.until(
        'allowed',
        async () =>
          (await can(t, `system:serviceaccount:${t.ns}:robot`, { namespace: t.ns, verb: 'create', group: 'apps', resource: 'deployments' }))
            .allowed,
      );
    },
    'a group as a subject': async (t) => {
      await t.create('rolebindings', {
        metadata: { name: 'crew' },
        roleRef: roleRef('view'),
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'crew' }],
      });
      await t.until('allowed', async () => (await can(t, 'bob', { namespace: t.ns, verb: 'list', resource: 'pods' }, ['crew'])).allowed);
      await t
        .by(t.api.as('bob', { groups: ['crew'] }))
        .GET(t.path('pods'))
        .is(200);
    },
    nonResourceURLs: async (t) => {
      await t.create('clusterroles', { metadata: { name: t.id }, rules: [{ nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] }] });
      await t.create('clusterrolebindings', { metadata: { name: t.id }, roleRef: roleRef(t.id), subjects: users(`u-${t.id}`) });
      const ask = async (path) =>
        (
          await t
            .POST('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
              spec: { user: `u-${t.id}`, nonResourceAttributes: { path, verb: 'get' } },
            })
            .is(201)
        ).status.allowed;
      await t.until('allowed', () => ask('/metrics'));
      match(await ask('/logs/a/b'), true);
      match(await ask('/other'), false);
    },
    'aggregation: a ClusterRole takes up the rules of those with its label': async (t) => {
      const label = { [`example.com/${t.id}`]: 'true' };
      await t.create('clusterroles', {
        metadata: { name: t.id },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: label }] },
        rules: [],
      });
      await t.create('clusterroles', { metadata: { name: `${t.id}-part`, labels: label }, rules: [rule(['get'], ['pods'])] });
      await t.untilObject('clusterroles', t.id, { rules: [{ resources: ['pods'], verbs: ['get'] }] });
    },
    'escalation: nobody makes a role with more than they have': async (t) => {
      const ann = await grant(t, [
        rule(['create'], ['configmaps']),
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['create', 'update'] },
      ]);
      await ann.POST(t.path('roles'), role('more', [rule(['get'], ['secrets'])])).is(403, {
        reason: 'Forbidden',
        message:
          'roles.rbac.authorization.k8s.io "more" is forbidden: user "ann" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
      });
      await ann.POST(t.path('roles'), role('less', [rule(['create'], ['configmaps'])])).is(201);
    },
    'escalation: with the verb escalate it is allowed': async (t) => {
      const ann = await grant(t, [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['create', 'escalate'] }]);
      await ann.POST(t.path('roles'), role('more', [rule(['get'], ['secrets'])])).is(201);
    },
    'escalation: nobody binds a role with more than they have': async (t) => {
      const ann = await grant(t, [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings'], verbs: ['create'] }]);
      await t.create('roles', role('more', [rule(['get'], ['secrets'])]));
      await ann.POST(t.path('rolebindings'), binding('more', 'more', 'ann')).is(403, {
        message:
          'rolebindings.rbac.authorization.k8s.io "more" is forbidden: user "ann" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
      });
    },
    'escalation: with the verb bind on that role it is allowed': async (t) => {
      const ann = await grant(t, [
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings'], verbs: ['create'] },
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['bind'], resourceNames: ['more'] },
      ]);
      await t.create('roles', role('more', [rule(['get'], ['secrets'])]));
      await ann.POST(t.path('rolebindings'), binding('more', 'more', 'ann')).is(201);
    },
    'the role of a binding cannot be changed': async (t) => {
      await t.create('rolebindings', binding('b', 'one', 'ann'));
      await t.PUT(t.path('rolebindings', 'b'), binding('b', 'two', 'ann')).is(422, {
        message:
          'RoleBinding.rbac.authorization.k8s.io "b" is invalid: roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"two"}: cannot change roleRef',
      });
    },
    'SelfSubjectAccessReview, yes with a reason and no': async (t) => {
      const ann = await grant(t, [rule(['get'], ['pods'])]);
      const ask = (verb) =>
        ann.POST('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { namespace: t.ns, verb, resource: 'pods' } },
        });
      await ask('get').is(201, {
        kind: 'SelfSubjectAccessReview',
        status: { allowed: true, reason: `RBAC: allowed by RoleBinding "for-ann/${t.ns}" of Role "for-ann" to User "ann"` },
      });
      await ask('delete').is(201, { status: { allowed: false, reason: absent } });
    },
    'SubjectAccessReview needs a user or groups': async (t) => {
      await t
        .POST('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } })
        .is(422, {
          message: '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
        });
    },
    'a review asks about a resource or about a path': async (t) => {
      await t.POST('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: {} }).is(422, {
        message:
          /spec\.resourceAttributes: Invalid value: .*null.*: exactly one of nonResourceAttributes or resourceAttributes must be specified/,
      });
    },
    'LocalSubjectAccessReview is of its namespace': async (t) => {
      await grant(t, [rule(['get'], ['pods'])]);
      const body = (namespace) => ({
        metadata: { namespace: t.ns },
        spec: { user: 'ann', resourceAttributes: { namespace, verb: 'get', resource: 'pods' } },
      });
      await t
        .POST(t.path('localsubjectaccessreviews'), body(t.ns))
        .is(201, { kind: 'LocalSubjectAccessReview', status: { allowed: true } });
      await t
        .POST(t.path('localsubjectaccessreviews'), body('default'))
        .is(422, { message: /spec\.resourceAttributes\.namespace: Invalid value: "default": must match metadata\.namespace/ });
    },
    'SelfSubjectRulesReview lists the rules': async (t) => {
      const ann = await grant(t, [rule(['get'], ['pods'], { resourceNames: ['p'] })]);
      const { status } = await ann
        .POST('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: t.ns } })
        .is(201, { kind: 'SelfSubjectRulesReview' });
      match(status.incomplete, false);
      some(status.resourceRules, { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['p'] });
      some(status.resourceRules, { verbs: ['create'], apiGroups: ['authorization.k8s.io'] });
      some(status.nonResourceRules, { verbs: ['get'], nonResourceURLs: (v) => v.includes('/healthz') });
    },
    'SelfSubjectRulesReview needs a namespace': async (t) => {
      await t.POST('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: {} }).is(400, { message: 'no namespace on request' });
    },
    'the roles that come with a cluster': async (t) => {
      for (const name of ['cluster-admin', 'admin', 'edit', 'view', 'system:discovery', 'system:basic-user', 'system:public-info-viewer'])
        await t.read('clusterroles', name);
      same((await t.read('clusterroles', 'cluster-admin')).rules, [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]);
      match((await t.read('clusterroles', 'admin')).aggregationRule.clusterRoleSelectors, [
        { matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' } },
      ]);
    },
    'kubectl auth can-i': [
      ['kubectl'],
      async (t) => {
        await grant(t, [rule(['list'], ['pods'])]);
        await t.kubectl('auth can-i list pods --as=ann').ok('yes');
        const { code, stdout } = await t.kubectl('auth can-i delete pods --as=ann');
        match([code, stdout], [1, 'no\n']);
      },
    ],
    'kubectl auth can-i --list': [
      ['kubectl'],
      async (t) => {
        await grant(t, [rule(['list', 'get'], ['pods'])]);
        const text = await t.kubectl('auth can-i --list --as=ann').ok();
        match(text, /^Resources +Non-Resource URLs +Resource Names +Verbs\n/);
        match(text, /^pods +\[\] +\[\] +\[list get\]$/m);
        match(text, /^ +\[\/healthz\] +\[\] +\[get\]$/m);
      },
    ],
    'kubectl create role, rolebinding, clusterrole, clusterrolebinding': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('create role r --verb=get,list --resource=pods,deployments.apps').ok('role.rbac.authorization.k8s.io/r created');
        await t.kubectl('create rolebinding b --role=r --user=ann --group=crew').ok('rolebinding.rbac.authorization.k8s.io/b created');
        t.cleanup(() => t.DELETE(t.path('clusterroles', t.id)));
        t.cleanup(() => t.DELETE(t.path('clusterrolebindings', t.id)));
        await t
          .kubectl(`create clusterrole ${t.id} --verb=get --non-resource-url=/metrics`)
          .ok(`clusterrole.rbac.authorization.k8s.io/${t.id} created`);
        await t
          .kubectl(`create clusterrolebinding ${t.id} --clusterrole=${t.id} --serviceaccount=${t.ns}:default`)
          .ok(`clusterrolebinding.rbac.authorization.k8s.io/${t.id} created`);
        match((await t.read('roles', 'r')).rules, [
          { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
          { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
        ]);
        match(
          await t.kubectl('describe rolebinding b').ok(),
          /^Name: +b\nLabels: +<none>\nAnnotations: +<none>\nRole:\n {2}Kind: +Role\n {2}Name: +r\nSubjects:\n {2}Kind +Name +Namespace\n {2}---- +---- +---------\n {2}User +ann +\n {2}Group +crew +\n$/,
        );
        match(
          await t.kubectl('describe role r').ok(),
          /PolicyRule:\n {2}Resources +Non-Resource URLs +Resource Names +Verbs\n.*\n {2}pods +\[\] +\[\] +\[get list\]\n {2}deployments\.apps +\[\] +\[\] +\[get list\]\n/,
        );
      },
    ],
    'kubectl auth reconcile': [
      ['kubectl'],
      async (t) => {
        await t
          .kubectl('auth reconcile -f -', { stdin: { ...role('r', [rule(['get'], ['pods'])]), metadata: { name: 'r', namespace: t.ns } } })
          .ok(/^role\.rbac\.authorization\.k8s\.io\/r reconciled/);
      },
    ],
  },
);
