import type { Moment } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MomentJanitor } from '../src/features/apps/moments/moment-janitor.js';
import { MomentStore } from '../src/features/apps/moments/moment-store.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

const api = '/projects/shop/apps';

describe.skipIf(!alphaKubeconfig)('what happens to an app', { timeout: 60_000 }, () => {
  let shop: Shop;
  let app: { id: string; project: { id: string } };
  const moments = async (query = ''): Promise<Moment[]> => (await shop.dev.get(`${api}/web/moments${query}`).expect(200)).body.items;
  const kinds = async () => (await moments()).map(({ kind }) => kind);
  const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 200 });

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    app = (await shop.dev.post(`${api}?wait=20s`, shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 3 })).expect(202)).body.app;
  });
  afterAll(() => shop?.close());

  it('begins with the verdict on its first revision', async () => {
    await eventually(async () => expect(await kinds()).toEqual(['serving']));
    expect((await moments())[0]).toMatchObject({
      subject: 'revision 1',
      sentence: expect.stringMatching(/^Revision 1 serves, ready [\d.]+ s/),
    });
  });

  it('a pod that is killed is lost, replaced and healed, with the seconds', async () => {
    const { items } = (await shop.dev.get(`${api}/web/pods`).expect(200)).body;
    const victim = items[0].name;
    await shop.admin.delete(`${api}/web/pods/${victim}`).expect(204);
    await eventually(async () => expect((await kinds()).sort()).toEqual(['pod-healed', 'pod-lost', 'pod-replaced', 'serving']));
    const of = async (kind: string) => (await moments()).find((each) => each.kind === kind);
    const [lost, replaced, healed] = [await of('pod-lost'), await of('pod-replaced'), await of('pod-healed')];
    expect(lost?.sentence).toMatch(new RegExp(`^Pod ${victim} was lost on \\S+: it was deleted\\.$`));
    expect(new Set([lost?.subject, replaced?.subject, healed?.subject]).size).toBe(1);
    expect(healed?.seconds).toBeGreaterThanOrEqual(replaced?.seconds ?? Number.NaN);
    expect(healed?.seconds).toBeLessThan(15);
  });

  it('neither scaling down nor a rolling update loses a pod', async () => {
    await shop.dev.post(`${api}/web/scale?wait=20s`, { replicas: 2 }).expect(202);
    await shop.dev.post(`${api}/web/restart`).expect(204);
    await shop.dev
      .patch(`${api}/web?wait=20s`, { spec: { env: [{ name: 'A', value: '1' }] } })
      .set('if-match', '"2"')
      .expect(202);
    await eventually(async () => expect((await moments())[0]).toMatchObject({ kind: 'serving', subject: 'revision 3' }));
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // a loss would be sure by now
    expect((await kinds()).filter((kind) => kind === 'pod-lost')).toHaveLength(1);
  });

  it('drift and who did it', async () => {
    const path = `/apis/apps/v1/namespaces/${shop.namespace}/deployments/web`;
    await shop.cluster.admin.patch(path, { spec: { replicas: 4 } }, 'merge', { fieldManager: 'kubectl-edit' });
    await eventually(async () =>
      expect((await moments())[0]).toMatchObject({
        kind: 'drift',
        sentence: 'kubectl-edit changed spec.replicas of Deployment/web in the cluster.',
        evidence: 'Deployment/web spec.replicas: 2 → 4',
      }),
    );
  });

  it('is told in pages, newest first, and only to who may see the app', async () => {
    const all = await moments();
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort((a, b) => (a < b ? 1 : -1)));
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await shop.dev.get(`${api}/web/moments?limit=2${cursor}`).expect(200);
      seen.push(...body.items.map(({ id }: Moment) => id));
      if (!body.next) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
    const stranger = await shop.fairlead.person('stranger');
    await stranger.get(`${api}/web/moments`).expect(404);
    await shop.dev.get(`${api}/web/moments?cursor=nonsense`).expect(400);
  });

  it('stands once though two processes note it, and for 30 days', async () => {
    const store = shop.fairlead.app.get(MomentStore);
    const before = (await moments()).length;
    const old = { at: new Date(Date.now() - 31 * 24 * 3600_000), kind: 'pod-lost', subject: 'u', sentence: 'Pod x was lost.' } as const;
    await Promise.all([store.add(app, [old]), store.add(app, [old])]);
    expect(await moments()).toHaveLength(before + 1);
    await shop.fairlead.app.get(MomentJanitor).sweep();
    expect(await moments()).toHaveLength(before);
  });
});
