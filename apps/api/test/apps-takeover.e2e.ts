import { KubeError, resourcePath } from '@fairlead/kube';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fairlead, startFairlead } from './support/fairlead.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

const api = '/projects/shop/apps';

/** What a process leaves that is killed after its transaction and before its apply: a revision that is pending, with a lease that nobody renews. */
describe.skipIf(!alphaKubeconfig)('a deploy that was cut off', () => {
  let shop: Shop;
  let next: Fairlead | undefined;
  const replicas = async () => {
    const path = resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name: 'web' });
    return ((await shop.cluster.admin.get(path)) as unknown as { spec: { replicas: number } }).spec.replicas;
  };
  const behind = async (sql: string, values: unknown[] = []) => {
    const client = new pg.Client({ connectionString: shop.fairlead.database.adminUrl });
    await client.connect();
    try {
      return (await client.query(sql, values)).rows;
    } finally {
      await client.end();
    }
  };
  /** Revision 2, scaled to 4, as a killed process leaves it. */
  const cutOff = async (revision: number, count: number) => {
    await behind(
      `INSERT INTO revisions (app_id, number, cause, summary, spec, manifests, author_id, author_kind, author_name, audit_id, state, lease_owner, lease_until, created_at)
       SELECT app_id, $1, 'scale', 'scaled', jsonb_set(spec, '{replicas}', to_jsonb($2::int)),
              (SELECT jsonb_agg(CASE WHEN o->>'kind' = 'Deployment' THEN jsonb_set(o, '{spec,replicas}', to_jsonb($2::int)) ELSE o END) FROM jsonb_array_elements(manifests) o),
              author_id, author_kind, author_name, audit_id, 'applying', gen_random_uuid(), now() - interval '1 second', now()
       FROM revisions WHERE number = 1`,
      [revision, count],
    );
    await behind('UPDATE apps SET current_revision = $1', [revision]);
  };

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.27', replicas: 1 })).expect(202);
    await shop.fairlead.stop();
  });
  afterAll(async () => {
    await next?.stop();
    await shop?.cluster.admin
      .remove(resourcePath({ group: '', version: 'v1', resource: 'namespaces', name: shop.namespace }))
      .catch((error: unknown) => {
        if (!(error instanceof KubeError)) throw error;
      });
    await shop?.fairlead.database.drop();
  });

  it('is carried on at the next start, as its author', async () => {
    await cutOff(2, 4);
    next = await startFairlead({ on: shop.fairlead });
    await expect.poll(replicas, { timeout: 20_000 }).toBe(4);
    await expect
      .poll(async () => (await behind('SELECT state FROM revisions WHERE number = 2'))[0].state, { timeout: 5_000 })
      .toBe('applied');
    await next.stop();
  }, 40_000);

  it('is marked interrupted when the author may no longer, and what stands is wanted again', async () => {
    await cutOff(3, 7);
    await behind("DELETE FROM grants WHERE principal_id = (SELECT id FROM principals WHERE name = 'dev')");
    next = await startFairlead({ on: shop.fairlead });
    await expect
      .poll(async () => (await behind('SELECT state FROM revisions WHERE number = 3'))[0].state, { timeout: 20_000 })
      .toBe('interrupted');
    const app = (await (await next.admin()).get(`${api}/web`).expect(200)).body;
    expect(app.revision.number).toBe(2);
    const [newest] = (await (await next.admin()).get(`${api}/web/revisions`)).body.items;
    expect(newest).toMatchObject({
      number: 3,
      state: 'interrupted',
      error: expect.stringContaining('apps.change in project shop needs the role deployer'),
    });
    expect(await replicas()).toBe(4);
  }, 40_000);
});
