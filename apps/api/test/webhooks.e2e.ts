import type { AuditEntry, CreatedWebhook, Webhook, WebhookDelivery } from '@fairlead/shared';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { PrismaClient } from '../src/generated/prisma/client.js';
import { createDatabase } from '../src/platform/database.js';
import { type Happening, Happenings } from '../src/platform/happenings.js';
import { newId } from '../src/platform/id.js';
import { until } from './support/cluster.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { isSigned, Receiver } from './support/receiver.js';

type Created = z.infer<typeof CreatedWebhook>;

let fairlead: Fairlead;
let second: Fairlead;
let database: PrismaClient;
let receiver: Receiver;
let admin: Session;
const log: string[] = [];
const env = { FAIRLEAD_WEBHOOK_ALLOW: '127.0.0.0/8' };
const project = { id: newId(), name: 'shop' };
const appId = newId();
const api = '/projects/shop/webhooks';

beforeAll(async () => {
  fairlead = await startFairlead({ env, log: (line) => log.push(line) });
  second = await startFairlead({ env, on: fairlead });
  database = createDatabase(fairlead.database.url);
  receiver = await new Receiver().start();
  const now = new Date();
  const owner = await fairlead.person('ana');
  admin = owner;
  await database.project.create({ data: { ...project, displayName: 'Shop', createdAt: now, createdById: owner.id } });
  await grant(owner.id, 'admin');
  const clusterId = newId();
  await database.cluster.create({
    data: {
      id: clusterId,
      name: 'prod',
      server: 'https://127.0.0.1:1',
      caData: '',
      minterToken: '',
      uid: newId(),
      accountsVersion: 1,
      createdAt: now,
    },
  });
  const app = { id: appId, projectId: project.id, clusterId, namespace: 'shop', name: 'web', currentRevision: 1 };
  await database.app.create({ data: { ...app, createdAt: now, createdById: owner.id, createdByName: 'ana' } });
});
afterAll(async () => {
  await database?.$disconnect();
  await second?.stop();
  await fairlead?.close();
  await receiver?.close();
});
afterEach(async () => {
  receiver.answer = () => 204;
  await database.webhook.deleteMany();
  receiver.received.length = 0;
});

const grant = (principalId: string, role: 'viewer' | 'operator' | 'admin') =>
  database.grant.create({
    data: { id: newId(), projectId: project.id, principalId, role, grantedById: principalId, createdAt: new Date() },
  });
const create = async (body: object = {}): Promise<Created> =>
  (await admin.post(api, { name: 'chat', url: receiver.url, events: ['revision.created'], ...body }).expect(201)).body;
const happen = (more: Partial<Happening> = {}, fail = false) =>
  database.$transaction(async (tx) => {
    const by = { kind: 'user', id: null, name: 'ana' } as const;
    const happening: Happening = { event: 'revision.created', appId, at: new Date(), revision: 2, by, summary: 'size 1 → 2', ...more };
    await fairlead.app.get(Happenings).tell(tx, happening);
    if (fail) throw new Error('undone');
  });
const deliveries = async (name = 'chat'): Promise<WebhookDelivery[]> =>
  (await admin.get(`${api}/${name}/deliveries`).expect(200)).body.items;
const ended = (count: number) =>
  until(
    8_000,
    () => deliveries(),
    (items) => items.filter(({ state }) => state === 'delivered').length === count,
  );
const due = async () => {
  await database.webhookDelivery.updateMany({ where: { state: 'pending' }, data: { nextAt: new Date() } });
  await database.$executeRaw`SELECT pg_notify('webhooks', '')`;
};

