import { KubeError, type KubeObject, resourcePath } from '@fairlead/kube';
import type { Adoptable } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('adopting what lives, on a real control plane', () => {
  let shop: Shop;
  const api = '/projects/shop/apps';
  const at = (group: string, resource: string, name?: string) =>
    resourcePath({ group, version: 'v1', resource, namespace: shop.namespace, ...(name && { name }) });
  const live = (group: string, resource: string, name: string) => shop.cluster.admin.get(at(group, resource, name));
  const pods = async () =>
    (await shop.cluster.admin.list(at('', 'pods'))).items
      .filter(({ metadata }) => metadata.labels?.app === 'old')
      .map(({ metadata }) => metadata.uid)
      .sort();
  const adoptable = async (): Promise<Adoptable[]> =>
    (await shop.dev.get(`/projects/shop/adoptable?cluster=testbed&namespace=${shop.namespace}`).expect(200)).body.items;
  const wish = (yaml: string, more: object = {}) => ({ ...shop.app('old', { kind: 'manifests', yaml }), adopt: true, ...more });

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    const labels = { app: 'old' };
    const make = (group: string, resource: string, object: object) => shop.cluster.admin.create(at(group, resource), object as KubeObject);
    const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.25', ports: [{ containerPort: 80 }] }] } };
    await make('apps', 'deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'old', labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'legacy' } },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    });
    await make('', 'services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'old-svc' },
      spec: { selector: labels, ports: [{ port: 80 }] },
    });
    await vi.waitFor(async () => expect(await pods()).toHaveLength(2), { timeout: 20_000 });
  });
  afterAll(() => shop?.close());

  it('finds workloads that no app has, with what belongs to them', async () => {
    await shop.dev.post(api, shop.app('ours', { image: 'nginx:1.27', port: 80 })).expect(202);
    const [found, ...others] = await adoptable();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ kind: 'Deployment', name: 'old', owner: 'Helm release legacy', images: ['nginx:1.25'], replicas: 2 });
    expect(found?.objects).toEqual(['Service/old-svc', 'Deployment/old']);
  });

  it('is refused without being asked for, and planned in words with it', async () => {
    const yaml = (await adoptable())[0]?.yaml ?? '';
    await shop.dev.post(api, wish(yaml, { adopt: false })).expect(422);
    const { body } = await shop.dev.post('/projects/shop/plan', wish(yaml)).expect(200);
    expect(body.changes.map((each: { object: string; words: string[] }) => [each.object, ...each.words])).toEqual([
      ['Service/old-svc', 'taken into the app as it is; nothing restarts'],
      ['Deployment/old', 'taken into the app as it is; nothing restarts'],
    ]);
    expect(body.obstacles).toEqual([
      {
        object: 'Deployment/old',
        field: null,
        reason: 'Helm release legacy keeps it too, and would put back what is changed here',
        severity: 'warns',
      },
    ]);
  });

  it('lets everything go as it was when the cluster refuses in the middle', async () => {
    const yaml = (await adoptable())[0]?.yaml ?? '';
    const before = await pods();
    // A dry run counts each object alone: only the second Ingress, which comes after all else, exceeds the quota.
    const quotas = at('', 'resourcequotas');
    const hard = { 'count/ingresses.networking.k8s.io': '1' };
    await shop.cluster.admin.create(quotas, { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard } });
    await vi.waitFor(async () => expect((await shop.cluster.admin.get(`${quotas}/few`)).status).toMatchObject({ used: {} }), {
      timeout: 10_000,
    });
    const route = (name: string) =>
      `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}}\nspec: {defaultBackend: {service: {name: old-svc, port: {number: 80}}}}\n`;
    const { body } = await shop.dev.post(api, wish(yaml + route('one') + route('two'))).expect(422);
    expect(body).toMatchObject({ code: 'apply_failed', details: { undone: true } });
    await shop.cluster.admin.remove(`${quotas}/few`);
    expect((await shop.cluster.admin.list(at('networking.k8s.io', 'ingresses'))).items).toEqual([]);
    expect((await live('apps', 'deployments', 'old')).metadata.annotations).not.toHaveProperty('fairlead.dev/app-id');
    expect((await live('', 'services', 'old-svc')).metadata.annotations ?? {}).not.toHaveProperty('fairlead.dev/app-id');
    expect(await pods()).toEqual(before);
  });

  it('takes them in place: no pod restarts, and from then on the app is as any other', async () => {
    const before = await pods();
    const yaml = (await adoptable())[0]?.yaml ?? '';
    const { body } = await shop.dev.post(`${api}?wait=30s`, wish(yaml)).expect(202);
    expect(body).toMatchObject({ revision: { cause: 'adopt', state: 'applied' }, rollout: { state: 'serving' } });
    expect(await pods()).toEqual(before);
    expect(await adoptable()).toEqual([]);
    await shop.dev.post(`${api}/old/scale`, { replicas: 3 }).expect(202);
    expect((await live('apps', 'deployments', 'old')).spec).toMatchObject({ replicas: 3 });
  });

  it('is never taken from another app', async () => {
    const yaml = 'apiVersion: v1\nkind: Service\nmetadata: {name: ours}\nspec: {ports: [{port: 80}]}\n';
    const { body } = await shop.dev.post(api, { ...shop.app('thief', { kind: 'manifests', yaml }), adopt: true }).expect(422);
    expect(body.code).toBe('plan_blocked');
  });

  it('leaves again as plain YAML, without a word of Fairlead', async () => {
    const { text } = await shop.dev.get(`${api}/old/export`).expect(200).expect('content-type', /yaml/);
    expect(text).not.toMatch(/fairlead/);
    expect(parseAllDocuments(text).map((each) => each.get('kind'))).toEqual(['Service', 'Deployment']);
    const namespace = `${shop.namespace}-copy`;
    await shop.cluster.admin.create(resourcePath({ group: '', version: 'v1', resource: 'namespaces' }), {
      metadata: { name: namespace },
    } as KubeObject);
    for (const document of parseAllDocuments(text)) {
      const object = document.toJS() as KubeObject;
      const resource = object.kind === 'Service' ? { group: '', resource: 'services' } : { group: 'apps', resource: 'deployments' };
      const path = resourcePath({ ...resource, version: 'v1', namespace });
      object.metadata.namespace = namespace;
      await shop.cluster.admin.create(path, object, { dryRun: true }).catch((error: unknown) => {
        if (!(error instanceof KubeError && /clusterIP/.test(error.message))) throw error;
      });
    }
    await shop.cluster.admin.remove(resourcePath({ group: '', version: 'v1', resource: 'namespaces', name: namespace }));
  });
});
