import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeClient } from '@fairlead/kube';
import type { ClusterRow } from '@fairlead/shared';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Authenticator } from '../src/features/auth/index.js';
import { Clusters } from '../src/features/clusters/index.js';
import { LiveTopics, type TopicSink } from '../src/platform/live-topic.js';
import { administrator, alphaKubeconfig, core, kubeconfigOf, rbac, tokenOf, until } from './support/cluster.js';
import { ClusterProxy, makeCertificate } from './support/cluster-proxy.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { grantsArrived } from './support/grants-arrived.js';

const token = 'a-token-that-must-not-be-seen-anywhere';
const withUser = (user: object, cluster: object = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  });

describe('a kubeconfig that is not taken', () => {
  let fairlead: Fairlead;
  let admin: Session;
  beforeAll(async () => {
    fairlead = await startFairlead();
    admin = await fairlead.admin();
  });
  afterAll(() => fairlead.close());
  const post = (kubeconfig: string, name = 'bad') => admin.post('/clusters', { name, kubeconfig });

  it.each([
    ['S1 exec', withUser({ exec: { command: 'touch', args: ['/tmp/fairlead-was-here'] } }), 'exec'],
    ['S1 auth-provider', withUser({ 'auth-provider': { name: 'gcp' } }), 'auth-provider'],
    ['S1 tokenFile', withUser({ tokenFile: '/etc/passwd' }), 'tokenFile'],
    ['S1 client-key', withUser({ 'client-key': '/etc/shadow', 'client-certificate-data': 'x' }), 'client-key'],
    ['S1 certificate-authority', withUser({ token }, { 'certificate-authority': '/etc/ssl/x' }), 'certificate-authority'],
    ['S1 proxy-url', withUser({ token }, { 'proxy-url': 'http://127.0.0.1:3128' }), 'proxy-url'],
    ['S1 as', withUser({ token, as: 'admin' }), 'as'],
    ['S4 insecure-skip-tls-verify', withUser({ token }, { 'insecure-skip-tls-verify': true }), 'insecure-skip-tls-verify'],
    ['S4 tls-server-name', withUser({ token }, { 'tls-server-name': 'other' }), 'tls-server-name'],
    ['S4 http', withUser({ token }, { server: 'http://127.0.0.1:8080' }), 'server'],
    ['S2 the metadata service', withUser({ token }, { server: 'https://169.254.169.254' }), 'server'],
    ['S2 it as a number', withUser({ token }, { server: 'https://2852039166' }), 'server'],
    ['S2 it mapped into IPv6', withUser({ token }, { server: 'https://[::ffff:a9fe:a9fe]' }), 'server'],
    [
      'a context that is not there',
      JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [], 'current-context': 'x' }),
      'contexts',
    ],
    ['no YAML at all', '{{{', ''],
  ])('%s is refused by its field', async (_, kubeconfig, field) => {
    const { status, body } = await post(kubeconfig);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_kubeconfig' });
    expect((body as { issues: { path: string }[] }).issues[0]!.path).toContain(field);
    expect(JSON.stringify(body)).not.toContain(token);
  });

  it("S2 Fairlead's own door and its own database are never dialled", async () => {
    const database = new URL(fairlead.config.databaseUrl);
    for (const port of [new URL(fairlead.url).port, database.port || '5432'])
      for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.1.1.1'])
        expect((await post(withUser({ token }, { server: `https://${host}:${port}` }))).body, `${host}:${port}`).toMatchObject({
          code: 'invalid_kubeconfig',
        });
  });

  it('a server that is not there, and one that speaks no TLS, are said to be so', async () => {
    const gone = await post(withUser({ token }));
    expect(gone.status).toBe(503);
    expect(gone.body).toMatchObject({ code: 'cluster_unreachable', message: expect.stringContaining('connection refused') });
    const plain = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect((await post(withUser({ token }, { server: `https://127.0.0.1:${port}` }))).body).toMatchObject({ code: 'invalid_kubeconfig' });
    await new Promise((resolve) => plain.close(resolve));
  });

  it('only platform admins register clusters', async () => {
    const person = await fairlead.person('nobody');
    expect((await person.post('/clusters', { name: 'x', kubeconfig: withUser({ token }) })).status).toBe(403);
    expect((await person.get('/clusters')).body).toEqual({ items: [], next: null });
  });
});

