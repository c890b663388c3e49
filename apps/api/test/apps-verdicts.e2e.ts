import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resourcePath } from '@fairlead/kube';
import type { Cause, Rollout } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig, isSimulated, nodeKubeconfig, startsAfter } from './support/test-cluster.js';

const api = '/projects/shop/apps';
const rollout = async (shop: Shop, app: string, revision: number, wait: string): Promise<Rollout> =>
  (await shop.dev.get(`${api}/${app}/rollouts/${revision}?wait=${wait}`).expect(200)).body;

describe.skipIf(!alphaKubeconfig)('verdicts on a control plane', { timeout: 60_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
  });
  afterAll(() => shop?.close());

  it('are serving, with the seconds from the click to the last pod', async () => {
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.14.2', replicas: 3 })).expect(202);
    const found = await rollout(shop, 'web', 1, '30s');
    expect(found).toMatchObject({ revision: 1, state: 'serving', cause: null, answer: null, wentBack: null });
    expect(found.secondsToReady).toBeGreaterThan(0);
    expect(found.secondsToReady).toBeLessThan(25);
  });

  it('answer at once when they have ended, and list newest first', async () => {
    await shop.dev.post(`${api}/web/scale`, { replicas: 2 }).expect(202);
    expect((await rollout(shop, 'web', 2, '30s')).state).toBe('serving');
    const { items } = (await shop.dev.get(`${api}/web/rollouts`).expect(200)).body;
    expect(items.map((each: Rollout) => [each.revision, each.state])).toEqual([
      [2, 'serving'],
      [1, 'serving'],
    ]);
  });

  it('say that another revision came before this one ended', async () => {
    const blocked = { image: 'nginx:1.14.2', placement: { nodeLabels: { nowhere: 'true' } } };
    await shop.dev.post(api, shop.app('first', blocked)).expect(202);
    const waiting = rollout(shop, 'first', 1, '30s');
    await shop.dev
      .patch(`${api}/first`, { spec: { placement: null } })
      .set('if-match', '"1"')
      .expect(202);
    expect((await waiting).state).toBe('superseded');
    expect((await rollout(shop, 'first', 2, '30s')).state).toBe('serving');
  });

  it('are not there for a revision that is not', async () => {
    await shop.dev.get(`${api}/web/rollouts/99`).expect(404);
    await shop.dev.get(`${api}/web/rollouts/1?wait=9m`).expect(400);
  });
});

/**
 * Twelve ways to fail, on real containers. A registry in the cluster's own network answers 404 and 401; it needs root, as that cluster does. The sandbox
 * pretends its registries by their names.
 */
