import { resourcePath } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('undo on a real control plane', () => {
  let shop: Shop;
  const api = '/projects/shop/apps';
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.14.2', port: 80, replicas: 2 })).expect(202);
  });
  afterAll(() => shop?.close());

  const get = async () => (await shop.dev.get(`${api}/web`).expect(200)).body;
  const change = async (spec: object) =>
    shop.dev
      .patch(`${api}/web`, { spec })
      .set('if-match', `"${(await get()).revision.number}"`)
      .expect(202);
  const deployment = () => resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name: 'web' });

  it('has nothing to go back to at first', async () => {
    await shop.dev.post(`${api}/web/undo`, {}).expect(409);
  });

  it('takes the last change back, as a revision of its own', async () => {
    await shop.dev.post(`${api}/web/scale`, { replicas: 5 }).expect(202);
    const { body } = await shop.dev.post(`${api}/web/undo`, {}).expect(202);
    expect(body.revision).toMatchObject({
      number: 3,
      cause: 'undo',
      state: 'applied',
      summary: 'undone: 2 → 5 replicas',
      author: { name: 'dev' },
    });
    expect((await get()).spec.replicas).toBe(2);
    expect((await shop.cluster.admin.get(deployment())).spec).toMatchObject({ replicas: 2 });
  });

  it('takes an earlier change back and leaves what came after', async () => {
    const { body } = await change({ env: [{ name: 'A', value: '1' }] });
    await change({ image: 'nginx:1.25' });
    await shop.dev.post(`${api}/web/undo`, { revision: body.revision.number }).expect(202);
    expect((await get()).spec).toMatchObject({ image: 'nginx:1.25', env: [] });
  });

  it('refuses, with both sides, what somebody changed again since', async () => {
    const { body } = await change({ image: 'nginx:1.27' });
    await change({ image: 'nginx:1.28' });
    const refused = await shop.dev.post(`${api}/web/undo`, { revision: body.revision.number }).expect(409);
    expect(refused.body).toMatchObject({
      code: 'undo_conflict',
      issues: [{ path: 'spec.image' }],
      details: { clashes: [{ path: 'image', undone: 'nginx:1.25', now: 'nginx:1.28' }] },
    });
    expect((await get()).spec.image).toBe('nginx:1.28');
  });

  it('refuses what somebody set in the cluster, and names who', async () => {
    await shop.dev.post(`${api}/web/scale`, { replicas: 3 }).expect(202);
    await shop.cluster.admin.patch(deployment(), { spec: { replicas: 7 } }, 'merge', { fieldManager: 'kubectl-edit' });
    const refused = await shop.dev.post(`${api}/web/undo`, {}).expect(409);
    expect(refused.body.issues).toEqual([{ path: 'Deployment/web .spec.replicas', message: expect.stringContaining('kubectl-edit') }]);
    expect((await shop.cluster.admin.get(deployment())).spec).toMatchObject({ replicas: 7 });
  });
});
