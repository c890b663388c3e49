import { type KubeObject, resourcePath } from '@fairlead/kube';
import type { App, ScheduledRun, ScheduleView } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './support/cluster.js';
import { openShop, type Shop } from './support/shop.js';
import { nodeKubeconfig } from './support/test-cluster.js';

const api = '/projects/shop/apps';
const cron = '30 3 * * mon-fri';

describe.skipIf(!nodeKubeconfig)('schedules', { timeout: 90_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(nodeKubeconfig ?? '');
    const app = (command: string) => ({
      image: 'busybox',
      command: ['sh', '-c', command],
      schedule: { cron, timeZone: 'Europe/Berlin', retries: 0 },
    });
    await shop.dev.post(api, shop.app('nightly', app('echo tidy'))).expect(202);
    await shop.dev.post(api, shop.app('broken', app('echo no; exit 3'))).expect(202);
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.27' })).expect(202);
  });
  afterAll(() => shop?.close());

  const view = async (name = 'nightly'): Promise<ScheduleView> => (await shop.dev.get(`${api}/${name}/schedule`).expect(200)).body;
  const cronJob = (name = 'nightly') =>
    shop.cluster.admin.get(resourcePath({ group: 'batch', version: 'v1', resource: 'cronjobs', namespace: shop.namespace, name }));

  it('are told in words, with the next five times', async () => {
    const found = await view();
    expect(found).toMatchObject({
      cron,
      words: 'every Monday to Friday at 03:30',
      timeZone: 'Europe/Berlin',
      suspended: false,
      overlap: 'Forbid',
      keep: { succeeded: 3, failed: 3 },
      runs: [],
    });
    expect(found.next).toHaveLength(5);
    for (const time of found.next) expect(time).toMatch(/T0[12]:30:00\.000Z$/);
    await shop.dev.get(`${api}/web/schedule`).expect(404);
  });

  it('run now, as the caller, in a Job of their own that the schedule owns', async () => {
    const run = (await shop.dev.post(`${api}/nightly/schedule/run`).expect(201)).body as ScheduledRun;
    expect(run).toMatchObject({ manual: true, state: 'waiting', endedAt: null });
    const job = await shop.cluster.admin.get<KubeObject>(
      resourcePath({ group: 'batch', version: 'v1', resource: 'jobs', namespace: shop.namespace, name: run.name }),
    );
    const { metadata } = await cronJob();
    expect(job.metadata).toMatchObject({
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ kind: 'CronJob', name: 'nightly', uid: metadata.uid, controller: true }],
    });
    expect((await view()).runs.map(({ name }) => name)).toContain(run.name);
    const { items } = (await shop.admin.get('/audit?limit=50')).body as { items: { action: string; summary: string }[] };
    expect(items.find(({ action }) => action === 'apps.schedule.run')).toMatchObject({
      actor: { name: 'dev' },
      summary: `Job/${run.name}`,
    });
  });

  it('tell how a run ended, and why', async () => {
    await shop.dev.post(`${api}/broken/schedule/run`).expect(201);
    const [good] = (
      await until(
        40_000,
        () => view('nightly'),
        ({ runs }) => runs[0]?.state === 'succeeded',
      )
    ).runs;
    expect(good).toMatchObject({ state: 'succeeded', cause: null, exitCode: 0, pods: [expect.stringContaining('nightly-manual-')] });
    const [bad] = (
      await until(
        40_000,
        () => view('broken'),
        ({ runs }) => runs[0]?.state === 'failed',
      )
    ).runs;
    expect(bad).toMatchObject({ state: 'failed', exitCode: 3, cause: 'Container broken crashes with exit code 3.' });
  });

  it('are suspended and resumed as revisions, with undo', async () => {
    const state = async () => ((await shop.dev.get(`${api}/nightly`).expect(200)).body as App).status?.state;
    const { body } = await shop.dev.post(`${api}/nightly/schedule/suspend`).expect(202);
    expect(body.revision).toMatchObject({ cause: 'suspend', summary: 'suspended', state: 'applied' });
    expect((await cronJob()).spec).toMatchObject({ suspend: true });
    expect(await view()).toMatchObject({ suspended: true, next: [] });
    await until(10_000, state, (now) => now === 'suspended');
    await shop.dev.post(`${api}/nightly/undo`, {}).expect(202);
    expect((await view()).suspended).toBe(false);
    await shop.dev.post(`${api}/nightly/schedule/suspend`).expect(202);
    expect((await shop.dev.post(`${api}/nightly/schedule/resume`).expect(202)).body.revision).toMatchObject({ cause: 'resume' });
    expect((await cronJob()).spec).toMatchObject({ suspend: false });
    await until(10_000, state, (now) => now === 'scheduled');
  });

  it('of pasted manifests are suspended too', async () => {
    const { name: _, ...live } = { name: 'own', ...((await cronJob()).spec as object) };
    const yaml = JSON.stringify({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'own' }, spec: live });
    await shop.dev.post(api, shop.app('own', { kind: 'manifests', yaml })).expect(202);
    await shop.dev.post(`${api}/own/schedule/suspend`).expect(202);
    expect((await cronJob('own')).spec).toMatchObject({ suspend: true });
    await shop.dev.post(`${api}/web/schedule/suspend`).expect(404);
  });
});
