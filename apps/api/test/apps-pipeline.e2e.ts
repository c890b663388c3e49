import { resourcePath } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('a pipeline, by REST', () => {
  let shop: Shop;
  const api = '/projects/shop/apps';
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
  });
  afterAll(() => shop?.close());

  const spec = { image: 'nginx:1.27', port: 80, replicas: 2 };
  const put = (wanted: object, more = '') =>
    shop.dev.put(`${api}/web${more}`, { cluster: 'testbed', namespace: shop.namespace, spec: wanted });
  const version = async () =>
    (
      await shop.cluster.admin.get(
        resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name: 'web' }),
      )
    ).metadata.resourceVersion;

  it('makes the app, and answers with the verdict', async () => {
    const { body } = await put(spec, '?wait=60s').expect(202);
    expect(body).toMatchObject({ revision: { number: 1, cause: 'create' }, rollout: { revision: 1, state: 'serving' } });
  });

  it('changes nothing when it is the same again, not even in the cluster', async () => {
    const before = await version();
    const { body } = await put(spec).expect(202);
    expect(body).toMatchObject({ revision: { number: 1 }, rollout: null });
    expect(await version()).toBe(before);
    expect((await shop.dev.get(`${api}/web/revisions`)).body.items).toHaveLength(1);
  });

  it('changes the whole spec, and respects If-Match', async () => {
    const { body } = await put({ ...spec, image: 'nginx:1.28' }, '?wait=60s').expect(202);
    expect(body).toMatchObject({ revision: { number: 2, summary: 'image nginx:1.27 → nginx:1.28' }, rollout: { state: 'serving' } });
    await put(spec).set('if-match', '"1"').expect(409);
  });

  it('does one act for one Idempotency-Key, and gives the first answer again', async () => {
    const scale = (replicas: number) => shop.dev.post(`${api}/web/scale`, { replicas }).set('idempotency-key', 'build-17');
    const first = await scale(3).expect(202);
    await shop.dev.post(`${api}/web/scale`, { replicas: 1 }).expect(202);
    const again = await scale(3).expect(202);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await shop.dev.get(`${api}/web`)).body.spec.replicas).toBe(1);
    expect((await scale(4).expect(422)).body.code).toBe('idempotency_mismatch');
    // The key is one's own.
    await shop.admin.post(`${api}/web/scale`, { replicas: 2 }).set('idempotency-key', 'build-17').expect(202);
  });

  it('may try again what was refused under the same key', async () => {
    const send = (replicas: number) => shop.dev.post(`${api}/nobody/scale`, { replicas }).set('idempotency-key', 'k');
    await send(1).expect(404);
    await send(1).expect(404);
    await shop.dev.post(`${api}/web/scale`, { replicas: 1 }).set('idempotency-key', 'two words').expect(400);
  });
});