describe.skipIf(!nodeKubeconfig)('the cause of a failed rollout on real containers', () => {
  let shop: Shop;
  let registry: ChildProcess | null = null;
  const namespaceFile = '/var/run/netns/testbed';
  const canServe = process.getuid?.() === 0 && existsSync(namespaceFile);
  let simulated = false;
  const registryPort = 5055;

  beforeAll(async () => {
    shop = await openShop(nodeKubeconfig ?? '');
    simulated = await isSimulated(shop.cluster);
    if (!canServe || simulated) return;
    const script = `require('node:http').createServer((q, a) => {
      if (q.url === '/v2/') return a.writeHead(200).end('{}');
      const secret = q.url.includes('/private');
      a.writeHead(secret ? 401 : 404, { 'content-type': 'application/json', ...(secret && { 'www-authenticate': 'Basic realm="registry"' }) });
      a.end(JSON.stringify({ errors: [{ code: secret ? 'UNAUTHORIZED' : 'MANIFEST_UNKNOWN', message: secret ? 'authentication required' : 'manifest unknown' }] }));
    }).listen(${registryPort}, '127.0.0.1', () => console.log('up'))`;
    registry = spawn('nsenter', [`--net=${namespaceFile}`, process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => registry?.stdout?.once('data', resolve));
  });
  afterAll(async () => {
    registry?.kill();
    await shop?.close();
  });

  const web = { image: 'nginx:1.27', port: 80 };
  const shell = (script: string) => ({ image: 'busybox:1.36', command: ['sh', '-c', script] });
  const here = `localhost:${registryPort}`;
  /** Names that its pretended registries know. */
  const onSandbox = (spec: object) =>
    JSON.parse(
      JSON.stringify(spec).replaceAll(here, 'private.example.com').replace('private.example.com/app:nope', 'example.com/app:missing'),
    ) as object;

  it.concurrent.each<[string, object, Cause['code'], RegExp, 'failed' | 'running']>([
    ['a bad tag', { image: `${here}/app:nope` }, 'image-not-found', /no image .*app:(nope|missing)/, 'failed'],
    ['a private registry', { image: `${here}/private:1` }, 'registry-refused', /refuses to give/, 'failed'],
    ['a crash', shell('echo starting; echo "no database" >&2; sleep 1; exit 3'), 'crash', /exit code 3/, 'failed'],
    [
      'no memory',
      { ...shell('x=a; while true; do x=$x$x$x$x; done'), resources: { memory: '16Mi', memoryLimit: '16Mi' } },
      'out-of-memory',
      /memory limit/,
      'failed',
    ],
    ['a readiness probe that fails', { ...web, healthPath: '/fail' }, 'not-ready', /does not become ready/, 'running'],
    [
      'a liveness probe that fails',
      { ...web, probes: { liveness: { path: '/fail', periodSeconds: 1, failureThreshold: 2 } } },
      'liveness',
      /liveness probe/,
      'failed',
    ],
    ['a wrong port', { image: 'nginx:1.27', port: 8081 }, 'wrong-port', /Nothing listens on port 8081/, 'running'],
    ['no room', { ...web, resources: { cpu: '1000' } }, 'unschedulable', /No node has enough free cpu/, 'failed'],
    [
      'a claim that waits',
      { ...web, volumes: [{ name: 'd', mountPath: '/d', size: '1Gi', storageClass: 'absent' }] },
      'volume-pending',
      /waits for its volume/,
      'failed',
    ],
    ['a missing secret', { ...web, secrets: [{ secret: 'absent' }] }, 'config-missing', /Secret absent/, 'failed'],
    ['a bad command', { image: 'busybox:1.36', command: ['/nope'] }, 'bad-command', /no command \/nope/, 'failed'],
    [
      'no endpoints',
      { ...web, overlay: { Service: { spec: { selector: { 'app.kubernetes.io/name': 'other' } } } } },
      'no-endpoints',
      /selects no pod/,
      'failed',
    ],
  ])('%s', { timeout: 120_000 }, async (name, spec, code, sentence, state) => {
    const wanted = simulated ? onSandbox(spec) : spec;
    if (!canServe && JSON.stringify(wanted).includes(here)) return expect(canServe).toBe(false);
    const app = name.replaceAll(' ', '-').slice(0, 30);
    await shop.dev.post(api, shop.app(app, wanted)).expect(202);
    const until = Date.now() + 90_000;
    let found = await rollout(shop, app, 1, '1s');
    while (Date.now() < until && (state === 'failed' ? found.state !== 'failed' : found.cause === null))
      found = await rollout(shop, app, 1, '2s');
    expect(found).toMatchObject({ state, cause: { code, sentence: expect.stringMatching(sentence) } });
    if (code !== 'unschedulable' && code !== 'no-endpoints') expect(found.cause?.object).toMatch(/^Pod\//);
  });

  it('is none for a slow starter, which serves in the end and whose route answers', { timeout: 90_000 }, async () => {
    const slow = {
      image: 'nginx:1.27',
      port: 80,
      host: `${shop.namespace}.example`,
      ...startsAfter(15, simulated),
    };
    await shop.dev.post(api, shop.app('slow', slow)).expect(202);
    const seen = new Set<string>();
    let found = await rollout(shop, 'slow', 1, '1s');
    for (const until = Date.now() + 70_000; found.state === 'running' && Date.now() < until; ) {
      seen.add(found.state);
      found = await rollout(shop, 'slow', 1, '1s');
    }
    expect([...seen]).toEqual(['running']);
    expect(found).toMatchObject({
      state: 'serving',
      answer: { url: expect.stringMatching(`^http://${shop.namespace}.example(:\\d+)?/$`), status: 200, error: null },
    });
    expect(found.answer?.ms).toBeGreaterThan(0);
    await shop.cluster.admin.get(
      resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name: 'slow' }),
    );
  });
});
