import type { AppRow } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveClient } from './support/live-client.js';
import { type OwnCluster, startOwnCluster } from './support/own-cluster.js';
import { openShop, type Shop } from './support/shop.js';

const name = `apps-${process.pid}`;
const api = '/projects/shop/apps';

describe('apps while their cluster is away', { timeout: 120_000 }, () => {
  let own: OwnCluster;
  let shop: Shop;
  let reader: LiveClient;
  const row = () => [...(reader.rows.get('apps')?.values() ?? [])][0] as AppRow | undefined;
  const freshness = () => reader.of('apps').findLast((message) => message.type === 'state');

  beforeAll(async () => {
    own = await startOwnCluster(name, 31_000 + (process.pid % 900) * 10);
    shop = await openShop(own.kubeconfigPath);
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.27', replicas: 2 })).expect(202);
    reader = await LiveClient.connect(shop.fairlead, shop.dev);
    await reader.subscribe('apps', 'apps', { project: 'shop' });
    await reader.until(() => row()?.status?.state === 'serving');
  }, 120_000);
  afterAll(async () => {
    reader?.close();
    await shop?.fairlead.close();
    await own?.remove();
  }, 60_000);

  it('the page says since when, keeps the last word, and no act is half done', async () => {
    await own.stopApiServer();
    await reader.until(() => freshness()?.type === 'state' && (freshness() as { state: string }).state === 'stale');
    expect(freshness()).toMatchObject({ reason: expect.any(String), since: expect.any(String) });
    expect(row()?.status?.state).toBe('serving');
    for (const refused of [
      await shop.dev.post(`${api}/web/scale`, { replicas: 4 }),
      await shop.dev.delete(`${api}/web`, { confirm: 'web' }),
      await shop.dev.post(api, shop.app('other', { image: 'nginx:1.27' })),
      await shop.dev.post('/projects/shop/plan', shop.app('other', { image: 'nginx:1.27' })),
    ])
      expect([refused.status, refused.body.code]).toEqual([503, 'cluster_unreachable']);
    const apps = (await shop.dev.get(api).expect(200)).body.items;
    expect(apps).toMatchObject([{ name: 'web', revision: { number: 1, state: 'applied' } }]);
  });

  it('is live again by itself, and acts work', async () => {
    await own.startApiServer();
    await reader.until(() => (freshness() as { state: string }).state === 'live');
    await expect
      .poll(async () => (await shop.dev.post(`${api}/web/scale`, { replicas: 4 })).status, { timeout: 60_000, interval: 1_000 })
      .toBe(202);
    await reader.until(() => row()?.status?.replicas?.ready === 4 && row()?.status?.state === 'serving');
  });
});
