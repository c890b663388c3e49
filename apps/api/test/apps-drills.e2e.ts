import type { KubeObject } from '@fairlead/kube';
import type { Drill, DrillKind, Moment } from '@fairlead/shared';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig, isSimulated, nodeKubeconfig, startsAfter } from './support/test-cluster.js';

const api = '/projects/shop/apps';

async function drill(shop: Shop, app: string, kind: DrillKind, patienceMs = 90_000): Promise<Drill> {
  const { id } = (await shop.admin.post(`${api}/${app}/drills`, { kind }).expect(202)).body as Drill;
  return vi.waitFor(
    async () => {
      const found = (await shop.dev.get(`${api}/${app}/drills/${id}`).expect(200)).body as Drill;
      expect(found.state).not.toBe('running');
      return found;
    },
    { timeout: patienceMs, interval: 1_000 },
  );
}

describe.skipIf(!alphaKubeconfig)('drills', { timeout: 150_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    await shop.dev.post(`${api}?wait=20s`, shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 2 })).expect(202);
  });
  afterAll(() => shop?.close());

  it('are for operators, one at a time, told while they run, and audited', async () => {
    const { receipt } = (await shop.dev.post(`${api}/web/drills`, { kind: 'kill-pod' }).expect(403)).body;
    expect(receipt.needs).toBe('operator');
    const begun = (await shop.admin.post(`${api}/web/drills`, { kind: 'kill-pod' }).expect(202)).body as Drill;
    expect(begun).toMatchObject({ kind: 'kill-pod', state: 'running', endedAt: null, startedBy: { name: 'admin' }, report: null });
    const second = (await shop.admin.post(`${api}/web/drills`, { kind: 'rollout' }).expect(409)).body;
    expect(second.message).toBe('A drill of web runs already: one at a time.');
    await vi.waitFor(
      async () => expect((await shop.dev.get(`${api}/web/drills/${begun.id}`).expect(200)).body.report.phase).toBe('before'),
      { timeout: 5_000, interval: 200 },
    );
    await vi.waitFor(async () => expect((await shop.dev.get(`${api}/web/drills/${begun.id}`)).body.state).toBe('done'), {
      timeout: 40_000,
      interval: 500,
    });
    const [found] = (await shop.dev.get(`${api}/web/drills`).expect(200)).body.items as Drill[];
    expect(found).toMatchObject({
      state: 'done',
      report: {
        phase: 'over',
        url: null,
        replicas: 2,
        acted: expect.stringMatching(/^Pod web-\S+ was deleted\.$/),
        requests: { sent: 0, failed: 0 },
        verdict: expect.stringMatching(/^Nothing was asked; whole again after [\d.]+ s\.$/),
        advice: [expect.stringMatching(/^It has no route/)],
      },
    });
    const moments = (await shop.dev.get(`${api}/web/moments`).expect(200)).body.items as Moment[];
    expect(moments.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['drill', 'pod-lost', 'pod-healed']));
    const { items } = (await shop.admin.get('/audit?limit=100')).body;
    const entry = items.find(
      (each: { action: string; outcome: string }) => each.action === 'apps.drills.start' && each.outcome === 'allowed',
    );
    expect(entry).toMatchObject({ actor: { name: 'admin' }, name: 'web', namespace: shop.namespace, summary: 'kill-pod' });
  });

  it('empty a node of it by eviction, as the budget allows; the node is not cordoned', async () => {
    await shop.dev.post(`${api}/web/scale?wait=20s`, { replicas: 4 }).expect(202);
    const { report, state } = await drill(shop, 'web', 'drain-node');
    expect(state).toBe('done');
    const node = report?.eviction?.node ?? '';
    expect(report?.eviction).toMatchObject({ left: [], evicted: expect.any(Number), returned: expect.any(Number) });
    expect(report?.eviction?.evicted).toBeGreaterThan(0);
    expect(report?.acted).toContain(`evicted from ${node}, which was not cordoned.`);
    const { spec } = await shop.cluster.admin.get<KubeObject & { spec: { unschedulable?: boolean } }>(`/api/v1/nodes/${node}`);
    expect(spec.unschedulable ?? false).toBe(false);
    const other = (await shop.admin.post(`${api}/web/drills`, { kind: 'drain-node', node: 'nowhere' }).expect(409)).body;
    expect(other.message).toMatch(/no ready pod of it is on nowhere/);
  });

  it('report an eviction that the budget refuses as the budget working', async () => {
    const rev = (await shop.dev.get(`${api}/web`)).body.revision.number as number;
    await shop.dev
      .patch(`${api}/web?wait=20s`, { spec: { disruption: { maxUnavailable: 0 } } })
      .set('if-match', `"${rev}"`)
      .expect(202);
    const { report, state } = await drill(shop, 'web', 'drain-node', 120_000);
    expect(state).toBe('done');
    expect(report?.eviction).toMatchObject({ evicted: 0, refusal: expect.stringContaining('disruption budget web needs') });
    expect(report?.eviction?.refused).toBeGreaterThan(1);
    expect(report?.acted).toMatch(/^No pod was evicted.*that is the budget working/);
    expect(report?.advice[0]).toMatch(/^Its disruption budget lets no pod go/);
  });

  it('are not for an app that does not serve', async () => {
    await shop.dev.post(`${api}/web/scale?wait=20s`, { replicas: 0 }).expect(202);
    const { message } = (await shop.admin.post(`${api}/web/drills`, { kind: 'kill-pod' }).expect(409)).body;
    expect(message).toMatch(/web is asleep at the moment/);
  });

  it('of a process that died are marked interrupted', async () => {
    const { id } = (await shop.dev.get(`${api}/web/drills`)).body.items[0] as Drill;
    const client = new pg.Client({ connectionString: shop.fairlead.database.adminUrl });
    await client.connect();
    await client.query("UPDATE drills SET state = 'running', ended_at = NULL, report = jsonb_set(report, '{beat}', '1') WHERE id = $1", [
      id,
    ]);
    await client.end();
    await vi.waitFor(
      async () =>
        expect((await shop.dev.get(`${api}/web/drills/${id}`)).body).toMatchObject({
          state: 'interrupted',
          reason: 'The Fairlead that ran it has ended.',
          report: { replicas: 4 },
        }),
      { timeout: 20_000, interval: 500 },
    );
  });
});