describe.skipIf(!alphaKubeconfig)('a real cluster behind a proxy that misbehaves', () => {
  const alpha = alphaKubeconfig ? administrator(alphaKubeconfig) : null!;
  const tag = `clu-${Math.random().toString(36).slice(2, 8)}`;
  const certificate = makeCertificate('DNS:localhost,IP:127.0.0.1');
  let fairlead: Fairlead;
  let admin: Session;
  let proxy: ClusterProxy;
  let kubeconfig: string;
  let adminToken: string;

  beforeAll(async () => {
    await alpha.client.create(core('namespaces'), { metadata: { name: tag } });
    await alpha.client.create(core('serviceaccounts', tag), { metadata: { name: 'root' } });
    const subjects = [{ kind: 'ServiceAccount', name: 'root', namespace: tag }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
    await alpha.client.create(rbac('clusterrolebindings'), { metadata: { name: tag }, roleRef, subjects });
    adminToken = await tokenOf(alpha.client, tag, 'root');
    proxy = await new ClusterProxy(certificate, alpha).start();
    kubeconfig = kubeconfigOf({ server: proxy.url, ca: certificate.ca, token: adminToken });
    fairlead = await startFairlead();
    admin = await fairlead.admin();
  });
  afterEach(() => Object.assign(proxy, { strips: false, hangs: false }));
  afterAll(async () => {
    await alpha.client.remove(rbac('clusterrolebindings', undefined, tag)).catch(() => {});
    await alpha.client.remove(core('namespaces', undefined, tag)).catch(() => {});
    await alpha.client.close();
    await proxy.close();
    await fairlead.close();
  });
  const post = (body: { name?: string; kubeconfig?: string }) => admin.post('/clusters', { name: 'proxied', kubeconfig, ...body });
  const server = (ca: string, token = adminToken) => kubeconfigOf({ server: proxy.url, ca, token });

  it('S4: a wrong authority, a wrong name, a certificate out of date and an unknown authority are refused', async () => {
    const wrong = await post({ kubeconfig: server(makeCertificate('IP:127.0.0.1').ca) });
    expect(wrong.status).toBe(400);
    expect(wrong.body).toMatchObject({ code: 'invalid_kubeconfig', issues: [{ path: 'kubeconfig.certificate-authority-data' }] });
    const bad = [makeCertificate('DNS:elsewhere.example'), makeCertificate('IP:127.0.0.1', ['-days', '-1'])];
    for (const each of bad) {
      const other = await new ClusterProxy(each, alpha).start();
      expect((await post({ kubeconfig: kubeconfigOf({ server: other.url, ca: each.ca, token: adminToken }) })).body).toMatchObject({
        code: 'invalid_kubeconfig',
      });
      await other.close();
    }
  });

  it('a credential that the cluster does not accept is a fault of the kubeconfig', async () => {
    expect((await post({ kubeconfig: server(certificate.ca, token) })).body).toMatchObject({
      code: 'invalid_kubeconfig',
      issues: [{ path: 'kubeconfig.user' }],
    });
  });

  it('a credential without the right to make the accounts is refused with the cluster’s own words', async () => {
    await alpha.client.create(core('serviceaccounts', tag), { metadata: { name: 'nobody' } });
    const weak = server(certificate.ca, await tokenOf(alpha.client, tag, 'nobody'));
    expect((await post({ kubeconfig: weak })).body).toMatchObject({
      code: 'cluster_refused',
      message: expect.stringContaining('forbidden'),
    });
  });

  it('a cluster that hangs is given up, and nothing is registered', async () => {
    proxy.hangs = true;
    const answer = await post({});
    expect(answer.body).toMatchObject({ code: 'cluster_unreachable', message: expect.stringContaining('timeout') });
    expect((await admin.get('/clusters')).body).toEqual({ items: [], next: null });
  });

  it('is registered once: a second name, or the same name, is refused', async () => {
    const [one, two] = await Promise.all([post({}), post({ name: 'again' })]);
    expect([one.status, two.status].sort()).toEqual([201, 409]);
    const name = (one.status === 201 ? one : two).body.name as string;
    expect((await post({ name })).body).toMatchObject({ code: 'name_taken' });
    expect((await post({ name: 'third', kubeconfig: server(certificate.ca) })).body).toMatchObject({ code: 'conflict' });
    if (name !== 'proxied') throw new Error('the first request is the first to be served');
  });

  it('keeps no credential but the sealed one of the minter, and shows none', async () => {
    const { body } = await admin.get('/clusters/proxied');
    expect(body).toMatchObject({
      state: 'ready',
      server: proxy.url,
      accounts: { version: 1, wanted: 1 },
      nodes: { total: expect.any(Number) },
    });
    expect(JSON.stringify(body)).not.toMatch(/eyJ|token":/);
    const rows = JSON.stringify(await fairlead.app.get(Clusters).store.all());
    expect(rows).not.toContain(adminToken);
    expect(rows).not.toContain('eyJ');
  });

  it('H5: the gate closes when headers are lost on the way, and opens again', async () => {
    const clusters = fairlead.app.get(Clusters);
    const { id } = (await clusters.resolve('proxied'))!;
    const caller = (await fairlead.app.get(Authenticator).fromBearer(await admin.token()))!;
    await (await clusters.actAs(caller, id)).create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
    });
    proxy.strips = true;
    const stripped = await clusters.actAs(caller, id);
    await expect(stripped.list(core('namespaces'))).rejects.toMatchObject({ code: 403 });
    const checked = await admin.post('/clusters/proxied/check').expect(200);
    expect(checked.body.accounts.checks[0]).toMatchObject({ ok: false });
    await expect(clusters.actAs(caller, id)).rejects.toMatchObject({ code: 'cluster_not_ready' });
    expect((await clusters.upstream(id)).gate.open).toBe(false);
    proxy.strips = false;
    await admin.post('/clusters/proxied/check').expect(200);
    expect((await clusters.upstream(id)).gate.open).toBe(true);
  });

  it('says since when and why it is gone, fails at once meanwhile, and comes back by itself', async () => {
    const clusters = fairlead.app.get(Clusters);
    const { id } = (await clusters.resolve('proxied'))!;
    const caller = (await fairlead.app.get(Authenticator).fromBearer(await admin.token()))!;
    const before = Date.now();
    await proxy.stop();
    const gone = await until(
      10_000,
      async () => (await admin.get('/clusters/proxied')).body,
      (body) => body.state === 'unreachable',
    );
    expect(gone.reason).toMatch(/connection (refused|reset)/);
    expect(Date.parse(gone.since)).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(gone.lastContactAt)).toBeLessThanOrEqual(Date.now());
    const asked = Date.now();
    await expect(clusters.actAs(caller, id)).rejects.toMatchObject({ code: 'cluster_unreachable' });
    expect(
      (await admin.post('/projects', { name: tag, namespaces: [{ cluster: 'proxied', namespace: `${tag}-p`, create: true }] })).body,
    ).toMatchObject({ code: 'cluster_unreachable' });
    expect(Date.now() - asked).toBeLessThan(1_000);
    expect(clusters.bindingState(id)).toMatchObject({ inStep: false, reason: expect.stringContaining('does not answer') });
    await proxy.start();
    await until(
      10_000,
      async () => (await admin.get('/clusters/proxied')).body,
      (body) => body.state === 'ready',
    );
    await until(
      10_000,
      () => clusters.bindingState(id),
      ({ inStep }) => inStep,
    );
  });

  it('a grant made while the cluster is away stands, is shown as not there yet, and arrives with its return', async () => {
    const project = `${tag}-g`;
    await admin.post('/projects', { name: project, namespaces: [{ cluster: 'proxied', namespace: project, create: true }] }).expect(201);
    const { id } = await fairlead.person('latecomer');
    const subjects = async () => {
      const found = await alpha.client.get(rbac('rolebindings', project, 'fairlead-viewer')).catch(() => null);
      return ((found?.subjects ?? []) as { name: string }[]).map((subject) => subject.name);
    };
    await proxy.stop();
    await until(
      10_000,
      async () => (await admin.get('/clusters/proxied')).body.state,
      (state) => state === 'unreachable',
    );
    const grant = await admin.post(`/projects/${project}/grants`, { principal: 'latecomer', role: 'viewer' }).expect(201);
    expect(grant.body.pending).toEqual(['proxied']);
    expect(await subjects()).toEqual([]);
    await proxy.start();
    await until(15_000, subjects, (names) => names.includes(`u-${id}`));
    await grantsArrived(admin, project, 10_000);
    const refused = await admin.delete('/clusters/proxied', { confirm: 'proxied' });
    expect(refused.body).toMatchObject({ code: 'conflict', message: expect.stringContaining(project) });
    await admin
      .delete(`/projects/${project}`, { confirm: project, deleteNamespaces: [{ cluster: 'proxied', namespace: project }] })
      .expect(204);
  });

  it('the live topic tells those who may see it of each change, and nobody else', async () => {
    const topic = fairlead.app.get(LiveTopics).get('clusters')!;
    const rows = new Map<string, ClusterRow>();
    const sink: TopicSink = {
      snapshot: (items) => {
        rows.clear();
        for (const item of items) rows.set(item.key, item as ClusterRow);
      },
      put: (item) => rows.set(item.key, item as ClusterRow),
      remove: (key) => rows.delete(key),
      state: () => {},
      fail: () => {},
    };
    const authenticator = fairlead.app.get(Authenticator);
    const person = await fairlead.person('bystander');
    const bystander = (await authenticator.fromBearer(await person.token()))!;
    const other = await topic.open(
      bystander,
      {},
      { ...sink, snapshot: (items) => expect(items).toEqual([]), put: () => expect.unreachable() },
    );
    const mine = await topic.open((await authenticator.fromBearer(await admin.token()))!, {}, sink);
    expect([...rows.values()]).toMatchObject([{ cluster: { name: 'proxied', state: 'ready', server: proxy.url } }]);
    await proxy.stop();
    await until(
      10_000,
      () => [...rows.values()][0]?.cluster.state,
      (state) => state === 'unreachable',
    );
    await proxy.start();
    await until(
      10_000,
      () => [...rows.values()][0]?.cluster.state,
      (state) => state === 'ready',
    );
    await mine.recheck?.(bystander);
    expect(rows.size).toBe(0);
    mine.close();
    other.close();
  });

  it('the observer may review others, and only read', async () => {
    const clusters = fairlead.app.get(Clusters);
    const observer = clusters.observe((await clusters.resolve('proxied'))!.id);
    const root = `system:serviceaccount:${tag}:root`;
    const before = proxy.reviews;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        observer.review(root, ['system:authenticated'], { group: '', resource: 'secrets', verb: 'get', namespace: tag }),
      ),
    );
    expect(answers.every(Boolean)).toBe(true);
    expect(proxy.reviews - before).toBe(1);
    await expect(observer.list(core('secrets', tag))).rejects.toMatchObject({ code: 403 });
    expect(
      await observer.review('system:serviceaccount:fairlead-people:u-x', ['system:authenticated'], {
        group: '',
        resource: 'pods',
        verb: 'list',
      }),
    ).toBe(false);
  });

  it('gives a kubeconfig through Fairlead with a token narrowed to the cluster', async () => {
    const answer = await admin.post('/clusters/proxied/kubeconfig', { expiresInHours: 1 }).expect(200);
    expect(answer.headers['content-type']).toMatch(/^application\/yaml/);
    const config = parse(answer.text) as {
      clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
      users: { user: { token: string } }[];
      contexts: { name: string }[];
    };
    expect(config.clusters[0]!.cluster.server).toBe(`${fairlead.tlsUrl}/k8s/proxied`);
    expect(config.contexts[0]!.name).toBe('fairlead-proxied');
    const ca = Buffer.from(config.clusters[0]!.cluster['certificate-authority-data'], 'base64').toString();
    const door = new KubeClient({ server: config.clusters[0]!.cluster.server, ca, auth: { token: config.users[0]!.user.token } });
    // Over TLS that it verifies, to a gateway that knows the token; a platform admin without a grant reaches no cluster.
    await expect(door.list(core('namespaces'))).rejects.toMatchObject({
      name: 'KubeError',
      message: expect.stringContaining('no grant of yours'),
    });
    await door.close();
    const caller = await fairlead.app.get(Authenticator).fromBearer(config.users[0]!.user.token);
    const { id } = (await fairlead.app.get(Clusters).resolve('proxied'))!;
    expect(caller?.credential).toMatchObject({ kind: 'token', clusterIds: [id] });
    expect((await admin.get('/tokens')).body.items.some((each: { name: string }) => each.name === 'kubeconfig proxied')).toBe(true);
    const other = await fairlead.person('stranger');
    expect((await other.post('/clusters/proxied/kubeconfig', {})).status).toBe(404);
  });

  it('is found again after a restart, with the sealed token, and forgotten only by its name', async () => {
    await fairlead.stop();
    fairlead = await startFairlead({ on: fairlead });
    admin = await fairlead.admin();
    await until(
      10_000,
      async () => (await admin.get('/clusters/proxied')).body,
      (body) => body.state === 'ready' && body.nodes !== null,
    );
    expect((await admin.delete('/clusters/proxied', { confirm: 'other' })).body).toMatchObject({ code: 'confirm_name' });
    await proxy.stop();
    await until(
      10_000,
      async () => (await admin.get('/clusters/proxied')).body,
      (body) => body.state === 'unreachable',
    );
    expect((await admin.delete('/clusters/proxied', { confirm: 'proxied' })).body).toMatchObject({ code: 'cluster_unreachable' });
    await admin.delete('/clusters/proxied', { confirm: 'proxied', cleanup: false }).expect(204);
    expect((await admin.get('/clusters/proxied')).status).toBe(404);
  });
});
