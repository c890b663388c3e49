import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { decodeFrame, encodeFrame, readStreamEnd } from '@fairlead/kube';
import { podSocketPath } from '@fairlead/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { OpenStreams } from '../src/features/gateway/open-streams.js';
import { DoorAuthority } from '../src/platform/http/door-authority.js';
import { until } from './support/cluster.js';
import { GatewayWorld, type Person } from './support/gateway.js';
import { headerLines, json } from './support/scripted-upstream.js';

const world = new GatewayWorld();
let operator: Person;
let deployer: Person;
let from: Date;

beforeAll(async () => {
  await world.start();
  operator = await world.person('olga', 'operator');
  deployer = await world.person('dan', 'deployer');
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 2)); // entries are found by their time
  from = new Date();
  world.upstream.requests.length = 0;
  world.upstream.allows = () => true;
  world.upstream.script = (_, res) => json(res, 200, { kind: 'PodList', apiVersion: 'v1', items: [] });
  world.upstream.upgrade = (req, socket, head) => acceptWebSocket(req.headers, socket, head);
});

const exec = '/k8s/prod/api/v1/namespaces/shop/pods/web-1/exec?command=sh&stdin=true&stdout=true';
const upgradeHeaders = [
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: v5.channel.k8s.io',
];
const noContact = () => expect(world.upstream.requests).toEqual([]);

/** The server's half of a WebSocket that says back what it is told, and `hello` first. */
function acceptWebSocket(headers: NodeJS.Dict<string | string[]>, socket: Duplex, head: Buffer): void {
  const accept = createHash('sha1')
    .update(`${String(headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  const protocol = headers['sec-websocket-protocol']
    ? `sec-websocket-protocol: ${String(headers['sec-websocket-protocol']).split(',')[0]}\r\n`
    : '';
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: ${accept}\r\n${protocol}set-cookie: a=b\r\n\r\n`,
  );
  const say = (text: string) => {
    const payload = encodeFrame(1, text);
    socket.write(Buffer.concat([Buffer.of(0x82, payload.length), payload]));
  };
  say('hello');
  if (head.length > 0) say(`early ${head.length}`);
  socket.on('data', () => say('more'));
}

const open = (person: Person, target = exec, headers: Record<string, string> = {}) =>
  new WebSocket(`wss://${world.host}${target}`, ['v5.channel.k8s.io'], {
    ca: world.fairlead.app.get(DoorAuthority).forOrigin(world.fairlead.tlsUrl)!,
    headers: { authorization: `Bearer ${person.bearer}`, ...headers },
  });

/** Everything that a socket says until it ends. */
function listen(socket: WebSocket) {
  const heard = { text: '', lastMs: 0, end: null as unknown, closed: null as number | null, refused: 0 };
  socket.on('message', (data: Buffer) => {
    const frame = decodeFrame(data)!;
    heard.lastMs = Date.now();
    if (frame.channel === 1) heard.text += Buffer.from(frame.data).toString();
    if (frame.channel === 3) heard.end = readStreamEnd(frame.data);
  });
  socket.on('close', (code) => (heard.closed = code));
  socket.on('unexpected-response', (_, res) => (heard.refused = res.statusCode ?? 0));
  socket.on('error', () => {});
  return heard;
}

const entriesOf = async (action: string, count = 1) => (await world.entries(from, count)).filter((entry) => entry.action === action);

