import { resourcePath } from '@fairlead/kube';
import type { App, Plan } from '@fairlead/shared';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('a hold on rollback', { timeout: 90_000 }, () => {
  let shop: Shop;
  let token: string;
  const api = '/projects/shop/apps';
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    await shop.dev.post(`${api}?wait=20s`, shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 1 })).expect(202);
    await patch({ image: 'nginx:1.28' }).expect(202);
    token = await shop.dev.token();
  }, 120_000);
  afterAll(() => shop?.close());

  let revision = 1;
  const piped = (method: 'put' | 'post', path: string, body: object) =>
    request(shop.fairlead.url)[method](`/api/v1${api}/web${path}`).set('authorization', `Bearer ${token}`).send(body);
  const patch = (spec: object) => shop.dev.patch(`${api}/web`, { spec }).set('if-match', `"${revision}"`);
  const app = async () => (await shop.dev.get(`${api}/web`).expect(200)).body as App;

  it('names whoever keeps it besides, and what makes them pause', async () => {
    const deployment = resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name: 'web' });
    const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:ns/web' };
    await shop.cluster.admin.patch(deployment, { metadata: { annotations } }, 'merge', { fieldManager: 'argocd-controller' });
    const { keepers } = (await shop.dev.post(`${api}/web/plan`, { revision: 1 }).expect(200)).body as Plan;
    expect(keepers).toMatchObject([{ name: 'Argo CD application shop', pause: 'argocd app set shop --sync-policy none' }]);
  });

  it('keeps tokens from changing it, says who and why, and lets people', async () => {
    const { body } = await shop.dev.post(`${api}/web/rollback`, { revision: 1, hold: { reason: 'it eats orders' } }).expect(202);
    revision = body.revision.number as number;
    expect(body.app.hold).toMatchObject({ by: { name: 'dev' }, until: null, reason: 'it eats orders', revision });
    const put = { cluster: 'testbed', namespace: shop.namespace, spec: { image: 'nginx:1.28', port: 80, replicas: 1 } };
    const refused = (await piped('put', '', put).expect(423)).body;
    expect(refused).toMatchObject({ code: 'app_held', details: { hold: { reason: 'it eats orders' } } });
    expect(refused.message).toMatch(/^web is held by dev since .*: it eats orders\. .*DELETE/);
    await piped('post', '/scale', { replicas: 2 }).expect(423);
    expect((await app()).revision.number).toBe(revision);
    const { obstacles } = (await shop.dev.post(`${api}/web/plan`, { spec: { replicas: 2 } }).expect(200)).body as Plan;
    expect(obstacles[0]).toMatchObject({ object: 'web', severity: 'warns', reason: expect.stringContaining('held by dev') });
    await patch({ replicas: 2 }).expect(202);
    expect((await app()).hold).not.toBeNull();
  });

  it('is lifted, audited, and then over', async () => {
    await shop.dev.delete(`${api}/web/hold`).expect(204);
    expect((await app()).hold).toBeNull();
    await piped('post', '/scale', { replicas: 1 }).expect(202);
    await shop.dev.delete(`${api}/web/hold`).expect(409);
    const { items } = (await shop.admin.get('/audit?limit=50')).body as { items: { action: string; outcome: string; summary: string }[] };
    const entry = items.find((each) => each.action === 'apps.hold.lift' && each.outcome === 'allowed');
    expect(entry?.summary).toMatch(/^lifted; it was held by dev since .*: it eats orders$/);
  });

  it('ends by itself where it was told when', async () => {
    await shop.dev.post(`${api}/web/rollback`, { revision: 1, hold: { until: '2020-01-01T00:00:00Z' } }).expect(400);
    const until = new Date(Date.now() + 2_000).toISOString();
    await shop.dev.post(`${api}/web/rollback`, { revision: 1, hold: { until } }).expect(202);
    await new Promise((resolve) => setTimeout(resolve, 2_100)); // its own time
    expect((await app()).hold).toBeNull();
  });
});
