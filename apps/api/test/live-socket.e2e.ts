import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LiveTopics } from '../src/platform/live-topic.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { LiveClient, RefusedUpgrade } from './support/live-client.js';
import { TestTopic } from './support/test-topic.js';

let fairlead: Fairlead;
let admin: Session;
const numbers = new TestTopic('numbers');
const guarded = new TestTopic('guarded', true);
beforeAll(async () => {
  fairlead = await startFairlead();
  admin = await fairlead.admin();
  fairlead.app.get(LiveTopics).register(numbers);
  fairlead.app.get(LiveTopics).register(guarded);
});
afterAll(() => fairlead?.close());
beforeEach(() => numbers.rows.clear());

const statusOf = async (headers: Record<string, string | string[]>, path = '/api/v1/live'): Promise<number> => {
  try {
    (await LiveClient.open(`${fairlead.url}${path}`, headers)).close();
    return 101;
  } catch (error) {
    if (error instanceof RefusedUpgrade) return error.status;
    throw error;
  }
};

describe('who may open the socket (U6)', () => {
  it.each([
    ['our page', () => ({ cookie: admin.cookie, origin: fairlead.url }), 101],
    ['a page on another origin', () => ({ cookie: admin.cookie, origin: 'https://evil.example' }), 403],
    ['a sibling subdomain', () => ({ cookie: admin.cookie, origin: fairlead.url.replace('127.0.0.1', 'evil.127.0.0.1') }), 403],
    ['another port of the same host', () => ({ cookie: admin.cookie, origin: 'http://127.0.0.1:1' }), 403],
    ['Origin: null', () => ({ cookie: admin.cookie, origin: 'null' }), 403],
    ['a cookie without an Origin', () => ({ cookie: admin.cookie }), 403],
    ['our page without a session', () => ({ origin: fairlead.url }), 401],
    ['a cookie that is no session', () => ({ cookie: `fairlead=${'A'.repeat(43)}`, origin: fairlead.url }), 401],
    ['two cookies of our name', () => ({ cookie: `${admin.cookie}; ${admin.cookie}`, origin: fairlead.url }), 401],
    ['a token that is none', () => ({ authorization: 'Bearer nothing' }), 401],
    ['a token and a foreign Origin', () => ({ authorization: 'Bearer nothing', origin: 'https://evil.example' }), 403],
  ] as const)('%s', async (_, headers, status) => {
    expect(await statusOf(headers())).toBe(status);
  });

  it('a script with a token, without Origin, and not with two of them', async () => {
    const token = await admin.token();
    expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(101);
    expect(await statusOf({ authorization: [`Bearer ${token}`, `Bearer ${token}`] })).toBe(401);
  });

  it('takes no credential from the query', async () => {
    const token = await admin.token();
    expect(await statusOf({ origin: fairlead.url }, `/api/v1/live?token=${token}`)).toBe(400);
  });

  it('a refusal is one entry in the audit log', async () => {
    await statusOf({ cookie: admin.cookie, origin: 'https://evil.example' });
    const auditor = await fairlead.person('refusals', ['auditor']);
    const { body } = await auditor.get('/audit?action=live.connect&limit=1').expect(200);
    expect(body.items).toMatchObject([{ outcome: 'refused', reason: 'wrong_origin', status: 403, door: 'web' }]);
  });

  it('what a client sends before the switch is answered after it, never read as HTTP (U5)', async () => {
    const answers = await new Promise<string>((resolve, reject) => {
      const req = httpRequest(`${fairlead.url}/api/v1/live`, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          cookie: admin.cookie,
          origin: fairlead.url,
        },
      });
      req.on('upgrade', (_, socket, head) => {
        let text = head.toString('latin1');
        socket.write('GET /api/v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n');
        socket.on('data', (data: Buffer) => (text += data.toString('latin1')));
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
      });
      req.on('error', reject);
      req.end();
    });
    expect(answers).not.toContain('HTTP/1.1 200');
  });
});

