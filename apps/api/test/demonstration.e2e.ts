import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { App, AuditEntry } from '@fairlead/shared';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Application, createApplication } from '../src/create-application.js';
import { demonstrate } from '../src/demonstration/demonstrate.js';
import { demonstrationMs } from '../src/demonstration/story.js';
import { type Door, openDoor } from '../src/door.js';
import { readConfig } from '../src/platform/config.js';
import { createLogger } from '../src/platform/logger.js';
import { SteppedClock } from '../src/platform/stepped-clock.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { adminPassword } from './support/fairlead.js';

/** A first start with nothing else on the machine: the sandbox beside Fairlead, and an hour of its life through the REST API. */
describe('the demonstration', { timeout: 60_000 }, () => {
  let folder: string;
  let database: TestDatabase;
  let sandbox: ChildProcess;
  let application: Application;
  let door: Door;
  let cookie: string;
  const errors: string[] = [];
  const clock = new SteppedClock(demonstrationMs);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'fairlead-demonstration-'));
    database = await createDatabase();
    const kubeconfig = path.join(folder, 'kubeconfig');
    const main = path.resolve(import.meta.dirname, '../../../packages/sandbox/dist/program.mjs');
    const args = ['--ephemeral', '--port', '0', '--ingress', '0', '--kubeconfig', kubeconfig, '--behind', String(demonstrationMs)];
    sandbox = fork(main, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
    for (let said = ''; !said.includes('ready at'); ) said += String((await once(sandbox.stdout!, 'data'))[0]);
    sandbox.stdout?.resume();
    const config = readConfig({
      FAIRLEAD_PORT: '0',
      FAIRLEAD_DATABASE_URL: database.url,
      FAIRLEAD_DATA_DIR: folder,
      FAIRLEAD_ADMIN_PASSWORD: adminPassword,
      FAIRLEAD_SANDBOX_KUBECONFIG: kubeconfig,
      FAIRLEAD_LOG_LEVEL: 'error',
    });
    application = await createApplication(config, { clock, logger: createLogger('error', { write: (line) => errors.push(line) }) });
    await demonstrate(application, 'admin', clock, async (ms) => {
      sandbox.send({ type: 'step', ms });
      await once(sandbox, 'message');
    });
    door = await openDoor(application, config);
    const answer = await request(door.publicUrl)
      .post('/api/v1/auth/sign-in')
      .set('origin', door.publicUrl)
      .send({ username: 'admin', password: adminPassword })
      .expect(200);
    cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }, 180_000);
  afterAll(async () => {
    await door?.close();
    await application?.app.close();
    sandbox?.kill();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const get = async <T>(at: string): Promise<T> =>
    (await request(door.publicUrl).get(`/api/v1${at}`).set('cookie', cookie).expect(200)).body as T;
  const app = (name: string) => get<App>(`/projects/harbour/apps/${name}`);

  it('ends in the present, and did not break off', () => {
    expect(errors).toEqual([]);
    expect(clock.caughtUp).toBe(true);
    expect(Math.abs(Date.now() - clock.now().getTime())).toBeLessThan(100);
  });

  it('has a web app that serves and autoscales, a worker with a rollback in its history, and one that fails for a reason worth reading', async () => {
    await vi.waitFor(async () => expect((await app('web')).status?.state).toBe('serving'), { timeout: 20_000, interval: 250 });
    expect((await app('web')).spec).toMatchObject({ image: 'nginx:1.27', autoscaling: { minReplicas: 2, maxReplicas: 6 } });
    expect((await app('worker')).status?.state).toBe('serving');
    const revisions = await get<{ items: { cause: string }[] }>('/projects/harbour/apps/worker/revisions');
    expect(revisions.items.map(({ cause }) => cause)).toContain('rollback');
    const rollouts = await get<{ items: { revision: number; state: string }[] }>('/projects/harbour/apps/worker/rollouts');
    expect(rollouts.items.find(({ revision }) => revision === 3)?.state).toBe('failed');
    const mailer = await app('mailer');
    expect(mailer.status).toMatchObject({
      state: 'failing',
      cause: { code: 'crash', evidence: expect.stringContaining('SMTP_PASSWORD is not set') },
    });
  });

  it('has an hour of history by people of different roles, one act of them refused', async () => {
    const { items } = await get<{ items: AuditEntry[] }>('/audit?limit=200&changes=true');
    const story = items.filter(({ actor }) => ['ada', 'ben', 'caro'].includes(actor.name));
    const times = story.map(({ at }) => Date.parse(at));
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(45 * 60_000);
    expect(Date.now() - Math.min(...times)).toBeGreaterThan(55 * 60_000);
    const refused = await get<{ items: AuditEntry[] }>('/audit?limit=200&outcome=refused');
    expect(refused.items.map(({ actor, action }) => `${actor.name} ${action}`)).toContain('caro apps.scale');
    const members = await get<{ items: { principal: { name: string }; role: string }[] }>('/projects/harbour/grants');
    expect(members.items.map(({ principal, role }) => `${principal.name} ${role}`)).toEqual(
      expect.arrayContaining(['ada admin', 'ben deployer', 'caro viewer', 'admin admin']),
    );
  });

  it('marks its cluster as simulated', async () => {
    expect(await get('/clusters/sandbox')).toMatchObject({ simulated: true, state: 'ready', nodes: { ready: 3, total: 3 } });
  });

  it('goes with the sandbox, people and all', async () => {
    await request(door.publicUrl)
      .delete('/api/v1/clusters/sandbox')
      .set('cookie', cookie)
      .set('origin', door.publicUrl)
      .send({ confirm: 'sandbox' })
      .expect(204);
    expect((await get<{ items: object[] }>('/projects')).items).toEqual([]);
    expect((await get<{ items: { name: string }[] }>('/users')).items.map(({ name }) => name)).toEqual(['admin']);
    expect((await get<{ items: object[] }>('/clusters')).items).toEqual([]);
  });
});
