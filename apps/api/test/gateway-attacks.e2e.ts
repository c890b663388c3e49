import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayWorld, type Person } from './support/gateway.js';
import { KeptConnections } from './support/kept-connections.js';
import { headerLines, json } from './support/scripted-upstream.js';

const world = new GatewayWorld();
let admin: Person;
let viewer: Person;
let nobody: Person;
let from: Date;

beforeAll(async () => {
  await world.start();
  admin = await world.person('ada', 'admin');
  viewer = await world.person('vic', 'viewer');
  nobody = await world.person('nil', null);
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 2)); // entries are found by their time
  from = new Date();
  world.upstream.requests.length = 0;
  world.upstream.script = (_, res) => json(res, 200, { kind: 'PodList', apiVersion: 'v1', items: [] });
});

const pods = '/k8s/prod/api/v1/namespaces/shop/pods';
const noContact = () => expect(world.upstream.requests).toEqual([]);
/** One entry for each request, with its end; the same for what was refused. */
const recorded = async (outcome: string, count = 1) => {
  const entries = await world.entries(from, count);
  expect(entries).toHaveLength(count);
  for (const entry of entries) expect(entry.outcome).toBe(outcome);
  return entries[0]!;
};

describe('what arrives at the cluster', () => {
  it('is the request as it was authorised, in the name of the caller, and nothing that the client added (H4, H10)', async () => {
    const target = `${pods}?labelSelector=app%3Dweb&limit=5`;
    const answer = await world.ask('GET', target, {
      bearer: admin.bearer,
      headers: [
        'x-forwarded-for: 1.2.3.4',
        'forwarded: for=1.2.3.4',
        'x-real-ip: 1.2.3.4',
        'x-remote-user: root',
        'x-remote-group: system:masters',
        'cookie: a=b',
        'x-anything: y',
        'audit-id: mine',
        'accept: application/json;as=Table;v=v1;g=meta.k8s.io',
        'user-agent: tester',
        'te: trailers',
        'keep-alive: 5',
      ],
    });
    expect(answer.status).toBe(200);
    const [request] = world.upstream.requests;
    expect(request!.url).toBe(target.slice('/k8s/prod'.length));
    const pairs = Array.from({ length: request!.rawHeaders.length / 2 }, (_, i) => [
      request!.rawHeaders[2 * i]!.toLowerCase(),
      request!.rawHeaders[2 * i + 1],
    ]);
    const entry = await recorded('allowed');
    expect(pairs.filter(([name]) => name !== 'connection')).toEqual([
      ['host', new URL(world.upstream.url).host],
      ['accept', 'application/json;as=Table;v=v1;g=meta.k8s.io'],
      ['user-agent', 'tester'],
      ['impersonate-user', `system:serviceaccount:fairlead-people:u-${admin.id}`],
      ['impersonate-group', 'system:authenticated'],
      ['impersonate-extra-fairlead.dev%2ftoken', entry.tokenId],
      ['authorization', 'Bearer canary-impersonator-token'],
      ['audit-id', entry.id],
      ['x-forwarded-for', '127.0.0.1'],
    ]);
    expect(entry).toMatchObject({
      action: 'kubernetes.pods.list',
      verb: 'list',
      actor: { name: 'ada' },
      namespace: 'shop',
      cluster: { name: 'prod' },
      project: { name: 'shop' },
      status: 200,
      summary: 'labelSelector=app=web',
    });
    expect(answer.head.toLowerCase()).toContain(`audit-id: ${entry.id}`);
  });

  it.each([
    'Impersonate-User, Impersonate-Group, Authorization',
    'close, X-Forwarded-For, Audit-Id, impersonate-extra-fairlead.dev%2ftoken',
  ])('keeps its identity whatever Connection says: %s (H4)', async (value) => {
    const answer = await world.raw(
      `GET ${pods} HTTP/1.1\r\nhost: ${world.host}\r\nauthorization: Bearer ${admin.bearer}\r\nconnection: close, ${value}\r\nproxy-connection: ${value}\r\nte: ${value}\r\n\r\n`,
    );
    expect(answer.status).toBe(200);
    const [request] = world.upstream.requests;
    for (const name of ['impersonate-user', 'impersonate-group', 'authorization', 'audit-id', 'x-forwarded-for'])
      expect(headerLines(request!, name)).toHaveLength(1);
    await recorded('allowed');
  });

  it('has one identity for each of two people on the same connections (K8)', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => world.ask('GET', `${pods}?limit=${i}`, { bearer: i % 2 ? admin.bearer : viewer.bearer })),
    );
    for (const request of world.upstream.requests) {
      const limit = Number(/limit=(\d+)/.exec(request.url)![1]);
      expect(headerLines(request, 'impersonate-user')).toEqual([
        `system:serviceaccount:fairlead-people:u-${limit % 2 ? admin.id : viewer.id}`,
      ]);
    }
    await recorded('allowed', 40);
  });
});

