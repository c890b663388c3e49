import { resourcePath } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('drift on a real control plane', { timeout: 60_000 }, () => {
  let shop: Shop;
  const api = '/projects/shop/apps';
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    for (const name of ['shown', 'kept'])
      await shop.dev.post(`${api}?wait=20s`, shop.app(name, { image: 'nginx:1.27', port: 80, replicas: 2 })).expect(202);
  });
  afterAll(() => shop?.close());

  const deployment = (name: string) =>
    resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name });
  const sizeOf = async (name: string) => ((await shop.cluster.admin.get(deployment(name))).spec as { replicas: number }).replicas;
  const edit = (name: string, replicas: number) =>
    shop.cluster.admin.patch(deployment(name), { spec: { replicas } }, 'merge', { fieldManager: 'kubectl-edit' });
  const driftOf = async (name: string) => (await shop.dev.get(`${api}/${name}`).expect(200)).body.status?.drift;
  const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 200 });

  it('is none after a deploy', async () => {
    await eventually(async () => expect(await driftOf('shown')).toEqual([]));
  });

  it('is shown with who did it, and put back on demand, without a revision', async () => {
    await edit('shown', 6);
    await eventually(async () =>
      expect(await driftOf('shown')).toEqual([
        { object: 'Deployment/shown', field: 'spec.replicas', wanted: '2', found: '6', by: 'kubectl-edit', at: expect.any(String) },
      ]),
    );
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // nobody was told to correct it
    expect(await sizeOf('shown')).toBe(6);
    await shop.dev.post(`${api}/shown/correct`).expect(200);
    expect(await sizeOf('shown')).toBe(2);
    await eventually(async () => expect(await driftOf('shown')).toEqual([]));
    expect((await shop.dev.get(`${api}/shown/revisions`)).body.items).toHaveLength(1);
  });

  it('is put back at once where the app says so, by the project’s robot, and not fought over', async () => {
    await shop.dev.patch(`${api}/kept/policies`, { drift: 'correct' }).expect(200);
    for (const size of [3, 4, 5]) {
      await edit('kept', size);
      await eventually(async () => expect(await sizeOf('kept')).toBe(2));
    }
    const { items } = (await shop.admin.get('/audit?limit=100')).body;
    const entries = items.filter(
      (each: { action: string; outcome: string }) => each.action === 'apps.correct' && each.outcome === 'allowed',
    );
    expect(entries[0]).toMatchObject({
      actor: { kind: 'robot' },
      door: 'system',
      summary: 'put back: Deployment/kept spec.replicas of kubectl-edit',
    });
    await edit('kept', 9);
    await eventually(async () => expect((await driftOf('kept'))[0]).toMatchObject({ found: '9', by: 'kubectl-edit' }));
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // the fourth time in ten minutes: left to them
    expect(await sizeOf('kept')).toBe(9);
  });

  it('is not looked for where the app says so', async () => {
    await shop.dev.patch(`${api}/kept/policies`, { drift: 'off' }).expect(200);
    await eventually(async () => expect(await driftOf('kept')).toEqual([]));
  });
});