describe.skipIf(!nodeKubeconfig)('drills on real containers', { timeout: 180_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(nodeKubeconfig ?? '');
    const simulated = await isSimulated(shop.cluster);
    const spec = (host: string, replicas: number) => ({
      image: 'nginx:1.27',
      port: 80,
      replicas,
      host: `${host}.${shop.namespace}.example`,
    });
    // As many apps, it takes a moment to start; and it does not drain.
    const slow = { ...startsAfter(3, simulated), termination: { drainSeconds: 0 } };
    await Promise.all([
      shop.dev.post(`${api}?wait=60s`, shop.app('two', spec('two', 2))).expect(202),
      shop.dev.post(`${api}?wait=60s`, shop.app('one', { ...spec('one', 1), ...slow })).expect(202),
    ]);
  });
  afterAll(() => shop?.close());

  it.each<[DrillKind]>([['kill-pod'], ['rollout']])('two replicas, a probe and a preStop lose no request: %s', async (kind) => {
    const { state, report } = await drill(shop, 'two', kind);
    expect({ state, failures: report?.failures }).toEqual({ state: 'done', failures: [] });
    expect(report).toMatchObject({ phase: 'over', replicas: 2, before: { failed: 0 }, requests: { failed: 0 }, advice: [] });
    expect(report?.requests.sent).toBeGreaterThan(100);
    expect(report?.healedSeconds).toBeGreaterThan(0);
    expect(report?.verdict).toMatch(/^(Nobody would have noticed|No request of)/);
  });

  it('one replica loses some, and the report says why', async () => {
    const { state, report } = await drill(shop, 'one', 'kill-pod');
    expect(state).toBe('done');
    expect(report?.requests.failed).toBeGreaterThan(0);
    expect(report?.requests.longestGapMs).toBeGreaterThan(1_000);
    expect(report?.failures.reduce((sum, { count }) => sum + count, 0)).toBe(report?.requests.failed);
    expect(report?.verdict).toMatch(/^Visitors would have noticed: \d+ of \d+ requests failed/);
    expect(report?.advice[0]).toMatch(/^It runs one replica/);
    expect(report?.advice.join(' ')).toMatch(/no preStop/);
  });
});
