import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Clusters } from '../src/features/clusters/index.js';
import { newId } from '../src/platform/id.js';
import { until } from './support/cluster.js';
import { startFairlead } from './support/fairlead.js';
import { bigBytes, ForwardedApp, forwardByChannels } from './support/forwarded-app.js';
import { GatewayWorld, type Person } from './support/gateway.js';
import { PortTab } from './support/port-tab.js';
import { headerLines, json } from './support/scripted-upstream.js';

const world = new GatewayWorld();
const app = new ForwardedApp();
const appId = newId();
const api = '/projects/shop/apps/web';
const service = { kind: 'service', name: 'web', port: 80 };
let listens = true;
let olga: Person;
let otto: Person;

const podUid = newId();
const metadata = { name: 'web', namespace: 'shop', annotations: { 'fairlead.dev/app-id': appId } };

beforeAll(async () => {
  await app.listen();
  await world.start();
  world.upstream.script = (req, res) => {
    if (req.url?.includes('/services/web')) json(res, 200, { kind: 'Service', metadata, spec: { ports: [{ name: 'http', port: 80 }] } });
    else if (req.url?.includes('/endpointslices'))
      json(res, 200, {
        kind: 'EndpointSliceList',
        metadata: {},
        items: [
          {
            metadata: {},
            ports: [{ name: 'http', port: 8080 }],
            endpoints: [{ conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-1' } }],
          },
        ],
      });
    // The pod is looked for as long as a tunnel leads to it.
    else if (req.url?.includes('/pods/web-1')) json(res, 200, { kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', uid: podUid } });
    else json(res, 404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404, message: 'not found' });
  };
  world.upstream.upgrade = (req, socket, head) => forwardByChannels(req, socket, head, listens ? app.port : null);
  [olga, otto] = [await world.person('olga', 'operator'), await world.person('otto', 'operator')];
  await world.database.app.create({
    data: {
      id: appId,
      projectId: world.projectId,
      clusterId: world.clusterId,
      namespace: 'shop',
      name: 'web',
      currentRevision: 1,
      createdAt: new Date(),
      createdById: olga.id,
      createdByName: 'olga',
    },
  });
}, 60_000);
afterAll(async () => {
  await world.close();
  app.close();
});

type Opened = { link: string; opening: { id: string; host: string; url: string } };
const open = async (person: Person = olga): Promise<Opened> => (await person.post(`${api}/ports`, service).expect(201)).body as Opened;
async function tabOf(person: Person = olga): Promise<{ tab: PortTab } & Opened> {
  const opened = await open(person);
  const tab = PortTab.at(opened.link);
  expect((await tab.open(opened.link)).status).toBe(302);
  return { tab, ...opened };
}
const close = (id: string, person: Person = olga) => person.delete(`${api}/ports/openings/${id}`).expect(204);

/** Of this machine, and nobody's a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Another process of the same Fairlead, that has its word of the cluster. */
async function startBeside(env: Record<string, string>) {
  const port = await freePort();
  const fairlead = await startFairlead({ on: world.fairlead, env: { FAIRLEAD_PORT: String(port), ...env } });
  const clusters = fairlead.app.get(Clusters);
  await until(10_000, async () => (await clusters.resolve('prod')) && (await clusters.upstream(world.clusterId)).gate.open, Boolean);
  return { port, stop: fairlead.stop };
}

describe('what passes', () => {
  it('requests as the person, with the address of the opening and without anything of Fairlead’s', async () => {
    const { tab, opening } = await tabOf();
    const before = world.upstream.requests.length;
    const headers = {
      cookie: `${olga.cookie}; theme=dark`,
      authorization: `Bearer ${olga.bearer}`,
      'x-forwarded-for': '6.6.6.6',
      te: 'trailers',
    };
    const seen = JSON.parse((await tab.ask('/a//b?c=%20', { headers })).body) as { url: string; headers: Record<string, string> };
    expect(seen.url).toBe('/a//b?c=%20');
    expect(seen.headers).toMatchObject({
      host: opening.host,
      cookie: 'theme=dark',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': opening.host,
      'x-forwarded-proto': 'http',
    });
    for (const name of ['authorization', 'te', 'x-real-ip']) expect(seen.headers).not.toHaveProperty(name);
    const dialled = world.upstream.requests.slice(before).find(({ upgrade }) => upgrade)!;
    expect(dialled.url).toBe('/api/v1/namespaces/shop/pods/web-1/portforward?ports=8080');
    expect(headerLines(dialled, 'impersonate-user')).toEqual([`system:serviceaccount:fairlead-people:u-${olga.id}`]);
    expect(headerLines(dialled, 'impersonate-group')).toEqual(['system:authenticated']);
    expect(headerLines(dialled, 'audit-id')).toEqual([opening.id]);
    expect(headerLines(dialled, 'cookie')).toEqual([]);
    await close(opening.id);
  });

  it('bodies both ways, whole', async () => {
    const { tab, opening } = await tabOf();
    const body = 'y'.repeat(3_000_000);
    expect(JSON.parse((await tab.ask('/', { method: 'POST', body, headers: { origin: `http://${tab.host}` } })).body)).toMatchObject({
      method: 'POST',
      bytes: body.length,
    });
    expect((await tab.ask('/big')).body.length).toBe(bigBytes);
    await close(opening.id);
    const [entry] = (await world.entries(new Date(Date.now() - 60_000))).filter(({ id }) => id === opening.id);
    expect(entry?.bytesIn).toBeGreaterThan(body.length);
    expect(entry?.bytesOut).toBeGreaterThan(bigBytes);
  });

  it('a WebSocket, until the port is closed', async () => {
    const { tab, opening } = await tabOf();
    const socket = tab.socket('/chat');
    await once(socket, 'open');
    socket.send('hello');
    expect(String((await once(socket, 'message'))[0])).toBe('hello');
    const closed = once(socket, 'close');
    await close(opening.id);
    await closed;
  });

  it('whatever is asked, while the app closes the connections that were kept', async () => {
    const { tab, opening } = await tabOf();
    app.kept.cut = true;
    const origin = { origin: `http://${tab.host}` };
    for (const method of ['GET', 'GET', 'POST', 'GET', 'DELETE', 'GET'])
      expect(JSON.parse((await tab.ask('/', { method, headers: origin })).body)).toMatchObject({ method });
    const socket = tab.socket('/chat');
    await once(socket, 'open');
    socket.close();
    app.kept.cut = false;
    await close(opening.id);
  });

  it('cookies of the app, for its host name alone', async () => {
    const { tab, opening } = await tabOf();
    expect((await tab.ask('/cookie')).headers['set-cookie']).toEqual(['sid=1; Path=/']);
    await close(opening.id);
  });
});

describe('attacks', () => {
  it('a link is good once, even for two at once, and leaves no secret in an address', async () => {
    const { link, opening } = await open();
    const tries = await Promise.all(Array.from({ length: 5 }, () => PortTab.at(link).open(link)));
    expect(tries.map(({ status }) => status).sort()).toEqual([302, 410, 410, 410, 410]);
    expect(tries.find(({ status }) => status === 302)?.headers.location).toBe('/');
    expect((await PortTab.at(link).open(link)).headers['x-fairlead-trouble']).toBe('link_used');
    await close(opening.id);
  });

  it('a link is too old after a minute', async () => {
    const { link, opening } = await open();
    await world.database.portOpening.update({ where: { id: opening.id }, data: { linkExpiresAt: new Date(Date.now() - 1) } });
    expect((await PortTab.at(link).open(link)).status).toBe(410);
  });

  it('a link belongs to its host name', async () => {
    const [mine, other] = [await open(), await open()];
    const foreign = mine.link.replace(mine.opening.host, other.opening.host);
    expect(await PortTab.at(foreign).open(foreign)).toMatchObject({ status: 401, headers: { 'x-fairlead-trouble': 'not_open' } });
    const changed = `${mine.link.slice(0, -2)}${mine.link.endsWith('AA') ? 'BB' : 'AA'}`;
    expect((await PortTab.at(changed).open(changed)).status).toBe(401);
    for (const { opening } of [mine, other]) await close(opening.id);
  });

  it('a cookie belongs to its opening, and Fairlead’s session opens none', async () => {
    const [mine, others] = [await tabOf(), await tabOf(otto)];
    const thief = new PortTab(Number(new URL(mine.opening.url).port), others.opening.host);
    thief.cookie = mine.tab.cookie;
    expect((await thief.ask('/')).status).toBe(401);
    thief.cookie = otto.cookie;
    expect((await thief.ask('/')).status).toBe(401);
    thief.cookie = null;
    expect((await thief.ask('/')).status).toBe(401);
    await close(mine.opening.id);
    await close(others.opening.id, otto);
  });

  it('another person neither sees nor closes it', async () => {
    const { opening } = await tabOf();
    expect((await otto.get(`${api}/ports/openings`).expect(200)).body.items).toEqual([]);
    await otto.delete(`${api}/ports/openings/${opening.id}`).expect(404);
    await close(opening.id);
  });

  it.each(['/api/v1/me', '/api/v1/health/live', '/k8s/prod/api', '/sign-in'])(
    '%s on such a host name is the app’s, or nobody’s',
    async (path) => {
      const { tab, opening } = await tabOf();
      const stranger = new PortTab(Number(new URL(opening.url).port), opening.host);
      expect((await stranger.ask(path, { headers: { cookie: olga.cookie } })).status).toBe(401);
      expect(JSON.parse((await tab.ask(path, { headers: { cookie: olga.cookie } })).body)).toMatchObject({ url: path });
      const nowhere = new PortTab(Number(new URL(opening.url).port), opening.host.replace(/^p-.{20}/, `p-${'a'.repeat(20)}`));
      expect((await nowhere.ask(path, { headers: { cookie: olga.cookie } })).status).toBe(401);
      await close(opening.id);
    },
  );

  it('its pages cannot use Fairlead’s API or sockets', async () => {
    const { opening } = await tabOf();
    const origin = opening.url.slice(0, -1);
    await olga.post(`${api}/ports`, service).set('origin', origin).expect(403);
    const door = new PortTab(Number(new URL(world.fairlead.url).port), new URL(world.fairlead.url).host);
    door.cookie = olga.cookie;
    const socket = door.socket('/api/v1/live', { origin });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toMatch(/40[013]/);
    await close(opening.id);
  });

  it.each([
    ['a form of another site', 'POST', { origin: 'https://evil.example' }],
    ['a script of another opened port', 'GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a frame', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ])('%s does not reach the app', async (_, method, headers) => {
    const { tab, opening } = await tabOf();
    expect(await tab.ask('/', { method, headers })).toMatchObject({ status: 403, headers: { 'x-fairlead-trouble': 'other_site' } });
    await close(opening.id);
  });

  it('a socket of another site does not reach the app', async () => {
    const { tab, opening } = await tabOf();
    const [error] = (await once(tab.socket('/', { origin: 'https://evil.example' }), 'error')) as [Error];
    expect(error.message).toContain('403');
    await close(opening.id);
  });
});

describe('ends', () => {
  it('with the sign-in that it rests on, in the middle of an answer', async () => {
    const again = await world.fairlead.signIn('otto', 'correct horse battery staple');
    const { link, opening } = (await again.post(`${api}/ports`, service).expect(201)).body as Opened;
    const tab = PortTab.at(link);
    await tab.open(link);
    const answer = tab.ask('/forever').then(
      () => 'whole',
      () => 'cut off',
    );
    await again.post('/auth/sign-out').expect(204);
    expect(await answer).toBe('cut off');
    const seen = await until(
      5_000,
      () => tab.ask('/'),
      ({ status }) => status === 410,
    );
    expect(seen.body).toContain('the credential is no longer valid');
    const [entry] = (await world.entries(new Date(Date.now() - 60_000))).filter(({ id }) => id === opening.id);
    expect(entry).toMatchObject({ outcome: 'refused', endCause: 'revoked: the credential is no longer valid' });
  });

  it('when the role is lowered: the page names what is lacking', async () => {
    const { tab } = await tabOf(otto);
    await world.database.grant.updateMany({ where: { principalId: otto.id }, data: { role: 'viewer' } });
    const seen = await until(
      5_000,
      () => tab.ask('/', { headers: { accept: 'text/html' } }),
      ({ status }) => status === 410,
    );
    expect(seen.body).toContain('it needs the role operator in project shop; you have viewer');
    const refused = await otto.post(`${api}/ports`, service).expect(403);
    expect(refused.body.receipt).toMatchObject({ needs: 'operator', has: 'viewer' });
    await world.database.grant.updateMany({ where: { principalId: otto.id }, data: { role: 'operator' } });
  });

  it('when its hour is over', async () => {
    const { tab, opening } = await tabOf();
    await world.database.portOpening.update({ where: { id: opening.id }, data: { expiresAt: new Date(Date.now() - 1) } });
    await until(
      15_000,
      () => tab.ask('/'),
      ({ status }) => status === 410,
    );
  });
});

describe('with two processes of one Fairlead', () => {
  it('either carries what the other opened, a link is good once for both, and closing it here ends it there', async () => {
    const second = await startBeside({ FAIRLEAD_URL: world.fairlead.url });
    try {
      const { link, opening } = await open();
      const there = new PortTab(second.port, opening.host);
      expect((await there.open(link)).status).toBe(302);
      const here = PortTab.at(link);
      expect((await here.open(link)).headers['x-fairlead-trouble']).toBe('link_used');
      here.cookie = there.cookie;
      for (const tab of [here, there]) expect(await tab.ask('/')).toMatchObject({ status: 200 });
      const socket = there.socket('/chat');
      await once(socket, 'open');
      const closed = once(socket, 'close');
      await close(opening.id);
      await closed;
      for (const tab of [here, there])
        await until(
          5_000,
          () => tab.ask('/'),
          ({ status }) => status === 410,
        );
      const entries = (await world.entries(new Date(Date.now() - 60_000))).filter(({ id }) => id === opening.id);
      expect(entries).toMatchObject([{ outcome: 'allowed', endCause: 'closed by olga' }]);
    } finally {
      await second.stop();
    }
  });
});

it('behind a proxy that speaks TLS: links, cookies and what the app is told are those of the public address', async () => {
  const proxied = await startBeside({
    FAIRLEAD_URL: 'https://fairlead.example',
    FAIRLEAD_PORTS_HOST: 'ports.example',
    FAIRLEAD_TRUSTED_PROXIES: '127.0.0.1',
  });
  try {
    const headers = { authorization: `Bearer ${olga.bearer}`, 'content-type': 'application/json' };
    const made = await new PortTab(proxied.port, 'fairlead.example').ask(`/api/v1${api}/ports`, {
      method: 'POST',
      headers,
      body: JSON.stringify(service),
    });
    const { link, opening } = JSON.parse(made.body) as Opened;
    expect(link).toMatch(/^https:\/\/p-[a-z2-7]{20}\.ports\.example\//);
    const tab = new PortTab(proxied.port, opening.host);
    const opened = await tab.open(link);
    expect(opened.status).toBe(302);
    expect(opened.headers['set-cookie']?.[0]).toMatch(/^__Host-.*; Secure/);
    const seen = JSON.parse((await tab.ask('/', { headers: { 'x-forwarded-for': '203.0.113.9' } })).body) as { headers: object };
    expect(seen.headers).toMatchObject({ host: opening.host, 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' });
    await close(opening.id);
  } finally {
    await proxied.stop();
  }
});

it('the cluster’s no is asked before there is a link', async () => {
  world.upstream.allows = ({ resourceAttributes }) => resourceAttributes.subresource !== 'portforward';
  const third = await world.person('olaf', 'operator');
  const refused = await third.post(`${api}/ports`, service).expect(403);
  expect(refused.body.message).toContain('The cluster prod does not allow you to create pods/portforward');
  world.upstream.allows = () => true;
});

it('nothing listens: said in words, for people and programs', async () => {
  listens = false;
  const { tab, opening } = await tabOf();
  expect(await tab.ask('/')).toMatchObject({
    status: 502,
    headers: { 'x-fairlead-trouble': 'nothing_listens', 'cache-control': 'no-store' },
  });
  const page = (await tab.ask('/', { headers: { accept: 'text/html' } })).body;
  expect(page).toContain('Nothing listens on this port');
  expect(page).toContain('service web, port 80');
  listens = true;
  await close(opening.id);
});
