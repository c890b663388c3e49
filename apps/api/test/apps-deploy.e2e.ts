import { KubeError, type KubeObject, resourcePath } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Session } from './support/fairlead.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig, type TestCluster } from './support/test-cluster.js';

/** Deploys to a control plane with fake nodes: everything but what runs inside a container is real. */
describe.skipIf(!alphaKubeconfig)('apps on a real control plane', () => {
  let shop: Shop;
  let cluster: TestCluster;
  let namespace: string;
  let admin: Session;
  let dev: Session;
  const api = '/projects/shop/apps';

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    ({ cluster, namespace, admin, dev } = shop);
  });
  afterAll(() => shop?.close());

  const live = (group: string, resource: string, name: string): Promise<KubeObject | null> =>
    cluster.admin.get(resourcePath({ group, version: 'v1', resource, namespace, name })).catch((error: unknown) => {
      if (error instanceof KubeError && error.code === 404) return null;
      throw error;
    });
  const deployment = async (name = 'web') =>
    (await live('apps', 'deployments', name)) as
      | (KubeObject & { spec: { replicas: number; template: { spec: { containers: { image: string }[] } } } })
      | null;
  const body = (name: string, spec: object) => ({ name, cluster: 'testbed', namespace, spec });
  const change = (name: string, revision: number, spec: object) => dev.patch(`${api}/${name}`, { spec }).set('if-match', `"${revision}"`);

  it('plans, and makes nothing', async () => {
    const plan = await dev
      .post('/projects/shop/plan', body('web', { image: 'nginx:1.14.2', port: 80, replicas: 3, host: `${namespace}.example` }))
      .expect(200);
    expect(plan.body).toMatchObject({ clean: true, obstacles: [], hash: expect.any(String) });
    expect(plan.body.changes.map((c: { object: string; action: string }) => `${c.action} ${c.object}`).sort()).toEqual([
      'create Deployment/web',
      'create Ingress/web',
      'create PodDisruptionBudget/web',
      'create Service/web',
    ]);
    expect(plan.body.commands.rest).toContain('curl -X POST');
    expect(await deployment()).toBeNull();
    expect((await dev.get(api)).body.items).toEqual([]);
  });

  it('creates exactly what was planned, as the caller', async () => {
    const wanted = body('web', { image: 'nginx:1.14.2', port: 80, replicas: 3, host: `${namespace}.example` });
    const plan = await dev.post('/projects/shop/plan', wanted).expect(200);
    const made = await dev.post(api, { ...wanted, planHash: plan.body.hash }).expect(202);
    expect(made.body.revision).toMatchObject({
      number: 1,
      cause: 'create',
      state: 'applied',
      summary: 'nginx:1.14.2, 3 replicas',
      author: { name: 'dev' },
    });
    expect(made.body.app).toMatchObject({ name: 'web', workload: { kind: 'Deployment', name: 'web' }, cluster: { name: 'testbed' } });
    const found = await deployment();
    expect(found?.spec).toMatchObject({
      replicas: 3,
      template: { spec: { containers: [{ image: 'nginx:1.14.2', securityContext: { allowPrivilegeEscalation: false } }] } },
    });
    expect(found?.metadata.annotations).toMatchObject({ 'fairlead.dev/app-id': made.body.app.id, 'fairlead.dev/revision': '1' });
    expect(await live('networking.k8s.io', 'ingresses', 'web')).not.toBeNull();
  });

  it('scales without If-Match, and rolls no pod by it', async () => {
    const before = await deployment();
    const scaled = await dev.post(`${api}/web/scale`, { replicas: 5 }).expect(202);
    expect(scaled.body.revision).toMatchObject({ number: 2, cause: 'scale', summary: '3 → 5 replicas', state: 'applied' });
    const after = await deployment();
    expect(after?.spec.replicas).toBe(5);
    expect(after?.spec.template).toEqual(before?.spec.template);
  });

  it('changes the image with If-Match, after a plan in words', async () => {
    expect((await dev.patch(`${api}/web`, { spec: { image: 'nginx:1.27' } }).expect(428)).body.code).toBe('precondition_required');
    const plan = await dev.post(`${api}/web/plan`, { spec: { image: 'nginx:1.27' } }).expect(200);
    expect(plan.body.changes.find((c: { object: string }) => c.object === 'Deployment/web')).toMatchObject({
      action: 'change',
      words: ['image nginx:1.14.2 → nginx:1.27'],
    });
    const changed = await change('web', 2, { image: 'nginx:1.27' }).expect(202);
    expect(changed.body.revision).toMatchObject({ number: 3, cause: 'image', state: 'applied' });
    expect((await deployment())?.spec.template.spec.containers[0]?.image).toBe('nginx:1.27');
  });

  it('the same again makes no revision and leaves every resourceVersion', async () => {
    const versions = async () =>
      Promise.all(
        [
          live('apps', 'deployments', 'web'),
          live('', 'services', 'web'),
          live('networking.k8s.io', 'ingresses', 'web'),
          live('policy', 'poddisruptionbudgets', 'web'),
        ].map(async (each) => (await each)?.metadata.generation ?? (await each)?.metadata.resourceVersion),
      );
    const before = await versions();
    const again = await change('web', 3, { image: 'nginx:1.27' }).expect(202);
    expect(again.body.revision.number).toBe(3);
    expect(await versions()).toEqual(before);
  });

  it('shows both sides when two people edit at once', async () => {
    const [a, b] = await Promise.all([
      change('web', 3, { env: [{ name: 'A', value: '1' }] }),
      change('web', 3, { env: [{ name: 'B', value: '2' }] }),
    ]);
    expect([a.status, b.status].sort()).toEqual([202, 409]);
    const refused = a.status === 409 ? a : b;
    expect(refused.body).toMatchObject({
      code: 'revision_conflict',
      details: { current: { revision: 4, by: 'dev', spec: { env: [{}] } }, yours: { revision: 3, spec: { env: [{}] } } },
    });
  });

  it('prunes what the new revision no longer wants', async () => {
    await change('web', 4, { host: null }).expect(202);
    expect(await live('networking.k8s.io', 'ingresses', 'web')).toBeNull();
    expect(await live('', 'services', 'web')).not.toBeNull();
  });

  it('rolls back to any revision, as a new one', async () => {
    const plan = await dev.post(`${api}/web/plan`, { revision: 1 }).expect(200);
    expect(plan.body.changes.find((c: { object: string }) => c.object === 'Deployment/web').words).toEqual(
      expect.arrayContaining(['5 → 3 replicas', 'image nginx:1.27 → nginx:1.14.2']),
    );
    const back = await dev.post(`${api}/web/rollback`, { revision: 1, planHash: plan.body.hash }).expect(202);
    expect(back.body.revision).toMatchObject({ number: 6, cause: 'rollback', rolledBackFrom: 5, state: 'applied' });
    expect(await deployment()).toMatchObject({ spec: { replicas: 3 } });
    expect(await live('networking.k8s.io', 'ingresses', 'web')).not.toBeNull();
    const list = await dev.get(`${api}/web/revisions?limit=2`).expect(200);
    expect(list.body.items.map((r: { number: number }) => r.number)).toEqual([6, 5]);
    expect(
      (await dev.get(`${api}/web/revisions?limit=2&cursor=${list.body.next}`)).body.items.map((r: { number: number }) => r.number),
    ).toEqual([4, 3]);
  });

  it('refuses a plan that no longer holds', async () => {
    const plan = await dev.post(`${api}/web/plan`, { spec: { replicas: 4 } }).expect(200);
    await dev.post(`${api}/web/scale`, { replicas: 2 }).expect(202);
    expect(
      (
        await dev
          .patch(`${api}/web`, { spec: { replicas: 4 }, planHash: plan.body.hash })
          .set('if-match', '"7"')
          .expect(409)
      ).body.code,
    ).toBe('plan_changed');
  });

  it('names every obstacle before anything exists', async () => {
    expect((await dev.post(api, body('web', { image: 'x' })).expect(409)).body.code).toBe('name_taken');
    await cluster.admin.create(resourcePath({ group: '', version: 'v1', resource: 'services', namespace }), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'theirs' },
      spec: { ports: [{ port: 80 }] },
    });
    const clash = await dev.post(api, body('theirs', { image: 'x', port: 80 })).expect(422);
    expect(clash.body).toMatchObject({
      code: 'plan_blocked',
      issues: [{ path: 'Service/theirs metadata.name', message: expect.stringContaining('did not make') }],
    });
    const host = await dev.post(api, body('other', { image: 'x', port: 80, host: `${namespace}.example` })).expect(422);
    expect(host.body.issues[0].message).toContain('is taken');
    const yaml = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: priv}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {hostNetwork: true, containers: [{name: a, image: x, securityContext: {privileged: true}}]}}}`;
    const insecure = await dev.post(api, body('priv', { kind: 'manifests', yaml })).expect(422);
    expect(insecure.body.message).toContain('Pod Security');
    const unknown = await dev.post(api, body('typo', { kind: 'manifests', yaml: yaml.replace('template:', 'tmplate:') })).expect(422);
    expect(unknown.body.issues[0].message).toMatch(/tmplate/);
    const role = await dev
      .post(
        api,
        body('role', { kind: 'manifests', yaml: 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: []' }),
      )
      .expect(422);
    expect(role.body.issues[0].message).toContain('your role does not allow');
    expect((await dev.get(api)).body.items.map((each: { name: string }) => each.name)).toEqual(['web']);
    expect(await deployment('other')).toBeNull();
  });

  it('warns of what the pods would wait for', async () => {
    await cluster.admin.create(resourcePath({ group: '', version: 'v1', resource: 'secrets', namespace }), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'there' },
    });
    const yaml = `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: p}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x, envFrom: [{configMapRef: {name: gone}}, {secretRef: {name: there}}, {secretRef: {name: absent}}]}]}}}`;
    const plan = await dev.post('/projects/shop/plan', body('refs', { kind: 'manifests', yaml })).expect(200);
    expect(plan.body.obstacles.map((each: { severity: string; reason: string }) => `${each.severity} ${each.reason}`)).toEqual([
      expect.stringMatching(/^warns the ConfigMap gone/),
      expect.stringMatching(/^warns the Secret absent/),
    ]);
  });

  it('a namespace of nobody is no place for an app', async () => {
    expect((await dev.post(api, { ...body('x', { image: 'x' }), namespace: 'kube-system' }).expect(400)).body.issues[0].path).toBe(
      'namespace',
    );
  });

  it.each([
    [{ spec: { replicas: -1 } }, 'spec.replicas'],
    [{ spec: { nonsense: 1 } }, 'spec'],
    [{ spec: JSON.parse('{"__proto__": {"image": "x"}}') }, ''],
    [{ spec: { port: null, host: 'a.example' } }, 'spec.port'],
  ])('refuses the patch %j with its field', async (patch, path) => {
    const { number } = (await dev.get(`${api}/web`)).body.revision;
    const refused = await dev.patch(`${api}/web`, patch).set('if-match', `"${number}"`).expect(400);
    expect(refused.body.issues[0].path).toBe(path);
  });

  it('imports manifests, and scales and re-images their one workload', async () => {
    const yaml = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: nginx-deployment, labels: {app: nginx}}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: nginx}}\n  template:\n    metadata: {labels: {app: nginx}}\n    spec: {containers: [{name: nginx, image: "nginx:1.14.2", ports: [{containerPort: 80}]}]}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {a: b}\n`;
    const made = await dev.post(api, body('imported', { kind: 'manifests', yaml })).expect(202);
    expect(made.body.revision).toMatchObject({ cause: 'import', state: 'applied' });
    expect(made.body.app.objects.map((each: { name: string }) => each.name)).toEqual(['conf', 'nginx-deployment']);
    await dev.post(`${api}/imported/scale`, { replicas: 1 }).expect(202);
    await change('imported', 2, { image: 'nginx:1.27' }).expect(202);
    expect(await deployment('nginx-deployment')).toMatchObject({
      spec: { replicas: 1, template: { metadata: { labels: { app: 'nginx' } }, spec: { containers: [{ image: 'nginx:1.27' }] } } },
    });
  });

  it('a refusal in the middle takes back what was done', async () => {
    // A dry run counts each object alone: only the second new one exceeds the quota.
    const quotas = resourcePath({ group: '', version: 'v1', resource: 'resourcequotas', namespace });
    const configs = async () =>
      (await cluster.admin.list(resourcePath({ group: '', version: 'v1', resource: 'configmaps', namespace }))).items
        .map((each) => each.metadata.name)
        .sort();
    const before = await configs();
    await cluster.admin.create(quotas, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few' },
      spec: { hard: { 'count/configmaps': String(before.length + 1) } },
    });
    await vi.waitFor(async () => expect((await cluster.admin.list(quotas)).items[0]).toMatchObject({ status: { used: {} } }), {
      timeout: 10_000,
    });
    const current = (await dev.get(`${api}/imported`)).body;
    const map = (name: string) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
    const refused = await change('imported', current.revision.number, {
      yaml: current.spec.yaml.replace('{a: b}', '{a: c}') + map('one') + map('two'),
    }).expect(422);
    expect(refused.body).toMatchObject({ code: 'apply_failed', details: { undone: true } });
    expect(refused.body.message).toMatch(/ConfigMap\/two.*quota/);
    expect(await configs()).toEqual(before);
    expect(await live('', 'configmaps', 'conf')).toMatchObject({ data: { a: 'b' } });
    expect((await dev.get(`${api}/imported`)).body.revision.number).toBe(current.revision.number);
    expect((await dev.get(`${api}/imported/revisions`)).body.items[0]).toMatchObject({
      number: current.revision.number + 1,
      state: 'failed',
      error: expect.stringContaining('quota'),
    });
    // A new app that fails so leaves nothing, not even its name.
    await dev.post(api, body('twice', { kind: 'manifests', yaml: map('one') + map('two') })).expect(422);
    await dev.get(`${api}/twice`).expect(404);
    await cluster.admin.remove(`${quotas}/few`);
  });

  it('restarts, and deletes a pod of its own only', async () => {
    await dev.post(`${api}/web/restart`).expect(204);
    const restarted = (await deployment()) as unknown as { spec: { template: { metadata: { annotations: Record<string, string> } } } };
    expect(restarted.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt']).toBeTruthy();
    await dev.post(`${api}/web/scale`, { replicas: 3 }).expect(202);
    expect(
      ((await deployment()) as unknown as typeof restarted).spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'],
    ).toBeTruthy();
    const pods = await cluster.admin.list(resourcePath({ group: '', version: 'v1', resource: 'pods', namespace }), {
      labelSelector: 'fairlead.dev/app=web',
    });
    const pod = pods.items[0]?.metadata.name ?? '';
    await dev.delete(`${api}/web/pods/${pod}`).expect(403); // a deployer may not
    expect((await admin.delete(`${api}/imported/pods/${pod}`).expect(404)).body.code).toBe('not_found');
    await admin.delete(`${api}/web/pods/${pod}`).expect(204);
  });

  it('is deleted by its name, with all that it made and nothing else', async () => {
    expect((await dev.delete(`${api}/web`, { confirm: 'wep' }).expect(409)).body.code).toBe('confirm_name');
    const gone = await dev.delete(`${api}/web`, { confirm: 'web' }).expect(202);
    expect(gone.body.revision.cause).toBe('delete');
    await dev.get(`${api}/web`).expect(404);
    expect(await deployment()).toBeNull();
    expect(await live('networking.k8s.io', 'ingresses', 'web')).toBeNull();
    expect(await live('', 'services', 'theirs')).not.toBeNull();
  });

  it('the audit log has who did what', async () => {
    const entries = (await admin.get('/audit?project=shop&limit=200').expect(200)).body.items as {
      action: string;
      actor: { name: string };
      name: string;
      summary: string;
      outcome: string;
    }[];
    expect(entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'apps.create', name: 'web', outcome: 'allowed' }),
        expect.objectContaining({ action: 'apps.scale', name: 'web', summary: '3 → 5 replicas' }),
        expect.objectContaining({ action: 'pods.delete', outcome: 'refused' }),
      ]),
    );
  });
});