describe('what happened', () => {
  it('is delivered, signed, named and said, once, whichever of two processes sends it', async () => {
    const { secret } = await create();
    await happen();
    const [delivery] = await ended(1);
    expect(receiver.received).toHaveLength(1);
    const [received] = receiver.received;
    expect(received).toMatchObject({ event: 'revision.created', delivery: delivery?.id });
    expect(received && isSigned(received, secret)).toBe(true);
    expect(received && isSigned({ ...received, text: received.text.replace('web', 'wab') }, secret)).toBe(false);
    expect(received?.body).toMatchObject({
      version: 1,
      id: delivery?.id,
      event: 'revision.created',
      project,
      app: { id: appId, name: 'web', namespace: 'shop', cluster: { name: 'prod' } },
      revision: 2,
      by: { name: 'ana' },
      summary: 'size 1 → 2',
      cause: null,
    });
    expect(received?.text).toMatch(/^\{"version":1,"id":/);
  });

  it('is not told when its transaction is undone', async () => {
    await create();
    await happen({}, true).catch(() => {});
    await happen({ summary: 'the next one' });
    await ended(1);
    expect(receiver.received.map(({ body }) => body.summary)).toEqual(['the next one']);
  });

  it('goes only to those that chose it and are on', async () => {
    await create({ events: ['drift.found'] });
    await create({ name: 'off', enabled: false });
    await create({ name: 'right' });
    await happen();
    await until(
      8_000,
      () => deliveries('right'),
      ([first]) => first?.state === 'delivered',
    );
    expect([await deliveries('chat'), await deliveries('off')]).toEqual([[], []]);
  });

  it('that two processes see is kept once', async () => {
    await create({ events: ['drift.found'] });
    const seen = { event: 'drift.found' as const, at: new Date('2026-01-01T00:00:00Z'), subject: 'spec.replicas of kubectl-edit' };
    await Promise.all([happen(seen), happen(seen), happen(seen)]);
    await happen({ ...seen, subject: 'spec.replicas of somebody else' });
    await ended(2);
    expect(await deliveries()).toHaveLength(2);
  });

  it('arrives in its order, forty at once', async () => {
    await create();
    for (let i = 0; i < 40; i++) await happen({ revision: i });
    await ended(40);
    expect(receiver.received.map(({ body }) => body.revision)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  }, 20_000);
});

describe('a receiver that fails', () => {
  it('is asked again with the same id, body and a new signature, and what came later waits', async () => {
    const { secret } = await create();
    let broken = true;
    receiver.answer = () => (broken ? 503 : 200);
    await happen({ revision: 1 });
    await happen({ revision: 2 });
    const [later, first] = await until(
      8_000,
      () => deliveries(),
      (items) => items.at(-1)?.attempts === 1 && items.at(-1)?.state === 'pending',
    );
    expect(first).toMatchObject({ lastStatus: 503, lastError: 'it answered 503' });
    const waitS = (Date.parse(first?.nextAt ?? '') - Date.now()) / 1000;
    expect(waitS).toBeGreaterThan(5);
    expect(waitS).toBeLessThan(12.5);
    expect(later).toMatchObject({ state: 'pending', attempts: 0 });
    broken = false;
    await due();
    await ended(2);
    expect(receiver.received.map(({ body }) => body.revision)).toEqual([1, 1, 2]);
    const [one, two] = receiver.received;
    expect(two).toMatchObject({ delivery: one?.delivery, text: one?.text });
    expect(receiver.received.every((each) => isSigned(each, secret))).toBe(true);
  });

  it('for a quarter of an hour is overtaken, and given up after ten tries', async () => {
    await create();
    receiver.answer = ({ body }) => (body.revision === 1 ? 500 : 200);
    await happen({ revision: 1 });
    await happen({ revision: 2 });
    for (let attempts = 1; attempts <= 10; attempts++) {
      await until(
        8_000,
        () => deliveries(),
        (items) => items.at(-1)?.attempts === attempts && items.at(-1)?.state !== 'sending',
      );
      const [later] = await deliveries();
      if (attempts <= 4) expect(later?.attempts).toBe(0);
      if (attempts === 5) await ended(1);
      await due();
    }
    expect((await deliveries()).at(-1)).toMatchObject({ state: 'failed', attempts: 10, nextAt: null });
  }, 30_000);

  it('whose sender died is asked again when the lease is over', async () => {
    await create();
    await database.webhook.updateMany({ data: { enabled: false } });
    await database.webhook.updateMany({ data: { enabled: true } });
    receiver.answer = () => 500;
    await happen();
    const [delivery] = await until(
      8_000,
      () => deliveries(),
      ([first]) => first?.attempts === 1 && first.state === 'pending',
    );
    receiver.answer = () => 200;
    await database.webhookDelivery.updateMany({ where: { id: delivery?.id ?? '' }, data: { state: 'sending', nextAt: new Date() } });
    await due();
    await ended(1);
  });
});

describe('a person', () => {
  it('tries it at once, out of turn and while it is off, and sees what was answered', async () => {
    await create({ enabled: false });
    const good = (await admin.post(`${api}/chat/test`).expect(200)).body as WebhookDelivery;
    expect(good).toMatchObject({ event: 'webhook.test', state: 'delivered', lastStatus: 204, attempts: 1, app: null });
    receiver.answer = () => 418;
    const bad = (await admin.post(`${api}/chat/test`).expect(200)).body as WebhookDelivery;
    expect(bad).toMatchObject({ state: 'failed', lastStatus: 418, lastError: 'it answered 418' });
    expect(receiver.received[0]?.body).toMatchObject({ event: 'webhook.test', by: { name: 'ana' }, app: null });
  });

  it('replays one, with the same id', async () => {
    await create();
    await happen();
    const [delivery] = await ended(1);
    const again = (await admin.post(`${api}/chat/deliveries/${delivery?.id}/replay`).expect(200)).body as WebhookDelivery;
    expect(again).toMatchObject({ id: delivery?.id, state: 'delivered', attempts: 1 });
    expect(receiver.received.map(({ delivery: id }) => id)).toEqual([delivery?.id, delivery?.id]);
    await admin.post(`${api}/chat/deliveries/${newId()}/replay`).expect(404);
    await admin.patch(`${api}/chat`, { enabled: false }).expect(200);
    expect((await admin.post(`${api}/chat/deliveries/${delivery?.id}/replay`).expect(409)).body.message).toMatch(
      /is off: turn it on first/,
    );
  });

  it('turns it off and on: what waited goes on', async () => {
    await create();
    receiver.answer = () => 500;
    await happen();
    await until(
      8_000,
      () => deliveries(),
      ([first]) => first?.attempts === 1 && first.state === 'pending',
    );
    await admin.patch(`${api}/chat`, { enabled: false }).expect(200);
    receiver.answer = () => 200;
    await due();
    await new Promise((resolve) => setTimeout(resolve, 500)); // nothing is to happen
    expect(receiver.received).toHaveLength(1);
    await admin.patch(`${api}/chat`, { enabled: true }).expect(200);
    await ended(1);
  });

  it('sees the secret once; it is sealed, and is nowhere else', async () => {
    const { secret, id } = await create();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9_-]{43}$/);
    await happen();
    await ended(1);
    const row = await database.webhook.findUniqueOrThrow({ where: { id } });
    expect(row.secret).toMatch(/^v1\./);
    const shown = [await admin.get(api), await admin.get(`${api}/chat/deliveries`), await (await fairlead.admin()).get('/audit?limit=200')];
    expect(JSON.stringify(shown.map(({ body }) => body))).not.toContain(secret);
    expect(log.join('\n')).not.toContain(secret);
    const other = await create({ name: 'other' });
    await database.webhook.update({ where: { id: other.id }, data: { secret: row.secret } });
    expect((await admin.post(`${api}/other/test`).expect(200)).body.lastError).toMatch(/secret does not open/);
  });

  it('reads in the audit log who did what to it, and no more of the URL than its host', async () => {
    const from = new Date().toISOString();
    await create();
    await admin.patch(`${api}/chat`, { events: ['drift.found', 'rollout.failed'], name: 'pager' }).expect(200);
    await admin.post(`${api}/pager/test`).expect(200);
    await admin.delete(`${api}/pager`).expect(204);
    const { items } = (await (await fairlead.admin()).get(`/audit?limit=50&from=${from}&action=webhooks.*`).expect(200)).body as {
      items: AuditEntry[];
    };
    const { host } = new URL(receiver.url);
    expect(items.filter(({ outcome }) => outcome === 'allowed').map(({ action, name, summary }) => [action, name, summary])).toEqual([
      ['webhooks.delete', 'pager', `was to ${host}`],
      ['webhooks.test', 'pager', 'answered 204'],
      ['webhooks.change', 'pager', 'named pager; rollout.failed, drift.found'],
      ['webhooks.create', 'chat', `to ${host}: revision.created`],
    ]);
    expect(JSON.stringify(items)).not.toContain('canary');
    expect(log.join('\n')).not.toContain('key=canary');
  });

  it('is told clearly what is wrong', async () => {
    await create();
    const issue = async (body: object) =>
      (await admin.post(api, { name: 'x', url: receiver.url, events: ['drift.found'], ...body }).expect(400)).body.issues[0];
    expect(await issue({ url: 'http://10.0.0.1/' })).toEqual({
      path: 'url',
      message: expect.stringMatching(/leads to an address that is not public/),
    });
    expect(await issue({ url: fairlead.url })).toEqual({ path: 'url', message: expect.stringMatching(/Fairlead/) });
    expect(await issue({ url: `http://127.0.0.2:${new URL(fairlead.database.url).port}/` })).toMatchObject({
      message: expect.stringMatching(/never sends to/),
    });
    expect(await issue({ url: 'ftp://example.com' })).toMatchObject({ path: 'url' });
    expect(await issue({ events: [] })).toMatchObject({ path: 'events' });
    expect(await issue({ events: ['nothing'] })).toMatchObject({ path: 'events.0' });
    expect((await admin.post(api, { name: 'chat', url: receiver.url, events: ['drift.found'] }).expect(409)).body.code).toBe('name_taken');
    expect((await admin.patch(`${api}/chat`, { url: 'http://169.254.169.254/' }).expect(400)).body.issues[0].path).toBe('url');
  });

  it('who is no admin of the project sees and does nothing of it', async () => {
    const { id } = await create();
    for (const role of ['viewer', 'operator'] as const) {
      const person = await fairlead.person(role);
      await grant(person.id, role);
      const asked = [
        person.get(api),
        person.post(api, {}),
        person.patch(`${api}/${id}`, {}),
        person.delete(`${api}/${id}`),
        person.post(`${api}/${id}/test`),
      ];
      for (const answer of await Promise.all(asked))
        expect(answer.body).toMatchObject({ code: 'forbidden', receipt: { needs: 'admin', has: role } });
    }
  });
});

it('one of another project is a thing that does not exist', async () => {
  const { id } = await create();
  const other = { id: newId(), name: 'other', displayName: 'Other', createdAt: new Date(), createdById: newId() };
  await database.project.create({ data: other });
  const eve = await fairlead.person('eve');
  await database.grant.create({
    data: { id: newId(), projectId: other.id, principalId: eve.id, role: 'admin', grantedById: eve.id, createdAt: new Date() },
  });
  for (const ref of [id, 'chat']) await eve.post(`/projects/other/webhooks/${ref}/test`).expect(404);
  expect(receiver.received).toEqual([]);
});

it('goes with its project, deliveries and all', async () => {
  await create();
  await happen();
  await ended(1);
  await database.app.deleteMany();
  await admin.delete('/projects/shop', { confirm: 'shop' }).expect(204);
  expect([await database.webhook.count(), await database.webhookDelivery.count()]).toEqual([0, 0]);
  const list: { items: Webhook[] } | null = (await admin.get(api)).body;
  expect(list).toMatchObject({ code: 'not_found' });
});
