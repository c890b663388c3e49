import { resourcePath } from '@fairlead/kube';
import type { App } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

const api = '/projects/shop/apps';

describe.skipIf(!alphaKubeconfig)('sleep and wake', { timeout: 60_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 3 })).expect(202);
    const autoscaling = { minReplicas: 2, maxReplicas: 6, cpuPercent: 60 };
    await shop.dev.post(api, shop.app('busy', { image: 'nginx:1.27', replicas: 2, autoscaling, resources: { cpu: '10m' } })).expect(202);
  });
  afterAll(() => shop?.close());

  const get = async (name: string): Promise<App> => (await shop.dev.get(`${api}/${name}`).expect(200)).body;
  const replicas = async (name: string) => {
    const path = resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name });
    return ((await shop.cluster.admin.get(path)).spec as { replicas: number }).replicas;
  };
  const autoscalers = async () => {
    const path = resourcePath({ group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers', namespace: shop.namespace });
    return (await shop.cluster.admin.list(path)).items.map(({ metadata }) => metadata.name);
  };

  it('keeps the size it comes back to, and says since when and by whom it sleeps', async () => {
    expect((await get('web')).asleep).toBeNull();
    const { body } = await shop.dev.post(`${api}/web/sleep`).expect(202);
    expect(body.revision).toMatchObject({ cause: 'sleep', summary: 'asleep, wakes to 3 replicas', state: 'applied' });
    expect(await replicas('web')).toBe(0);
    expect((await get('web')).asleep).toEqual({ since: body.revision.createdAt, by: 'dev', size: 3 });
    expect((await shop.dev.post(`${api}/web/sleep`).expect(202)).body.revision.number).toBe(body.revision.number);
    const woken = await shop.dev.post(`${api}/web/wake`).expect(202);
    expect(woken.body.revision).toMatchObject({ cause: 'wake', summary: 'awake, 3 replicas' });
    expect(woken.body.app.asleep).toBeNull();
    expect(await replicas('web')).toBe(3);
  });

  it('is undone as any change', async () => {
    await shop.dev.post(`${api}/web/sleep`).expect(202);
    const { body } = await shop.dev.post(`${api}/web/undo`, {}).expect(202);
    expect(body.app.asleep).toBeNull();
    expect(await replicas('web')).toBe(3);
  });

  it('wakes what was scaled to 0 at the size it had', async () => {
    await shop.dev.post(`${api}/web/scale`, { replicas: 0 }).expect(202);
    expect((await get('web')).asleep).toMatchObject({ by: 'dev', size: 3 });
    await shop.dev.post(`${api}/web/wake`).expect(202);
    expect(await replicas('web')).toBe(3);
  });

  it('takes the autoscaler away while it sleeps, and brings it back', async () => {
    expect(await autoscalers()).toContain('busy');
    await shop.dev.post(`${api}/busy/sleep`).expect(202);
    expect([await replicas('busy'), await autoscalers()]).toEqual([0, []]);
    await shop.dev.post(`${api}/busy/wake`).expect(202);
    expect(await autoscalers()).toContain('busy');
    expect(await replicas('busy')).toBeGreaterThanOrEqual(2);
    expect((await get('busy')).spec).toMatchObject({ autoscaling: { minReplicas: 2, maxReplicas: 6 } });
  });

  it('is for deployers', async () => {
    const viewer = await shop.fairlead.person('sleeper');
    await shop.admin.post('/projects/shop/grants', { principal: 'sleeper', role: 'viewer' }).expect(201);
    expect((await viewer.post(`${api}/web/sleep`).expect(403)).body.receipt.needs).toBe('deployer');
  });
});
