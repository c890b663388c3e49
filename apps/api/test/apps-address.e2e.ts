import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('a name for a new app', () => {
  let shop: Shop;
  const ask = (name: string, namespace = shop.namespace) =>
    shop.dev.get(`/projects/shop/address?cluster=testbed&namespace=${namespace}&name=${name}`);

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
  });
  afterAll(() => shop?.close());

  it('leads to the cluster by itself where the project has none yet', async () => {
    const { body } = await ask('web').expect(200);
    expect(body.host).toMatch(/^web\.shop\.(localhost|[\d-]+\.sslip\.io)$/);
    expect(body.ingressClass).toBeNull();
  });

  it('is beside those that the project has, and none that is taken', async () => {
    const host = `web.${shop.namespace}.example.com`;
    await shop.dev.post('/projects/shop/apps', shop.app('api', { image: 'nginx:1.27', port: 80, host })).expect(202);
    await vi.waitFor(
      async () => {
        expect((await ask('other').expect(200)).body.host).toBe(`other.${shop.namespace}.example.com`);
        expect((await ask('web').expect(200)).body.host).toBe(`web-2.${shop.namespace}.example.com`);
      },
      { timeout: 10_000 },
    );
  });

  it('is for those who may deploy there, and for namespaces of the project', async () => {
    const viewer = await shop.fairlead.person('viewer');
    await shop.admin.post('/projects/shop/grants', { principal: 'viewer', role: 'viewer' }).expect(201);
    await viewer.get(`/projects/shop/address?cluster=testbed&namespace=${shop.namespace}&name=web`).expect(403);
    await ask('web', 'kube-system').expect(400);
  });
});
