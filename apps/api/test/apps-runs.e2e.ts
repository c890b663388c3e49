import { resourcePath } from '@fairlead/kube';
import type { Run } from '@fairlead/shared';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunStore } from '../src/features/apps/runs/run-store.js';
import { core, until } from './support/cluster.js';
import { openShop, type Shop } from './support/shop.js';
import { nodeKubeconfig } from './support/test-cluster.js';

const runs = '/projects/shop/apps/web/runs';

describe.skipIf(!nodeKubeconfig)('commands that run once', { timeout: 90_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(nodeKubeconfig ?? '');
    const spec = { image: 'nginx:1.27', port: 80, env: [{ name: 'MODE', value: 'shop' }] };
    await shop.dev.post('/projects/shop/apps?wait=30s', shop.app('web', spec)).expect(202);
  });
  afterAll(() => shop?.close());

  const start = async (body: object, wait = '40s'): Promise<Run> => (await shop.admin.post(`${runs}?wait=${wait}`, body).expect(202)).body;
  const sh = (script: string) => ({ command: ['sh', '-c', script] });
  const get = async (id: string): Promise<Run> => (await shop.dev.get(`${runs}/${id}`).expect(200)).body;
  const log = async (id: string) => (await shop.dev.get(`${runs}/${id}/log`).expect(200)).body;
  const jobs = async () => {
    const path = resourcePath({ group: 'batch', version: 'v1', resource: 'jobs', namespace: shop.namespace });
    return (await shop.cluster.admin.list(path)).items.filter(({ metadata }) => !metadata.deletionTimestamp);
  };

  it("go to their end in the app's own setting, and their log is kept", async () => {
    const run = await start(sh('echo mode is $MODE'));
    expect(run).toMatchObject({
      kind: 'to-end',
      state: 'succeeded',
      exitCode: 0,
      image: 'nginx:1.27',
      reason: null,
      startedBy: { name: 'admin' },
    });
    await shop.cluster.admin.remove(
      resourcePath({ group: 'batch', version: 'v1', resource: 'jobs', namespace: shop.namespace, name: run.job }),
      {
        propagationPolicy: 'Background',
      },
    );
    expect(await log(run.id)).toEqual({ text: 'mode is shop\n', truncated: false, kept: true });
    expect(Date.parse((await get(run.id)).log?.until ?? '') - Date.now()).toBeGreaterThan(6 * 24 * 3600_000);
  });

  it('tell how they failed', async () => {
    const run = await start(sh('echo no luck; exit 7'));
    expect(run).toMatchObject({ state: 'failed', exitCode: 7, reason: 'Container web crashes with exit code 7.' });
    expect((await log(run.id)).text).toBe('no luck\n');
  });

  it('are taken in by no Service and no count of the app', async () => {
    const run = await start(sh('sleep 60'), '1s');
    const running = await until(
      30_000,
      () => get(run.id),
      ({ state }) => state === 'running',
    );
    const pod = await shop.cluster.admin.get(core('pods', shop.namespace, running.pod ?? ''));
    expect(Object.keys(pod.metadata.labels ?? {})).not.toContain('app.kubernetes.io/name');
    const slices = resourcePath({ group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', namespace: shop.namespace });
    expect(JSON.stringify((await shop.cluster.admin.list(slices)).items)).not.toContain(running.pod);
    const pods = (await shop.dev.get('/projects/shop/apps/web/pods').expect(200)).body.items as { name: string }[];
    expect(pods.map(({ name }) => name)).not.toContain(running.pod);
    expect((await shop.dev.get('/projects/shop/apps/web').expect(200)).body.status.replicas).toMatchObject({ wanted: 1, total: 1 });
    expect((await log(run.id)).kept).toBe(false);
    const stopped = (await shop.admin.delete(`${runs}/${run.id}`).expect(200)).body as Run;
    expect(stopped).toMatchObject({ state: 'stopped', reason: 'Ended by admin.' });
    expect((await jobs()).map(({ metadata }) => metadata.name)).not.toContain(run.job);
    expect((await shop.dev.get(runs).expect(200)).body.items[0]).toMatchObject({ id: run.id, state: 'stopped' });
  });

  it('are for operators, and stand in the audit log without their words', async () => {
    expect((await shop.dev.post(runs, sh('id')).expect(403)).body.receipt.needs).toBe('operator');
    await start(sh('echo hidden-word'));
    const { items } = (await shop.admin.get('/audit?limit=100')).body as { items: { action: string; summary: string }[] };
    expect(items.find(({ action }) => action === 'apps.runs.start')?.summary).toMatch(/^to-end, Job\/web-run-/);
    expect(items.map(({ action }) => action)).toContain('apps.runs.stop');
    expect(JSON.stringify(items)).not.toContain('hidden-word');
  });

  it('with a terminal are removed when nobody uses them, which is recorded', async () => {
    const run = await start({ kind: 'interactive' }, '1s');
    await until(
      30_000,
      () => get(run.id),
      ({ state }) => state === 'running',
    );
    await database(`UPDATE app_runs SET attached_at = now() - interval '30 seconds' WHERE id = '${run.id}'`);
    const ended = await until(
      20_000,
      () => get(run.id),
      ({ state }) => state === 'stopped',
    );
    expect(ended).toMatchObject({ reason: 'Its session ended.', log: null });
    expect((await jobs()).map(({ metadata }) => metadata.name)).not.toContain(run.job);
    const { items } = (await shop.admin.get('/audit?limit=100')).body as { items: { action: string; door: string }[] };
    expect(items.find(({ action }) => action === 'apps.runs.expire')).toMatchObject({ door: 'system', summary: `Job/${run.job}` });
  });

  it('whose log is older than a week have it no more', async () => {
    const [run] = (await shop.dev.get(`${runs}?limit=50`)).body.items.filter((each: Run) => each.log) as Run[];
    await database(`UPDATE app_run_logs SET kept_at = now() - interval '8 days' WHERE run_id = '${run?.id}'`);
    await shop.fairlead.app.get(RunStore).sweep(new Date());
    await shop.dev.get(`${runs}/${run?.id}/log`).expect(404);
  });

  async function database(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: shop.fairlead.database.adminUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  }
});
