import { KubeError, type KubeObject, resourcePath, withQuery } from '@fairlead/kube';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('the undo of a deletion', { timeout: 90_000 }, () => {
  let shop: Shop;
  const api = '/projects/shop/apps';
  const spec = { image: 'nginx:1.27', port: 80, volumes: [{ name: 'data', mountPath: '/data', size: '1Gi' }] };
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
  });
  afterAll(() => shop?.close());

  const core = (resource: string, name?: string) =>
    resourcePath({ group: '', version: 'v1', resource, namespace: shop.namespace, ...(name && { name }) });
  const live = (path: string): Promise<KubeObject | null> =>
    shop.cluster.admin.get(path).catch((error: unknown) => {
      if (error instanceof KubeError && error.code === 404) return null;
      throw error;
    });
  const deployment = (name: string) =>
    live(resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name }));
  const secretsOf = async (app: string) =>
    (await shop.cluster.admin.list(withQuery(core('secrets'), { labelSelector: `fairlead.dev/app=${app}` }))).items;
  const remove = async (name: string, body: object = {}) => {
    const answer = await shop.dev.delete(`${api}/${name}`, { confirm: name, ...body }).expect(202);
    await vi.waitFor(async () => void (await shop.dev.get(`${api}/${name}`).expect(404)), { timeout: 30_000, interval: 200 });
    return answer.body;
  };
  const deleted = async () => (await shop.dev.get('/projects/shop/deleted-apps').expect(200)).body.items;

  it('brings the app back as it was: its id, revisions, secrets and data', async () => {
    const made = await shop.dev.post(api, { ...shop.app('web', spec), secretValues: { KEY: 'a-value' } }).expect(202);
    const { id } = made.body.app;
    await shop.dev.post(`${api}/web/scale`, { replicas: 2 }).expect(202);
    const claim = await live(core('persistentvolumeclaims', 'web-data'));
    await remove('web');
    expect(await deployment('web')).toBeNull();
    const kept = await live(core('persistentvolumeclaims', 'web-data'));
    expect(kept?.metadata.uid).toBe(claim?.metadata.uid);
    expect(kept?.metadata.annotations?.['fairlead.dev/app-id']).toBeUndefined();
    expect(await secretsOf('web')).toHaveLength(1);
    expect(await deleted()).toEqual([
      expect.objectContaining({ id, name: 'web', deletedBy: expect.objectContaining({ name: 'dev' }), deletedData: false }),
    ]);

    const { body } = await shop.dev.post(`${api}/${id}/undo-delete`, {}).expect(202);
    expect(body.app).toMatchObject({ id, spec: { replicas: 2 }, createdBy: { name: 'dev' } });
    expect(body.revision).toMatchObject({ number: 4, cause: 'undo', state: 'applied', summary: 'undone: deleted' });
    expect((await deployment('web'))?.spec).toMatchObject({ replicas: 2 });
    expect((await live(core('persistentvolumeclaims', 'web-data')))?.metadata).toMatchObject({
      uid: claim?.metadata.uid,
      annotations: { 'fairlead.dev/app-id': id },
    });
    const { body: revisions } = await shop.dev.get(`${api}/web/revisions`).expect(200);
    expect(revisions.items.map(({ cause, state }: { cause: string; state: string }) => `${cause} ${state}`)).toEqual([
      'undo applied',
      'delete applied',
      'scale applied',
      'create applied',
    ]);
    expect(await deleted()).toEqual([]);
    await shop.dev.post(`${api}/web/undo-delete`, {}).expect(404);
    await shop.dev.post(`${api}/web/undo`, {}).expect(409);
    await shop.dev.post(`${api}/web/scale`, { replicas: 1 }).expect(202);
  });

  it('is asked again whether it may, and recorded', async () => {
    await remove('web');
    const viewer = await shop.fairlead.person('reader');
    await shop.admin.post('/projects/shop/grants', { principal: 'reader', role: 'viewer' }).expect(201);
    expect((await viewer.get('/projects/shop/deleted-apps').expect(200)).body.items).toHaveLength(1);
    await viewer.post(`${api}/web/undo-delete`, {}).expect(403);
    await shop.dev.post(`${api}/web/undo-delete`, {}).expect(202);
    const { body } = await shop.admin.get('/audit?action=apps.undo-delete').expect(200);
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual(['allowed', 'allowed', 'refused', 'refused']);
  });

  it('is refused where the name was taken meanwhile, and where a secret went', async () => {
    const [{ id }] = [(await shop.dev.get(`${api}/web`).expect(200)).body];
    await remove('web');
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.28' })).expect(202);
    expect((await shop.dev.post(`${api}/${id}/undo-delete`, {}).expect(409)).body.code).toBe('name_taken');
    await remove('web');
    for (const { metadata } of await secretsOf('web')) await shop.cluster.admin.remove(core('secrets', metadata.name));
    const { body } = await shop.dev.post(`${api}/${id}/undo-delete`, {}).expect(422);
    expect(body.message).toContain('the value of KEY is no longer in the cluster');
    expect(await deleted()).toHaveLength(2);
  });

  it('is no longer there after ten minutes; then the secrets go from the cluster', async () => {
    await shop.dev.post(api, { ...shop.app('late', { image: 'nginx:1.27' }), secretValues: { KEY: 'a-value' } }).expect(202);
    await remove('late');
    expect(await secretsOf('late')).toHaveLength(1);
    const client = new pg.Client({ connectionString: shop.fairlead.database.adminUrl });
    await client.connect();
    await client.query("UPDATE deleted_apps SET expires_at = now() - interval '1 second', sweep_at = now()");
    await shop.dev.post(`${api}/late/undo-delete`, {}).expect(404);
    expect(await deleted()).toEqual([]);
    await vi.waitFor(async () => expect(await secretsOf('late')).toEqual([]), { timeout: 60_000, interval: 500 });
    await vi.waitFor(async () => expect((await client.query('SELECT 1 FROM deleted_apps')).rows).toEqual([]), { timeout: 10_000 });
    await client.end();
  });

  it('comes with empty claims when the data was deleted too', async () => {
    await shop.cluster.admin.remove(core('persistentvolumeclaims', 'web-data')).catch(() => {});
    await vi.waitFor(async () => expect(await live(core('persistentvolumeclaims', 'web-data'))).toBeNull(), { timeout: 20_000 });
    await shop.dev.post(api, shop.app('web', spec)).expect(202);
    const { body } = await shop.dev.delete(`${api}/web`, { confirm: 'web', deleteData: true }).expect(202);
    expect(body.revision.summary).toBe('deleted, with its data');
    await vi.waitFor(async () => expect(await live(core('persistentvolumeclaims', 'web-data'))).toBeNull(), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await deleted()).toEqual([expect.objectContaining({ deletedData: true })]), { timeout: 20_000 });
    await shop.dev.post(`${api}/web/undo-delete`, {}).expect(202);
    expect(await live(core('persistentvolumeclaims', 'web-data'))).not.toBeNull();
  });

  it('keeps every row that hangs on an app', async () => {
    const client = new pg.Client({ connectionString: shop.fairlead.database.adminUrl });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `WITH RECURSIVE below AS (
         SELECT 'apps'::regclass::oid AS id
         UNION SELECT c.conrelid FROM pg_constraint c JOIN below b ON c.confrelid = b.id WHERE c.contype = 'f'
       ) SELECT id::regclass::text AS name FROM below`,
    );
    await remove('web');
    const kept = await client.query<{ name: string }>('SELECT jsonb_object_keys(rows) AS name FROM deleted_apps');
    expect(kept.rows.map(({ name }) => name).sort()).toEqual(rows.map(({ name }) => name).sort());
    await client.end();
  });
});