describe('upgrades', () => {
  it('pass both ways, with the bytes that came early, in the name of the caller', async () => {
    const socket = open(operator);
    const heard = listen(socket);
    await until(
      5_000,
      () => heard.text,
      (text) => text.includes('hello'),
    );
    socket.send(encodeFrame(0, 'ls\n'));
    await until(
      5_000,
      () => heard.text,
      (text) => text.includes('more'),
    );
    socket.terminate(); // the scripted server answers no close
    const [request] = world.upstream.requests;
    expect(headerLines(request!, 'impersonate-user')).toEqual([`system:serviceaccount:fairlead-people:u-${operator.id}`]);
    expect(headerLines(request!, 'authorization')).toEqual(['Bearer canary-impersonator-token']);
    expect(headerLines(request!, 'sec-websocket-extensions')).toEqual([]);
    const [entry] = await entriesOf('kubernetes.pods.exec');
    expect(entry).toMatchObject({
      outcome: 'allowed',
      status: 101,
      actor: { name: 'olga' },
      summary: 'stdin=true command=sh',
    });
    expect(entry!.bytesOut).toBeGreaterThan(5);
  });

  it('H12 never carry a bearer subprotocol on, and take none for a credential', async () => {
    const secret = `base64url.bearer.authorization.k8s.io.${Buffer.from(operator.bearer).toString('base64url')}`;
    const headers = upgradeHeaders.map((each) =>
      each.startsWith('sec-websocket-protocol') ? `sec-websocket-protocol: ${secret}, v5.channel.k8s.io` : each,
    );
    const without = await world.raw(`GET ${exec} HTTP/1.1\r\nhost: ${world.host}\r\n${headers.join('\r\n')}\r\n\r\n`);
    expect(without.status).toBe(401);
    noContact();
    const socket = await world.connect();
    socket.write(
      `GET ${exec} HTTP/1.1\r\nhost: ${world.host}\r\nauthorization: Bearer ${operator.bearer}\r\n${headers.join('\r\n')}\r\n\r\n`,
    );
    await until(
      5_000,
      () => world.upstream.requests.length,
      (count) => count === 1,
    );
    socket.destroy();
    expect(headerLines(world.upstream.requests[0]!, 'sec-websocket-protocol')).toEqual(['v5.channel.k8s.io']);
  });

  it.each([
    ['a list', 'GET', '/k8s/prod/api/v1/namespaces/shop/pods', 400],
    ['a delete', 'DELETE', '/k8s/prod/api/v1/namespaces/shop/pods/web-1', 400],
    ['a secret’s delete that is not allowed', 'DELETE', '/k8s/prod/api/v1/namespaces/shop/secrets', 403],
    ['a log', 'GET', '/k8s/prod/api/v1/namespaces/shop/pods/web-1/log', 400],
    ['a node', 'GET', '/k8s/prod/api/v1/nodes/n/proxy/exec', 403],
    ['another group’s exec', 'GET', '/k8s/prod/apis/example.com/v1/namespaces/shop/pods/x/exec', 403],
    ['sign-in', 'POST', '/api/v1/auth/sign-in', 400],
    ['users', 'GET', '/api/v1/users', 400],
    ['the dashboard', 'GET', '/', 400],
    ['/_next/', 'GET', '/_next/webpack-hmr', 400],
  ])('U1 an upgrade of %s is judged like anything else, and never 101', async (_, method, target, status) => {
    const answer = await world.ask(method, target, { bearer: operator.bearer, headers: upgradeHeaders });
    expect(answer.status).toBe(status);
    noContact();
    if (target.startsWith('/k8s/')) expect(await world.entries(from)).toMatchObject([{ outcome: 'refused', actor: { name: 'olga' } }]);
  });

  it('U1 needs a credential like anything else, and speaks two protocols only', async () => {
    expect((await world.ask('GET', exec, { headers: upgradeHeaders })).status).toBe(401);
    const other = upgradeHeaders.map((each) => (each.startsWith('upgrade:') ? 'upgrade: h2c' : each));
    expect((await world.ask('GET', exec, { bearer: operator.bearer, headers: other })).status).toBe(400);
    expect((await world.ask('POST', exec, { bearer: operator.bearer })).status).toBe(400);
    noContact();
  });

  it('U2 asks the cluster for `create pods/exec` before the dial, whatever the method', async () => {
    const asked: Record<string, string>[] = [];
    world.upstream.allows = ({ resourceAttributes }) => {
      asked.push(resourceAttributes);
      return resourceAttributes.verb === 'get';
    };
    const answer = await world.ask('GET', exec.replace('web-1', 'web-2'), { bearer: operator.bearer, headers: upgradeHeaders });
    expect(answer.status).toBe(403);
    expect(asked).toContainEqual({ group: '', resource: 'pods', subresource: 'exec', verb: 'create', namespace: 'shop', name: 'web-2' });
    noContact();
    expect(await entriesOf('kubernetes.pods.exec')).toMatchObject([{ outcome: 'refused', reason: 'the cluster does not allow it' }]);
  });

  it('U2 and is refused by Fairlead first where the role does not reach', async () => {
    expect((await world.ask('GET', exec, { bearer: deployer.bearer, headers: upgradeHeaders })).status).toBe(403);
    noContact();
  });

  it.each([
    ['a 403', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 4\r\n\r\nnope', 403],
    ['a 500', 'HTTP/1.1 500 Oh\r\ncontent-length: 4\r\n\r\nnope', 500],
    ['a 200', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnope', 200],
    ['a redirect (H17)', 'HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n', 502],
    ['garbage', 'SPDY is not HTTP\r\n\r\n', 502],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: h2c\r\n\r\n', 502],
    ['nothing', '', 502],
  ])('U4 %s instead of the switch ends both connections, and neither is used again', async (_, answer, status) => {
    let closed = false;
    world.upstream.upgrade = (_req, socket) => {
      socket.on('close', () => (closed = true));
      if (answer === '') socket.destroy();
      else socket.write(answer);
    };
    const second = `GET /k8s/prod/api/v1/namespaces/shop/pods HTTP/1.1\r\nhost: ${world.host}\r\nauthorization: Bearer ${operator.bearer}\r\n\r\n`;
    // U5: a second request right behind the first is never read as HTTP.
    const got = await world.raw(
      `GET ${exec} HTTP/1.1\r\nhost: ${world.host}\r\nauthorization: Bearer ${operator.bearer}\r\n${upgradeHeaders.join('\r\n')}\r\n\r\n${second}`,
    );
    expect(got.status).toBe(status);
    expect(got.head.toLowerCase()).not.toContain('evil');
    expect(got.body.match(/HTTP\/1\.1/g)).toBeNull();
    await until(5_000, () => closed, Boolean);
    expect(world.upstream.requests).toHaveLength(1);
    expect(await entriesOf('kubernetes.pods.exec')).toMatchObject([{ status }]);
  });

  it('U5 hands early bytes on as bytes after the switch', async () => {
    const socket = await world.connect();
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    socket.write(
      `GET ${exec} HTTP/1.1\r\nhost: ${world.host}\r\nauthorization: Bearer ${operator.bearer}\r\n${upgradeHeaders.join('\r\n')}\r\n\r\nGET /k8s/prod/api HTTP/1.1\r\n\r\n`,
    );
    await until(
      5_000,
      () => heard,
      (text) => text.includes('more') || text.includes('early'),
    );
    expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(heard.toLowerCase()).not.toContain('set-cookie');
    socket.destroy();
    expect(world.upstream.requests).toHaveLength(1);
  });
});

describe("U6 the dashboard's sockets", () => {
  const path = podSocketPath({ cluster: 'prod', namespace: 'shop', pod: 'web-1' }, 'exec', [
    ['command', 'sh'],
    ['stdout', 'true'],
  ]);
  const origin = () => world.fairlead.url;
  const dashboard = (headers: Record<string, string>) =>
    new WebSocket(`${world.fairlead.url.replace('http', 'ws')}${path}`, ['v5.channel.k8s.io'], { headers });

  it('open with the session cookie and our origin', async () => {
    const socket = dashboard({ cookie: operator.cookie, origin: origin() });
    const heard = listen(socket);
    await until(
      5_000,
      () => heard.text,
      (text) => text === 'hello',
    );
    socket.terminate(); // the scripted server answers no close
    expect(world.upstream.requests[0]!.url).toBe('/api/v1/namespaces/shop/pods/web-1/exec?command=sh&stdout=true');
    expect(headerLines(world.upstream.requests[0]!, 'cookie')).toEqual([]);
    expect(await entriesOf('kubernetes.pods.exec')).toMatchObject([{ door: 'web', outcome: 'allowed', actor: { name: 'olga' } }]);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }, 403],
    ['a sibling of ours', { origin: 'http://evil.127.0.0.1' }, 403],
    ['no site', { origin: 'null' }, 403],
    ['nobody knows where', {}, 403],
    ['here, without a session', { cookie: '' }, 401],
    ['here, with a token instead', { cookie: '', authorization: 'Bearer x' }, 401],
  ])('but not from %s', async (_, change, status) => {
    const headers: Record<string, string> = {
      cookie: operator.cookie,
      ...('origin' in change || Object.keys(change).length === 0 ? {} : { origin: origin() }),
      ...change,
    };
    const heard = listen(dashboard(headers));
    await until(
      5_000,
      () => heard.refused,
      (code) => code === status,
    );
    noContact();
    expect(await world.entries(from)).toMatchObject([{ outcome: 'refused', door: 'web' }]);
  });

  it('and a cookie opens nothing below /k8s/', async () => {
    expect(
      (await world.ask('GET', exec, { headers: [...upgradeHeaders, `cookie: ${operator.cookie}`, `origin: ${origin()}`] })).status,
    ).toBe(401);
    noContact();
  });
});