describe('identity headers', () => {
  it.each([
    ['H1', 'Impersonate-User: admin'],
    ['H1', 'IMPERSONATE-USER: admin'],
    ['H1', 'impersonate-user: a\r\nImpersonate-User: b'],
    ['H2', 'Impersonate-Group: system:masters'],
    ['H3', 'Impersonate-Uid: 1'],
    ['H3', 'Impersonate-Extra-Scopes: all'],
    ['H3', 'Impersonate-Extra-%2e%2e: x'],
    ['H3', 'Impersonate-Foo: x'],
    ['H3', 'Impersonate-: x'],
  ])('%s %s: refused, never sent on', async (_, header) => {
    const answer = await world.ask('GET', pods, { bearer: admin.bearer, headers: [header] });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
    noContact();
    expect(await recorded('refused')).toMatchObject({ reason: 'deny.impersonation', actor: { name: 'ada' } });
  });

  it.each([
    ['H6 a blank before the colon', 'Impersonate-User : x', 400],
    ['H6 a folded line', 'x-a: b\r\n impersonate-user: x', 400],
    ['H6 an underscore', 'impersonate_user: x', 200],
    ['H15 __proto__', '__proto__: x', 200],
    ['H15 300 headers', Array.from({ length: 300 }, (_, i) => `h${i}: x`).join('\r\n'), 431],
    ['H15 17 kB of headers', `h: ${'x'.repeat(17_000)}`, 431],
  ])('%s', async (_, header, status) => {
    const answer = await world.ask('GET', pods, { bearer: admin.bearer, headers: [header] });
    expect(answer.status).toBe(status);
    for (const request of world.upstream.requests)
      expect(request.rawHeaders.join('\n').toLowerCase()).not.toMatch(/impersonate_user|__proto__/);
    if (status !== 200) noContact();
  });

  it.each([
    ['none', []],
    ['two', ['authorization: Bearer BEARER', 'authorization: Bearer BEARER']],
    ['Basic, then Bearer', ['authorization: Basic YTpi', 'authorization: Bearer BEARER']],
    ['Bearer, then Basic', ['authorization: Bearer BEARER', 'authorization: Basic YTpi']],
    ['an empty one', ['authorization: Bearer ']],
    ['two blanks', ['authorization: Bearer  BEARER']],
    ['two tokens', ['authorization: Bearer BEARER, Bearer BEARER']],
    ['another scheme', ['authorization: Token BEARER']],
    ['only a cookie', ['cookie: COOKIE']],
    ['an unknown one', [`authorization: Bearer flt_${'x'.repeat(43)}`]],
  ])('H11 %s: 401', async (_, headers) => {
    const answer = await world.ask('GET', pods, {
      headers: headers.map((each) => each.replaceAll('BEARER', admin.bearer).replace('COOKIE', admin.cookie)),
    });
    expect(answer.status).toBe(401);
    noContact();
    expect(await recorded('refused')).toMatchObject({ actor: { kind: 'anonymous' }, status: 401 });
  });

  it.each([
    ['two Hosts', `GET ${pods} HTTP/1.1\r\nhost: HOST\r\nhost: evil.example\r\nconnection: close\r\n\r\n`, 421],
    ['another Host', `GET ${pods} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`, 421],
    ['no Host', `GET ${pods} HTTP/1.1\r\nconnection: close\r\n\r\n`, 400],
    ['an absolute target', `GET http://evil.example${pods} HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n`, 400],
    ['an authority', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: HOST\r\n\r\n', 405],
    ['length and chunks', `POST ${pods} HTTP/1.1\r\nhost: HOST\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['two lengths', `POST ${pods} HTTP/1.1\r\nhost: HOST\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde`, 400],
  ])('H13, H14 %s', async (_, bytes, status) => {
    const answer = await world.raw(bytes.replace('HOST', world.host));
    expect(answer.status).toBe(status);
    noContact();
  });

  it('H14 drops trailers', async () => {
    const answer = await world.raw(
      `POST ${pods} HTTP/1.1\r\nhost: ${world.host}\r\nconnection: close\r\nauthorization: Bearer ${admin.bearer}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\ntrailer: Impersonate-User\r\n\r\n2\r\n{}\r\n0\r\nImpersonate-User: root\r\n\r\n`,
    );
    expect(answer.status).toBe(200);
    expect(headerLines(world.upstream.requests[0]!, 'impersonate-user')).toEqual([`system:serviceaccount:fairlead-people:u-${admin.id}`]);
    expect(world.upstream.requests[0]!.body).toBe('{}');
  });
});

describe('what comes back', () => {
  it('H16 carries no cookie, CORS, policy or redirect of the cluster', async () => {
    world.upstream.script = (_, res) =>
      res
        .writeHead(200, {
          'content-type': 'text/html',
          'set-cookie': 'a=b',
          'access-control-allow-origin': '*',
          'clear-site-data': '"*"',
          'strict-transport-security': 'max-age=1',
          location: 'https://evil.example',
          'www-authenticate': 'Basic',
          warning: '299 - "kept"',
        })
        .end('<script>');
    const { head, status } = await world.ask('GET', pods, { bearer: admin.bearer });
    expect(status).toBe(200);
    expect(head.toLowerCase()).not.toMatch(/set-cookie|access-control|clear-site|strict-transport|location|www-authenticate/);
    expect(head).toContain('299 - "kept"');
    expect(head).toMatch(/x-content-type-options: nosniff/);
    expect(head).toMatch(/content-security-policy: default-src 'none'/);
  });

  it.each([301, 302, 307, 401])('H17 is 502 for a %s, which is not followed', async (code) => {
    world.upstream.script = (_, res) => res.writeHead(code, { location: 'https://evil.example/' }).end();
    const answer = await world.ask('GET', pods, { bearer: admin.bearer });
    expect(answer.status).toBe(502);
    expect(answer.head.toLowerCase()).not.toContain('evil');
    expect(world.upstream.requests).toHaveLength(1);
    expect(await recorded('failed')).toMatchObject({ status: 502 });
  });

  it('comes of a second try when the cluster just closed the connections that were kept; what writes is never sent twice', async () => {
    const ask = (method: string) => world.ask(method, method === 'GET' ? pods : `${pods}/web-1`, { bearer: admin.bearer });
    const kept = new KeptConnections();
    world.upstream.script = ({ socket }, res) => {
      if (!kept.ends(socket)) setTimeout(() => json(res, 200, { kind: 'PodList', apiVersion: 'v1', items: [] }), 20);
    };
    await Promise.all([ask('GET'), ask('GET'), ask('GET')]);
    kept.cut = true;
    expect((await ask('GET')).status).toBe(200);
    expect(world.upstream.requests).toHaveLength(5);
    await recorded('allowed', 4);
    from = new Date();
    expect((await ask('DELETE')).status).toBe(502);
    expect(world.upstream.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  it('is cut off, and said to be, when the cluster breaks off', async () => {
    world.upstream.script = (_, res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{');
      setTimeout(() => res.destroy(), 20);
    };
    const answer = await world.ask('GET', pods, { bearer: admin.bearer });
    expect(answer.body).toBe('{');
    expect(await recorded('failed')).toMatchObject({ endCause: 'the cluster broke off' });
  });
});

describe('targets', () => {
  it.each([
    ['P1', '//evil.example/api'],
    ['P1', '/k8s//evil.example/api'],
    ['P1', '/k8s/prod//evil.example/'],
    ['P1', '/k8s/prod/\\evil'],
    ['P1', '/k8s/@evil/api'],
    ['P2', '/k8s/prod/api/v1/../v1/namespaces/shop/pods'],
    ['P2', '/k8s/prod/api/v1/namespaces/shop/%2e%2e/kube-system/pods'],
    ['P2', '/k8s/prod/api/v1/namespaces/shop/.%2e/pods'],
    ['P2', '/k8s/prod/api/v1/namespaces/shop%2fpods'],
    ['P3', '/k8s/prod/api/v1/namespaces/shop/pods%252f'],
    ['P3', '/k8s/prod/api/v1/namespaces/shop/pods%5cx'],
    ['P3', '/k8s/prod/api/v1/namespaces/shop/pods%00'],
    ['P3', '/k8s/prod/api/v1/namespaces/shop/pods%c0%af'],
    ['P3', '/k8s/prod/api/v1/namespaces/shop/pods%zz'],
    ['P3', '/k8s/prod/api/v1/namespaces//shop/pods'],
    ['P4', '/k8s/other/../prod/api/v1/namespaces/shop/pods'],
    ['P4', '/k8s/other%2f..%2fprod/api/v1/namespaces/shop/pods'],
    ['P4', '/k8s/PROD/api/v1/namespaces/shop/pods'],
    ['P5', `${pods}?watch=0&watch=1`],
    ['P5', `${pods}?WATCH=1`],
    ['P5', `${pods}?fieldSelector=a%3Db&fieldSelector=c%3Dd`],
    ['A6', `${pods}?token=TOKEN`],
    ['A6', `${pods}?access_token=TOKEN`],
  ])('%s %s: 400 or not there, no contact', async (_, target) => {
    const answer = await world.ask('GET', target.replace('TOKEN', admin.bearer), { bearer: admin.bearer });
    expect([400, 404, 503]).toContain(answer.status);
    noContact();
    if (!target.startsWith('//')) {
      const entry = await recorded('refused');
      expect(JSON.stringify(entry)).not.toContain(admin.bearer);
    }
  });

  it('P2 takes one slash at the end for none, and sends what it judged', async () => {
    expect((await world.ask('GET', `${pods}/`, { bearer: admin.bearer })).status).toBe(200);
    expect(world.upstream.requests[0]!.url).toBe('/api/v1/namespaces/shop/pods');
  });

  it.each([
    ['P5', 'GET', '/api/v1/watch/namespaces/shop/pods'],
    ['P5', 'GET', '/api/v1/proxy/namespaces/shop/pods/x'],
    ['P8', 'PUT', '/api/v1/namespaces/shop/finalize'],
    ['P8', 'PUT', '/api/v1/namespaces/kube-system/finalize'],
    ['P9', 'DELETE', '/apis/authorization.k8s.io/v1/namespaces/shop/pods/x'],
    ['P11', 'GET', '/api/v1/namespaces/shop/unknowns'],
    ['P12', 'GET', '/metrics'],
    ['P12', 'GET', '/healthz/etcd'],
    ['P13', 'GET', '/api/v1/nodes/n/proxy/exec/shop/web/web'],
    ['P13', 'GET', '/api/v1/namespaces/shop/pods/x:443/proxy/'],
    ['P13', 'POST', '/api/v1/namespaces/shop/services/https:svc:443/proxy/'],
    ['P14', 'POST', '/api/v1/namespaces/shop/serviceaccounts/default/token'],
    ['P14', 'POST', '/api/v1/namespaces/shop/pods/x/binding'],
    ['P16', 'POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews'],
    ['P16', 'POST', '/apis/authentication.k8s.io/v1/tokenreviews'],
    ['-A', 'GET', '/api/v1/pods'],
    ['P14', 'POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings'],
  ])('%s %s %s: 403 even for a project admin, no contact', async (_, method, target) => {
    const answer = await world.ask(method, `/k8s/prod${target}`, { bearer: admin.bearer, ...(method === 'GET' ? {} : { body: '{}' }) });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
    noContact();
    await recorded('refused');
  });

  it.each(['OPTIONS', 'TRACE', 'PROPFIND'])('P7 %s: 405', async (method) => {
    expect((await world.ask(method, pods, { bearer: admin.bearer })).status).toBe(405);
    noContact();
    await recorded('refused');
  });

  it('P7 HEAD is a get; headers and queries that name another method mean nothing', async () => {
    expect((await world.ask('HEAD', `${pods}/x`, { bearer: viewer.bearer })).status).toBe(200);
    expect(await recorded('allowed')).toMatchObject({ verb: 'get' });
    const answer = await world.ask('GET', `${pods}/x?_method=DELETE`, {
      bearer: viewer.bearer,
      headers: ['x-http-method-override: DELETE'],
    });
    expect(answer.status).toBe(200);
    expect(world.upstream.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  it('P6 deleting a collection is not deleting one, whatever selects', async () => {
    const answer = await world.ask('DELETE', '/k8s/prod/api/v1/namespaces/shop/secrets?fieldSelector=metadata.name%3Dx', {
      bearer: admin.bearer,
      body: '{}',
    });
    expect(answer.status).toBe(403);
    expect(await recorded('refused')).toMatchObject({ verb: 'deletecollection' });
    noContact();
  });

  it.each([
    ['a cluster that is not there', 'nowhere'],
    ['one that no grant reaches', 'prod'],
  ])('P4 A5 %s is the same to a stranger', async (_, cluster) => {
    const answer = await world.ask('GET', `/k8s/${cluster}/api/v1/namespaces/shop/pods`, { bearer: nobody.bearer });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body).message).toBe(`there is no cluster ${cluster}, or no grant of yours reaches it`);
    noContact();
    await recorded('refused');
  });

  it('names what was lacked, and who can give it', async () => {
    const answer = await world.ask('PATCH', '/k8s/prod/apis/apps/v1/namespaces/shop/deployments/web', {
      bearer: viewer.bearer,
      body: '{}',
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      message:
        'deployments.apps "web" is forbidden: User "vic" cannot patch resource "deployments" in API group "apps" in the namespace "shop": it needs the role deployer in project shop; you have viewer; ada can give it',
      details: {
        causes: [
          { field: 'needs', message: 'deployer' },
          { field: 'has', message: 'viewer' },
          { field: 'askFor', message: 'ada' },
        ],
      },
    });
    noContact();
    expect(await recorded('refused')).toMatchObject({ name: 'web', resource: 'deployments.apps', project: { name: 'shop' } });
  });

  it('D2 refuses a body larger than 3 MiB, said or not', async () => {
    const said = await world.raw(
      `POST ${pods} HTTP/1.1\r\nhost: ${world.host}\r\nconnection: close\r\nauthorization: Bearer ${admin.bearer}\r\ncontent-length: 9000000\r\n\r\n`,
    );
    expect(said.status).toBe(413);
    const mebibyte = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const unsaid = await world.raw(
      `POST ${pods} HTTP/1.1\r\nhost: ${world.host}\r\nconnection: close\r\nauthorization: Bearer ${admin.bearer}\r\ntransfer-encoding: chunked\r\n\r\n${mebibyte.repeat(4)}`,
    );
    expect(unsaid.status).toBe(413);
  });

  it('answers plain http with a Status that says so', async () => {
    const answer = await fetch(`${world.fairlead.url}${pods}`, { headers: { authorization: `Bearer ${admin.bearer}` } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ kind: 'Status', message: expect.stringContaining('https://') });
    noContact();
  });
});

it('L1 does not touch the cluster with a change that cannot be recorded; L3 nothing secret is in any entry', async () => {
  await world.fairlead.database.away();
  const answer = await world.ask('POST', pods, { bearer: admin.bearer, body: '{"canary":"canary-body"}' });
  await world.fairlead.database.back();
  expect([401, 503]).toContain(answer.status);
  expect(world.upstream.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  const rows = await world.database.$queryRaw<{ record: string }[]>`SELECT record FROM audit_entries`.catch(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return world.database.$queryRaw<{ record: string }[]>`SELECT record FROM audit_entries`;
  });
  const all = rows.map(({ record }) => record).join('\n');
  expect(rows.length).toBeGreaterThan(50);
  for (const secret of [admin.bearer, viewer.bearer, 'canary-impersonator-token', 'canary-body', admin.cookie.split('=')[1]!])
    expect(all).not.toContain(secret);
});
