import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE, type Database } from '../src/platform/database.js';
import { newId } from '../src/platform/id.js';
import { LiveTopics } from '../src/platform/live-topic.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { LiveClient } from './support/live-client.js';
import { TestTopic } from './support/test-topic.js';

let fairlead: Fairlead;
let admin: Session;
const open = new TestTopic('numbers');
const guarded = new TestTopic('guarded', true);
beforeAll(async () => {
  fairlead = await startFairlead();
  admin = await fairlead.admin();
  fairlead.app.get(LiveTopics).register(open);
  fairlead.app.get(LiveTopics).register(guarded);
  // Through REST a project has a namespace on a cluster; rights to topics need none.
  const { body: me } = await admin.get('/me').expect(200);
  await fairlead.app
    .get<Database>(DATABASE)
    .project.create({ data: { id: newId(), name: 'shop', displayName: 'Shop', createdAt: new Date(), createdById: me.id } });
});
afterAll(() => fairlead?.close());

const grant = async (name: string): Promise<string> =>
  ((await admin.post('/projects/shop/grants', { principal: name, role: 'viewer' }).expect(201)).body as { id: string }).id;

describe('rights of an open socket', () => {
  it('a grant taken away ends what rested on it, and nothing else', async () => {
    const viewer = await fairlead.person('viewer');
    const grantId = await grant('viewer');
    const client = await LiveClient.connect(fairlead, viewer);
    await client.subscribe('g', 'guarded');
    await client.subscribe('n', 'numbers');
    expect(client.of('g')[0]?.type).toBe('snapshot');
    await admin.delete(`/projects/shop/grants/${grantId}`).expect(204);
    await client.until(() => client.of('g').some((message) => message.type === 'error'));
    expect(guarded.sinks.size).toBe(0);
    guarded.put({ key: 'secret', value: 1 });
    open.put({ key: 'after', value: 1 });
    await client.until(() => client.rows.get('n')?.has('after') ?? false);
    expect(client.rows.get('g')?.has('secret')).toBe(false);
    client.close();
  });

  it('a grant that runs out ends what rested on it', async () => {
    const guest = await fairlead.person('guest');
    await admin
      .post('/projects/shop/grants', { principal: 'guest', role: 'viewer', expiresAt: new Date(Date.now() + 2_500).toISOString() })
      .expect(201);
    const client = await LiveClient.connect(fairlead, guest);
    await client.subscribe('g', 'guarded');
    expect(client.of('g')[0]?.type).toBe('snapshot');
    await client.until(() => client.of('g').at(-1)?.type === 'error');
    client.close();
  });

  it('a reader that was cut off and lost its right meanwhile gets nothing', async () => {
    const parted = await fairlead.person('parted');
    const grantId = await grant('parted');
    const before = await LiveClient.connect(fairlead, parted);
    await before.subscribe('g', 'guarded');
    const at = before.at.get('g')!;
    before.cut();
    await before.untilClosed();
    await admin.delete(`/projects/shop/grants/${grantId}`).expect(204);
    const after = await LiveClient.connect(fairlead, parted);
    await after.subscribe('g', 'guarded', {}, at);
    expect(after.of('g')).toMatchObject([{ type: 'error', code: 'forbidden' }]);
    await expect.poll(() => guarded.sinks.size, { timeout: 5_000 }).toBe(0);
    after.close();
  });

  it('signing out closes the socket with 4401', async () => {
    const leaver = await fairlead.person('leaver');
    const client = await LiveClient.connect(fairlead, leaver);
    await leaver.post('/auth/sign-out').expect(204);
    expect(await client.untilClosed()).toBe(4401);
  });

  it('a revoked token closes its socket with 4401, and not the session of the same person', async () => {
    const owner = await fairlead.person('owner');
    const token = await owner.token({ name: 'live' });
    const byToken = await LiveClient.connect(fairlead, { token });
    const bySession = await LiveClient.connect(fairlead, owner);
    const tokens = (await owner.get('/tokens').expect(200)).body as { items: { id: string }[] };
    await owner.delete(`/tokens/${tokens.items[0]!.id}`).expect(204);
    expect(await byToken.untilClosed()).toBe(4401);
    bySession.send({ type: 'ping' });
    await bySession.until(() => bySession.messages.at(-1)?.type === 'pong');
    bySession.close();
  });

  it('a disabled user loses the socket with 4401', async () => {
    const gone = await fairlead.person('gone');
    const client = await LiveClient.connect(fairlead, gone);
    await admin.patch('/users/gone', { disabled: true }).expect(200);
    expect(await client.untilClosed()).toBe(4401);
  });
});

describe('Postgres gone', () => {
  it('for longer than rights may be unknown closes every socket with 1013, and none is opened until it is back', async () => {
    const reader = await fairlead.person('reader');
    const client = await LiveClient.connect(fairlead, reader);
    await client.subscribe('n', 'numbers');
    await fairlead.database.away();
    try {
      expect(await client.untilClosed()).toBe(1013);
      await expect(LiveClient.connect(fairlead, reader)).rejects.toThrow('503');
    } finally {
      await fairlead.database.back();
    }
    await expect
      .poll(
        () =>
          LiveClient.connect(fairlead, reader).then(
            (again) => again.messages[0]?.type,
            () => null,
          ),
        { timeout: 15_000, interval: 500 },
      )
      .toBe('welcome');
  }, 45_000);
});
