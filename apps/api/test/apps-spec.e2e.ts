import { KubeError, type KubeObject, resourcePath, withQuery } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from './support/fairlead.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig, type TestCluster } from './support/test-cluster.js';

/** What a spec asks for beyond an image, on a real control plane. */
describe.skipIf(!alphaKubeconfig)('specs on a real control plane', () => {
  let shop: Shop;
  let cluster: TestCluster;
  let namespace: string;
  let dev: Session;
  const api = '/projects/shop/apps';

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    ({ cluster, namespace, dev } = shop);
  });
  afterAll(() => shop?.close());

  const path = (group: string, resource: string, name?: string, version = 'v1') =>
    resourcePath({ group, version, resource, namespace, ...(name && { name }) });
  const live = (at: string): Promise<KubeObject | null> =>
    cluster.admin.get(at).catch((error: unknown) => {
      if (error instanceof KubeError && error.code === 404) return null;
      throw error;
    });
  const sizeOf = async (name: string) => {
    const found = await live(path('apps', 'deployments', name));
    return (found?.spec as { replicas: number } | undefined)?.replicas;
  };
  const create = (name: string, spec: object) => dev.post(api, { name, cluster: 'testbed', namespace, spec }).expect(202);
  const change = async (name: string, spec: object) => {
    const { body } = await dev.get(`${api}/${name}`).expect(200);
    return dev.patch(`${api}/${name}`, { spec }).set('if-match', `"${body.revision.number}"`).expect(202);
  };

  it('leaves the size to the autoscaler, and keeps it when it takes over', async () => {
    const resources = { cpu: '10m' };
    const autoscaling = { minReplicas: 2, maxReplicas: 6, cpuPercent: 50 };
    await create('grows', { image: 'nginx:1.27', replicas: 4, resources });
    await change('grows', { autoscaling });
    expect(await sizeOf('grows')).toBe(4);
    // As an autoscaler does.
    await cluster.admin.patch(`${path('apps', 'deployments', 'grows')}/scale`, { spec: { replicas: 5 } }, 'merge', {
      fieldManager: 'kube-controller-manager',
    });
    await change('grows', { env: [{ name: 'A', value: 'b' }] });
    expect(await sizeOf('grows')).toBe(5);
    const hpa = await live(path('autoscaling', 'horizontalpodautoscalers', 'grows', 'v2'));
    expect(hpa?.spec).toMatchObject({ minReplicas: 2, maxReplicas: 6 });

    await dev.post(`${api}/grows/scale`, { replicas: 3 }).expect(202);
    expect((await live(path('autoscaling', 'horizontalpodautoscalers', 'grows', 'v2')))?.spec).toMatchObject({
      minReplicas: 3,
      maxReplicas: 6,
    });
    await dev.post(`${api}/grows/scale`, { replicas: 0 }).expect(202);
    expect(await sizeOf('grows')).toBe(0);
    expect(await live(path('autoscaling', 'horizontalpodautoscalers', 'grows', 'v2'))).toBeNull();
    await dev.post(`${api}/grows/scale`, { replicas: 3 }).expect(202);
    expect(await sizeOf('grows')).toBe(3);
  });

  it('makes a ConfigMap for each content of its files, keeps the last one for pods on their way out, and removes those before', async () => {
    const files = async () =>
      (await cluster.admin.list(withQuery(path('', 'configmaps'), { labelSelector: 'fairlead.dev/app=reads' }))).items.map(
        ({ data }) => (data as Record<string, string>)['file-0'],
      );
    await create('reads', { image: 'nginx:1.27', files: [{ path: '/etc/a.conf', content: 'one' }] });
    expect(await files()).toEqual(['one']);
    await change('reads', { files: [{ path: '/etc/a.conf', content: 'two' }] });
    expect((await files()).sort()).toEqual(['one', 'two']);
    await change('reads', { files: [{ path: '/etc/a.conf', content: 'three' }] });
    expect((await files()).sort()).toEqual(['three', 'two']);
    await dev.delete(`${api}/reads`, { confirm: 'reads' }).expect(202);
    expect(await files()).toEqual([]);
  });

  it('runs by a schedule', async () => {
    await create('nightly', { image: 'busybox:1.36', command: ['date'], schedule: { cron: '0 3 * * *' } });
    expect((await live(path('batch', 'cronjobs', 'nightly')))?.spec).toMatchObject({ schedule: '0 3 * * *', concurrencyPolicy: 'Forbid' });
  });

  it('says by its field what a spec lacks', async () => {
    const { body } = await dev
      .post(api, {
        name: 'x',
        cluster: 'testbed',
        namespace,
        spec: { image: 'nginx', autoscaling: { minReplicas: 1, maxReplicas: 2, cpuPercent: 5 } },
      })
      .expect(400);
    expect(body.issues).toEqual([{ path: 'spec.resources.cpu', message: 'autoscaling by CPU needs to know how much one pod asks for' }]);
  });
});