describe('the protocol', () => {
  it.each([
    ['no JSON', 'x', 4400],
    ['an unknown type', '{"type":"shout"}', 4400],
    ['an unknown field', '{"type":"hello","version":1,"admin":true}', 4400],
    ['a subscription before hello', '{"type":"subscribe","id":"a","topic":"numbers"}', 4400],
    ['another version', '{"type":"hello","version":2}', 4426],
    ['a message over 64 kB', JSON.stringify({ type: 'hello', version: 1, resume: 'x'.repeat(70_000) }), 1009],
  ])('%s closes the socket', async (_, text, code) => {
    const client = await LiveClient.open(`${fairlead.url}/api/v1/live`, { cookie: admin.cookie, origin: fairlead.url });
    client.socket.send(text);
    expect(await client.untilClosed()).toBe(code);
  });

  it('a binary message, a second hello, an id in use and the 201st subscription close the socket', async () => {
    const binary = await LiveClient.connect(fairlead, admin);
    binary.socket.send(Buffer.from('{"type":"ping"}'));
    expect(await binary.untilClosed()).toBe(4400);
    const twice = await LiveClient.connect(fairlead, admin);
    twice.send({ type: 'hello', version: 1 });
    expect(await twice.untilClosed()).toBe(4400);
    const inUse = await LiveClient.connect(fairlead, admin);
    await inUse.subscribe('a', 'numbers');
    inUse.send({ type: 'subscribe', id: 'a', topic: 'numbers', params: {} });
    expect(await inUse.untilClosed()).toBe(4409);
    const many = await LiveClient.connect(fairlead, admin);
    for (let i = 0; i <= 200; i++) many.send({ type: 'subscribe', id: `s${i}`, topic: 'numbers', params: {} });
    expect(await many.untilClosed()).toBe(4429);
    await expect.poll(() => numbers.sinks.size).toBe(0);
  });

  it('ping gets pong; an unknown topic and wrong params get an error and leave the socket open', async () => {
    const client = await LiveClient.connect(fairlead, admin);
    await client.subscribe('a', 'nothing');
    await client.subscribe('b', 'numbers', { color: 'red' });
    expect(client.of('a')).toMatchObject([{ type: 'error', code: 'not_found' }]);
    expect(client.of('b')).toMatchObject([{ type: 'error', code: 'invalid_request' }]);
    client.send({ type: 'ping' });
    await client.until(() => client.messages.at(-1)?.type === 'pong');
    client.close();
  });

  it('a snapshot comes first, then changes; unsubscribe ends the topic and frees the id', async () => {
    numbers.rows.set('a', { key: 'a', value: 1 });
    const client = await LiveClient.connect(fairlead, admin);
    await client.subscribe('n', 'numbers');
    expect(client.of('n')).toMatchObject([{ type: 'snapshot', items: [{ key: 'a', value: 1 }], total: 1 }]);
    numbers.put({ key: 'b', value: 2 });
    numbers.remove('a');
    await client.until(() => client.rows.get('n')?.get('b') !== undefined && !client.rows.get('n')?.has('a'));
    client.send({ type: 'unsubscribe', id: 'n' });
    await expect.poll(() => numbers.sinks.size).toBe(0);
    await client.subscribe('n', 'numbers');
    expect(client.closed).toBeNull();
    client.close();
  });

  it('each subscription is one entry in the audit log, allowed or refused', async () => {
    const reader = await fairlead.person('subscriber', ['auditor']);
    const client = await LiveClient.connect(fairlead, reader);
    await client.subscribe('n', 'numbers', { room: 'blue' });
    await client.subscribe('g', 'guarded');
    expect(client.of('g')).toMatchObject([{ type: 'error', code: 'forbidden', message: 'This needs a grant.' }]);
    const entries = async () => (await reader.get('/audit?actor=subscriber&action=live.*').expect(200)).body.items;
    await expect.poll(async () => (await entries()).length).toBe(2);
    expect(await entries()).toMatchObject([
      { action: 'live.guarded.subscribe', outcome: 'refused', door: 'web', actor: { name: 'subscriber' } },
      { action: 'live.numbers.subscribe', outcome: 'allowed', summary: 'room blue', door: 'web', sessionId: expect.any(String) },
    ]);
    client.close();
  });
});

describe('a cut socket', () => {
  it('goes on where it was: only what changed meanwhile comes', async () => {
    for (let i = 0; i < 100; i++) numbers.rows.set(`k${i}`, { key: `k${i}`, value: i });
    const before = await LiveClient.connect(fairlead, admin);
    await before.subscribe('n', 'numbers');
    const at = before.at.get('n')!;
    const opened = numbers.opened;
    before.cut();
    await before.untilClosed();
    numbers.put({ key: 'k7', value: 700 });
    numbers.remove('k8');
    const after = await LiveClient.connect(fairlead, admin);
    await after.subscribe('m', 'numbers', {}, at);
    expect(after.of('m')).toMatchObject([
      { type: 'changes', changes: expect.arrayContaining([{ put: { key: 'k7', value: 700 } }, { remove: 'k8' }]) },
    ]);
    expect(numbers.opened).toBe(opened);
    after.close();
  });

  it('of another session, or with an unknown place, gets a snapshot', async () => {
    numbers.put({ key: 'a', value: 1 });
    const before = await LiveClient.connect(fairlead, admin);
    await before.subscribe('n', 'numbers');
    const at = before.at.get('n')!;
    before.cut();
    const other = await LiveClient.connect(fairlead, await fairlead.person('other'));
    await other.subscribe('n', 'numbers', {}, at);
    await other.subscribe('m', 'numbers', {}, 'nonsense');
    expect(other.of('n')[0]?.type).toBe('snapshot');
    expect(other.of('m')[0]?.type).toBe('snapshot');
    other.close();
  });
});