describe('rights that are taken away', () => {
  const watchTarget = '/k8s/prod/api/v1/namespaces/shop/pods?watch=1';
  let feeding: NodeJS.Timeout;

  /** A watch that tells something every 50 ms, as raw text. */
  async function watch(person: Person) {
    world.upstream.script = (_, res) => {
      res.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      feeding = setInterval(() => res.write('{"type":"MODIFIED","object":{"kind":"Pod"}}\n'), 50);
      res.on('close', () => clearInterval(feeding));
    };
    const socket = await world.connect();
    const heard = { text: '', lastMs: 0, closed: false };
    socket.on('data', (chunk: Buffer) => {
      heard.text += chunk.toString();
      heard.lastMs = Date.now();
    });
    socket.on('close', () => (heard.closed = true));
    socket.write(
      `GET ${watchTarget} HTTP/1.1\r\nhost: ${world.host}\r\nconnection: close\r\nauthorization: Bearer ${person.bearer}\r\n\r\n`,
    );
    await until(
      5_000,
      () => heard.text,
      (text) => text.includes('MODIFIED'),
    );
    return heard;
  }

  let count = 0;
  const freshPerson = (role: 'viewer' | 'operator' = 'operator') => world.person(`person-${++count}`, role);

  it.each([
    ['the role', async (person: Person) => void (await world.database.grant.deleteMany({ where: { principalId: person.id } })), 403],
    [
      'the token',
      async (person: Person) =>
        void (await world.database.token.updateMany({ where: { principalId: person.id }, data: { revokedAt: new Date() } })),
      401,
    ],
    [
      'the person',
      async (person: Person) =>
        void (await world.database.principal.update({ where: { id: person.id }, data: { disabledAt: new Date() } })),
      401,
    ],
    [
      'the time of the grant',
      async (person: Person) =>
        void (await world.database.grant.updateMany({
          where: { principalId: person.id },
          data: { expiresAt: new Date(Date.now() + 300) },
        })),
      403,
    ],
    ['the namespace', async () => void (await world.database.projectNamespace.deleteMany({ where: { namespace: 'shop-2' } })), null],
  ])('T1 a watch ends within 5 s when %s goes, in words', async (_, take, code) => {
    const person = await freshPerson();
    const heard = await watch(person);
    const taken = Date.now();
    await take(person);
    if (code === null) {
      // Another namespace of the project: this one goes on.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(heard.closed).toBe(false);
      await world.database.grant.deleteMany({ where: { principalId: person.id } });
      await until(6_000, () => heard.closed, Boolean);
      return;
    }
    await until(6_000, () => heard.closed, Boolean);
    expect(heard.lastMs - taken).toBeLessThan(5_000);
    const events = heard.text.split('\n').filter((line) => line.startsWith('{"type"'));
    expect(JSON.parse(events.at(-1)!)).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code } });
    expect(await entriesOf('kubernetes.pods.watch')).toMatchObject([{ outcome: 'refused', endCause: expect.stringMatching(/^revoked: /) }]);
  });

  it('T2 so does a session that is only read: a Status, then 1008', async () => {
    const person = await freshPerson();
    let chatter: NodeJS.Timeout | undefined;
    world.upstream.upgrade = (req, socket, head) => {
      acceptWebSocket(req.headers, socket, head);
      const payload = encodeFrame(1, 'x');
      chatter = setInterval(() => socket.write(Buffer.concat([Buffer.of(0x82, payload.length), payload])), 50);
      socket.on('close', () => clearInterval(chatter));
    };
    const heard = listen(open(person));
    await until(
      5_000,
      () => heard.text,
      (text) => text.length > 10,
    );
    const taken = Date.now();
    await world.database.grant.deleteMany({ where: { principalId: person.id } });
    await until(
      6_000,
      () => heard.closed,
      (code) => code !== null,
    );
    expect(heard).toMatchObject({ closed: 1008, end: { ok: false, message: expect.stringContaining('the right to this was taken away') } });
    expect(heard.lastMs - taken).toBeLessThan(5_000);
  });

  it('T4 nobody’s rights being known, streams end and none is opened', { timeout: 120_000 }, async () => {
    const heard = await watch(await freshPerson('viewer'));
    await world.fairlead.database.away();
    try {
      await until(25_000, () => heard.closed, Boolean);
      const events = heard.text.split('\n').filter((line) => line.startsWith('{"type"'));
      expect(JSON.parse(events.at(-1)!)).toMatchObject({ type: 'ERROR', object: { code: 503 } });
      expect((await world.ask('GET', watchTarget, { bearer: operator.bearer })).status).toBe(503);
    } finally {
      await world.fairlead.database.back();
    }
    world.upstream.script = (_, res) => json(res, 200, { major: '1' }); // a watch's answer would have no end
    await until(
      30_000,
      async () => (await world.ask('GET', '/k8s/prod/version', { bearer: operator.bearer })).status,
      (code) => code === 200,
    );
    expect(await entriesOf('kubernetes.pods.watch')).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ endCause: 'rights could not be checked' })]),
    );
    await until(30_000, () => world.fairlead.app.get(OpenStreams).rightsKnown, Boolean); // streams are open to people again
  });

  it('T3 a right that only the cluster takes ends the stream within 60 s', { timeout: 70_000 }, async () => {
    const heard = await watch(await freshPerson('viewer'));
    const taken = Date.now();
    world.upstream.allows = () => false;
    await until(60_000, () => heard.closed, Boolean);
    expect(heard.lastMs - taken).toBeLessThan(60_000);
    expect(await entriesOf('kubernetes.pods.watch')).toMatchObject([{ endCause: 'revoked: the cluster no longer allows it' }]);
  });
});
