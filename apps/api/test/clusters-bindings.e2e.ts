import { KubeClient, KubeError, type KubeObject } from '@fairlead/kube';
import { type Role, roles } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator, alphaKubeconfig, core, rbac, tokenOf, until } from './support/cluster.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { grantsArrived } from './support/grants-arrived.js';

const tag = `clu-${Math.random().toString(36).slice(2, 8)}`;
const shop = `${tag}-shop`;
const existing = `${tag}-there`;
const foreign = `${tag}-foreign`;

describe.skipIf(!alphaKubeconfig)('a project in a real cluster', () => {
  const alpha = alphaKubeconfig ? administrator(alphaKubeconfig) : null!;
  let fairlead: Fairlead;
  let admin: Session;
  const people = {} as Record<Role, { id: string; session: Session }>;

  const subjectsOf = async (role: Role, namespace = shop): Promise<string[]> => {
    const found = await alpha.client.get(rbac('rolebindings', namespace, `fairlead-${role}`)).catch(() => null);
    return ((found?.subjects ?? []) as { name: string; namespace: string }[])
      .map((subject) => `${subject.namespace}/${subject.name}`)
      .sort();
  };
  const memberName = (role: Role) => `fairlead-people/u-${people[role].id}`;
  const grant = async (principal: string, role: Role, expiresAt: string | null = null) =>
    (await admin.post(`/projects/${tag}/grants`, { principal, role, expiresAt }).expect(201)).body as { id: string };

  beforeAll(async () => {
    fairlead = await startFairlead();
    admin = await fairlead.admin();
    await admin.post('/clusters', { name: 'alpha', kubeconfig: alpha.kubeconfig }).expect(201);
    for (const name of [existing, foreign])
      await alpha.client.create(core('namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const namespaces = [
      { cluster: 'alpha', namespace: shop, create: true },
      { cluster: 'alpha', namespace: existing, create: false },
    ];
    await admin.post('/projects', { name: tag, namespaces }).expect(201);
    for (const role of roles) {
      const { id, ...session } = await fairlead.person(`${role}-${tag}`);
      people[role] = { id, session };
      await grant(`${role}-${tag}`, role);
    }
  });
  afterAll(async () => {
    for (const name of [shop, existing, foreign]) await alpha.client.remove(core('namespaces', undefined, name)).catch(() => {});
    await alpha.client.close();
    await fairlead.close();
  });

  it('labels its namespaces and enforces Pod Security, whether they were there before or not', async () => {
    for (const name of [shop, existing]) {
      const { metadata } = await alpha.client.get(core('namespaces', undefined, name));
      expect(metadata.labels).toMatchObject({
        'fairlead.dev/project': tag,
        'pod-security.kubernetes.io/enforce': 'baseline',
        'pod-security.kubernetes.io/warn': 'restricted',
      });
      expect(metadata.labels?.['fairlead.dev/created']).toBe(name === shop ? 'true' : undefined);
    }
  });

  it('refuses namespaces of the system, of others, and those that are not there', async () => {
    const add = (namespace: string, create = false) => admin.post(`/projects/${tag}/namespaces`, { cluster: 'alpha', namespace, create });
    await alpha.client.patch(
      core('namespaces', undefined, foreign),
      { metadata: { labels: { 'fairlead.dev/project': 'somebody' } } },
      'merge',
    );
    for (const name of ['default', 'kube-system', 'fairlead-system', 'fairlead-x']) expect((await add(name)).status, name).toBe(400);
    expect((await add(foreign)).body).toMatchObject({ code: 'namespace_taken' });
    expect((await add(`${tag}-nowhere`)).body).toMatchObject({ code: 'namespace_taken' });
  });

  it('writes one binding per role in every namespace of the project', async () => {
    for (const namespace of [shop, existing])
      for (const role of roles)
        await until(
          10_000,
          () => subjectsOf(role, namespace),
          (subjects) => subjects.includes(memberName(role)),
        );
    // Written, and a moment later known to be.
    await grantsArrived(admin, tag, 10_000);
  });

  it.each([
    ['viewer', 'list', '', 'pods', '', true],
    ['viewer', 'get', '', 'pods', 'log', true],
    ['viewer', 'watch', 'apps', 'deployments', '', true],
    ['viewer', 'list', '', 'configmaps', '', true],
    ['viewer', 'list', 'discovery.k8s.io', 'endpointslices', '', true],
    ['viewer', 'list', 'metrics.k8s.io', 'pods', '', true],
    ['viewer', 'list', '', 'resourcequotas', '', true],
    ['viewer', 'get', '', 'secrets', '', false],
    ['viewer', 'list', '', 'secrets', '', false],
    ['viewer', 'create', 'apps', 'deployments', '', false],
    ['viewer', 'create', '', 'pods', 'exec', false],
    ['viewer', 'delete', '', 'pods', '', false],
    ['deployer', 'create', 'apps', 'deployments', '', true],
    ['deployer', 'patch', 'apps', 'deployments', '', true],
    ['deployer', 'patch', 'apps', 'deployments', 'scale', true],
    ['deployer', 'patch', 'apps', 'deployments', 'status', false],
    ['deployer', 'delete', 'networking.k8s.io', 'ingresses', '', true],
    ['deployer', 'create', 'batch', 'jobs', '', true],
    ['deployer', 'create', '', 'secrets', '', true],
    ['deployer', 'get', '', 'secrets', '', false],
    ['deployer', 'patch', '', 'secrets', '', false],
    ['deployer', 'delete', '', 'secrets', '', false],
    ['deployer', 'create', '', 'pods', 'exec', false],
    ['deployer', 'get', '', 'pods', 'exec', false],
    ['deployer', 'delete', '', 'pods', '', false],
    ['operator', 'create', '', 'pods', 'exec', true],
    ['operator', 'create', '', 'pods', 'attach', true],
    ['operator', 'create', '', 'pods', 'portforward', true],
    ['operator', 'delete', '', 'pods', '', true],
    ['operator', 'create', '', 'pods', 'eviction', true],
    ['operator', 'patch', '', 'pods', 'ephemeralcontainers', true],
    ['operator', 'get', '', 'secrets', '', true],
    ['operator', 'create', 'networking.k8s.io', 'networkpolicies', '', false],
    ['operator', 'create', '', 'resourcequotas', '', false],
    ['admin', 'create', 'networking.k8s.io', 'networkpolicies', '', true],
    ['admin', 'patch', '', 'resourcequotas', '', true],
    ['admin', 'create', '', 'limitranges', '', true],
    ['admin', 'create', 'rbac.authorization.k8s.io', 'rolebindings', '', false],
    ['admin', 'create', 'rbac.authorization.k8s.io', 'roles', '', false],
    ['admin', 'list', 'rbac.authorization.k8s.io', 'rolebindings', '', false],
    ['admin', 'create', '', 'serviceaccounts', 'token', false],
    ['admin', 'impersonate', '', 'serviceaccounts', '', false],
    ['admin', 'patch', '', 'namespaces', '', false],
    ['admin', 'delete', '', 'namespaces', '', false],
    ['admin', 'get', '', 'pods', 'proxy', false],
    ['admin', 'get', '', 'services', 'proxy', false],
  ] as const)('%s may %s %s/%s %s: %s', async (role, verb, group, resource, subresource, allowed) => {
    await until(
      10_000,
      () => subjectsOf(role),
      (subjects) => subjects.includes(memberName(role)),
    );
    const spec = {
      user: `system:serviceaccount:fairlead-people:u-${people[role].id}`,
      groups: ['system:authenticated'],
      resourceAttributes: { namespace: shop, verb, group, resource, subresource },
    };
    const ask = async () => {
      const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
      return (
        await alpha.client.create<KubeObject & { status: { allowed: boolean } }>('/apis/authorization.k8s.io/v1/subjectaccessreviews', body)
      ).status.allowed;
    };
    // The API server's own RBAC cache follows a moment after the binding.
    await until(3_000, ask, (answer) => answer === allowed);
  });

  describe('what somebody does to a binding in the cluster is undone within 10 s', () => {
    const path = rbac('rolebindings', shop, 'fairlead-viewer');
    const isRight = () =>
      until(
        10_000,
        () => subjectsOf('viewer'),
        (subjects) => JSON.stringify(subjects) === JSON.stringify([memberName('viewer')]),
      );

    it('deleted', async () => {
      await alpha.client.remove(path);
      await isRight();
    });
    it('given to somebody else too', async () => {
      const subjects = [
        { kind: 'ServiceAccount', name: 'u-intruder', namespace: 'fairlead-people' },
        { kind: 'User', name: 'mallory', apiGroup: 'rbac.authorization.k8s.io' },
      ];
      await alpha.client.patch(path, { subjects }, 'merge');
      await isRight();
    });
    it('made anew for a stronger role', async () => {
      const binding = await alpha.client.get(path);
      await alpha.client.remove(path);
      const { name, labels } = binding.metadata;
      await alpha.client.create(rbac('rolebindings', shop), {
        ...binding,
        metadata: { name, labels },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      });
      await until(
        10_000,
        () => alpha.client.get(path).catch(() => null),
        (found) => (found?.roleRef as { name: string } | undefined)?.name === 'fairlead:viewer',
      );
      await isRight();
    });
    it('a binding of our name that no grant asks for', async () => {
      const { id } = (await admin.get(`/projects/${tag}/grants`)).body.items.find((each: { role: string }) => each.role === 'operator');
      await admin.delete(`/projects/${tag}/grants/${id}`).expect(204);
      await until(
        10_000,
        () => subjectsOf('operator'),
        (subjects) => subjects.length === 0,
      );
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'fairlead:operator' };
      await alpha.client.create(rbac('rolebindings', shop), {
        metadata: { name: 'fairlead-operator' },
        roleRef,
        subjects: [{ kind: 'ServiceAccount', name: 'u-x', namespace: 'fairlead-people' }],
      });
      await until(
        10_000,
        () => subjectsOf('operator'),
        (subjects) => subjects.length === 0,
      );
      await grant(`operator-${tag}`, 'operator');
    });
  });

  it('says of a grant at once that it is not there yet, and says that it is when it is', async () => {
    const { id } = await fairlead.person(`late-${tag}`);
    const given = (await grant(`late-${tag}`, 'viewer')) as { id: string; pending: string[] };
    expect(given.pending).toEqual(['alpha']);
    await until(
      10_000,
      async () => (await admin.get(`/projects/${tag}/grants`)).body.items as { id: string; pending: string[] }[],
      (items) => items.find((each) => each.id === given.id)?.pending.length === 0,
    );
    expect(await subjectsOf('viewer')).toContain(`fairlead-people/u-${id}`);
    await admin.delete(`/projects/${tag}/grants/${given.id}`).expect(204);
  });

  it('ends a grant in the cluster when it expires', async () => {
    const { id } = await fairlead.person(`guest-${tag}`);
    await grant(`guest-${tag}`, 'viewer', new Date(Date.now() + 3_000).toISOString());
    const name = `fairlead-people/u-${id}`;
    await until(
      3_000,
      () => subjectsOf('viewer'),
      (subjects) => subjects.includes(name),
    );
    await until(
      6_000,
      () => subjectsOf('viewer'),
      (subjects) => !subjects.includes(name),
    );
  });

  it('ends the grants of a person who is disabled', async () => {
    const { id } = await fairlead.person(`leaver-${tag}`);
    await grant(`leaver-${tag}`, 'operator');
    const name = `fairlead-people/u-${id}`;
    await until(
      5_000,
      () => subjectsOf('operator'),
      (subjects) => subjects.includes(name),
    );
    await admin.patch(`/users/leaver-${tag}`, { disabled: true }).expect(200);
    await until(
      5_000,
      () => subjectsOf('operator'),
      (subjects) => !subjects.includes(name),
    );
  });

  describe('the keeper, were its token stolen', () => {
    let keeper: KubeClient;
    beforeAll(async () => {
      keeper = new KubeClient({
        server: alpha.server,
        ca: alpha.ca,
        auth: { token: await tokenOf(alpha.client, 'fairlead-system', 'keeper') },
      });
    });
    afterAll(() => keeper.close());
    const someone = { kind: 'ServiceAccount', name: 'u-x', namespace: 'fairlead-people' };
    const bind = (namespace: string, change: object = {}) =>
      keeper.create(rbac('rolebindings', namespace), {
        metadata: { name: 'fairlead-viewer' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'fairlead:viewer' },
        subjects: [someone],
        ...change,
      });
    const ref = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name });
    const label = (namespace: string, labels: Record<string, string | null>) =>
      keeper.patch(core('namespaces', undefined, namespace), { metadata: { labels } }, 'merge');
    const ns = (name: string, labels: Record<string, string>) => keeper.create(core('namespaces'), { metadata: { name, labels } });
    const secure = { 'pod-security.kubernetes.io/enforce': 'baseline' };

    it.each<[string, () => Promise<unknown>]>([
      ['binds in kube-system', () => bind('kube-system')],
      ['binds in default', () => bind('default')],
      ['binds in fairlead-system', () => bind('fairlead-system')],
      ['binds in fairlead-people', () => bind('fairlead-people')],
      ['binds where no project is', () => bind('kube-public')],
      ['binds cluster-admin', () => bind(shop, { roleRef: ref('cluster-admin'), metadata: { name: 'fairlead-admin' } })],
      ["binds the cluster's own edit", () => bind(shop, { roleRef: ref('edit'), metadata: { name: 'fairlead-admin' } })],
      ['binds under another name', () => bind(shop, { metadata: { name: 'another' } })],
      ['binds a name to be generated', () => bind(shop, { metadata: { generateName: 'fairlead-' } })],
      [
        'binds a user',
        () =>
          bind(shop, { metadata: { name: 'fairlead-x' }, subjects: [{ kind: 'User', name: 'me', apiGroup: 'rbac.authorization.k8s.io' }] }),
      ],
      [
        'adds a ServiceAccount of elsewhere',
        () =>
          keeper.patch(rbac('rolebindings', shop, 'fairlead-viewer'), { subjects: [{ ...someone, namespace: 'kube-system' }] }, 'merge'),
      ],
      [
        'binds in the whole cluster',
        () =>
          keeper.create(rbac('clusterrolebindings'), {
            metadata: { name: 'fairlead-x' },
            roleRef: ref('fairlead:viewer'),
            subjects: [someone],
          }),
      ],
      ['makes a role', () => keeper.create(rbac('roles', shop), { metadata: { name: 'x' }, rules: [] })],
      ['labels kube-system', () => label('kube-system', { 'fairlead.dev/project': 'x', ...secure })],
      ['labels default', () => label('default', { 'fairlead.dev/project': 'x', ...secure })],
      ["gives another's namespace to a project", () => label(foreign, { 'fairlead.dev/project': tag, ...secure })],
      ["changes a project's id", () => label(shop, { 'fairlead.dev/project-id': 'x' })],
      ["claims to have made another's namespace", () => label(existing, { 'fairlead.dev/created': 'true' })],
      ['loosens Pod Security', () => label(shop, { 'pod-security.kubernetes.io/enforce': 'privileged' })],
      ['takes Pod Security off', () => label(shop, { 'pod-security.kubernetes.io/enforce': null })],
      [
        'annotates a namespace without a project',
        () => keeper.patch(core('namespaces', undefined, 'kube-public'), { metadata: { annotations: { x: 'y' } } }, 'merge'),
      ],
      ['makes a namespace without a project', () => ns(`${tag}-x`, secure)],
      ['makes a namespace of the system', () => ns('kube-x', { 'fairlead.dev/project': 'x', ...secure })],
      ['makes a namespace without Pod Security', () => ns(`${tag}-x`, { 'fairlead.dev/project': 'x' })],
      ['deletes kube-system', () => keeper.remove(core('namespaces', undefined, 'kube-system'), { dryRun: true })],
      ['deletes a namespace that it did not make', () => keeper.remove(core('namespaces', undefined, existing), { dryRun: true })],
      ['reads Secrets', () => keeper.list(core('secrets', shop))],
      ['reads pods', () => keeper.list(core('pods', shop))],
      ['makes tokens', () => tokenOf(keeper, 'fairlead-system', 'impersonator')],
      [
        'makes a ServiceAccount of a person',
        () => keeper.create(core('serviceaccounts', 'fairlead-people'), { metadata: { name: 'u-x' } }),
      ],
      [
        'lifts its own policy',
        () => keeper.remove('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/fairlead-keeper-bindings', { dryRun: true }),
      ],
    ])('never %s', async (_, attempt) => {
      const error = await attempt().then(
        () => null,
        (refusal: unknown) => refusal,
      );
      expect(error).toBeInstanceOf(KubeError);
      expect([403, 422]).toContain((error as KubeError).code);
    });

    it('and nobody makes a ServiceAccount of a person, not even an administrator', async () => {
      await expect(
        alpha.client.create(core('serviceaccounts', 'fairlead-people'), { metadata: { name: 'u-x' } }, { dryRun: true }),
      ).rejects.toThrow('no ServiceAccount may exist');
    });
  });

  describe('the impersonator', () => {
    let alone: KubeClient;
    beforeAll(async () => {
      alone = new KubeClient({
        server: alpha.server,
        ca: alpha.ca,
        auth: { token: await tokenOf(alpha.client, 'fairlead-system', 'impersonator') },
      });
    });
    afterAll(() => alone.close());
    const me = () => `system:serviceaccount:fairlead-people:u-${people.viewer.id}`;
    const group = ['system:authenticated'];
    const pods = core('pods', shop);

    it.each(['namespaces', 'nodes', 'pods', 'secrets', 'serviceaccounts'])('alone may not list %s', async (resource) => {
      await expect(alone.list(core(resource))).rejects.toMatchObject({ code: 403 });
    });
    it('as a viewer lists the pods of the project, and of no other namespace', async () => {
      const viewer = alone.as({ user: me(), groups: group, extra: { 'fairlead.dev/token': ['t'] } });
      expect((await viewer.list(pods)).items).toEqual([]);
      await expect(viewer.list(core('pods', 'kube-system'))).rejects.toMatchObject({ code: 403 });
      await expect(viewer.list(core('pods'))).rejects.toMatchObject({ code: 403 });
    });
    it.each<[string, { user: string; groups: string[]; extra: Record<string, string[]> }]>([
      ['a user by name', { user: 'admin', groups: group, extra: {} }],
      [
        'the group system:masters',
        { user: 'system:serviceaccount:fairlead-people:u-x', groups: ['system:authenticated', 'system:masters'], extra: {} },
      ],
      ['a group of ServiceAccounts', { user: 'system:serviceaccount:fairlead-people:u-x', groups: ['system:serviceaccounts'], extra: {} }],
      ["a controller's identity", { user: 'system:serviceaccount:kube-system:generic-garbage-collector', groups: group, extra: {} }],
      ["Fairlead's own minter", { user: 'system:serviceaccount:fairlead-system:minter', groups: group, extra: {} }],
      ['a node', { user: 'system:node:fake-1', groups: group, extra: {} }],
      ['another extra', { user: 'system:serviceaccount:fairlead-people:u-x', groups: group, extra: { scopes: ['x'] } }],
    ])('may not act as %s', async (_, as) => {
      await expect(alone.as(as).list(pods)).rejects.toMatchObject({ code: 403 });
    });
  });

  it('gives its namespaces back when it is deleted: label and bindings gone, and those it made only if asked', async () => {
    await admin.delete(`/projects/${tag}`, { confirm: tag, deleteNamespaces: [{ cluster: 'alpha', namespace: shop }] }).expect(204);
    const { metadata } = await alpha.client.get(core('namespaces', undefined, existing));
    expect(Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith('fairlead.dev/'))).toEqual([]);
    const left = await alpha.client.list(rbac('rolebindings', existing));
    expect(left.items.map((each) => each.metadata.name)).toEqual([]);
    const made = await alpha.client.get(core('namespaces', undefined, shop)).catch(() => null);
    expect(made === null || made.metadata.deletionTimestamp !== undefined).toBe(true);
  });
});
