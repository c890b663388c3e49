import { resourcePath } from '@fairlead/kube';
import type { AppRow, EventRow, PodRow } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveClient } from './support/live-client.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig, nodeKubeconfig } from './support/test-cluster.js';

const api = '/projects/shop/apps';
const rowsOf = <T>(client: LiveClient, id: string): T[] => [...(client.rows.get(id)?.values() ?? [])] as unknown as T[];

describe.skipIf(!alphaKubeconfig)('live apps on a control plane', () => {
  let shop: Shop;
  let reader: LiveClient;
  let id: string;
  const row = () => rowsOf<AppRow>(reader, 'apps').find((each) => each.name === 'web');
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    reader = await LiveClient.connect(shop.fairlead, shop.dev);
  });
  afterAll(async () => {
    reader?.socket.close();
    await shop?.close();
  });

  it('an app appears, and becomes serving by the word of the cluster', async () => {
    await reader.subscribe('apps', 'apps', { project: 'shop' });
    expect(rowsOf(reader, 'apps')).toEqual([]);
    const made = await shop.dev.post(api, shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 3 })).expect(202);
    id = made.body.app.id;
    await reader.until(() => row()?.status?.state === 'serving' && row()?.status?.asked === false);
    expect(row()).toMatchObject({
      key: id,
      revision: 1,
      revisionState: 'applied',
      changedBy: 'dev',
      status: { replicas: { wanted: 3, ready: 3 }, rollout: { state: 'done', revision: 1 } },
    });
  });

  it('REST gives the same status', async () => {
    const [listed, got] = [await shop.dev.get(api).expect(200), await shop.dev.get(`${api}/web`).expect(200)];
    expect(listed.body.items[0].status).toMatchObject({ state: 'serving', replicas: { ready: 3 } });
    expect(got.body.status).toEqual(listed.body.items[0].status);
  });

  it('pods come and go, keyed by uid, and a killed one is healed', async () => {
    await reader.subscribe('pods', 'pods', { app: id });
    const pods = () => rowsOf<PodRow>(reader, 'pods');
    await reader.until(() => pods().filter((pod) => pod.state === 'ready').length === 3);
    await shop.dev.post(`${api}/web/scale`, { replicas: 5 }).expect(202);
    await reader.until(() => pods().filter((pod) => pod.state === 'ready').length === 5);
    const victim = pods()[0];
    await shop.admin.delete(`${api}/web/pods/${victim?.name}`).expect(204);
    await reader.until(() => !pods().some((pod) => pod.key === victim?.key) && pods().filter((pod) => pod.state === 'ready').length === 5);
    await reader.until(() => row()?.status?.state === 'serving' && row()?.revision === 2);
  });

  it('events of the app, and of no other', async () => {
    await reader.subscribe('events', 'events', { app: id });
    await reader.until(() => rowsOf<EventRow>(reader, 'events').some((event) => event.reason === 'ScalingReplicaSet'));
    expect(rowsOf<EventRow>(reader, 'events').every((event) => event.object.includes('/web'))).toBe(true);
  });

  it('a stranger gets what is not there, and a revoked reader is ended', async () => {
    const stranger = await shop.fairlead.person('stranger');
    const other = await LiveClient.connect(shop.fairlead, stranger);
    for (const [sub, topic, params] of [
      ['a', 'apps', { project: 'shop' }],
      ['b', 'pods', { app: id }],
      ['c', 'events', { app: id }],
      ['d', 'app', { app: id }],
    ] as const) {
      await other.subscribe(sub, topic, params);
      expect(other.of(sub)[0]).toMatchObject({ type: 'error', code: 'not_found' });
    }
    await other.subscribe('all', 'apps', { project: '_' });
    expect(rowsOf(other, 'all')).toEqual([]);
    const grant = (await shop.admin.post('/projects/shop/grants', { principal: 'stranger', role: 'viewer' }).expect(201)).body as {
      id: string;
    };
    await other.until(() => rowsOf<AppRow>(other, 'all').length === 1);
    await shop.admin.delete(`/projects/shop/grants/${grant.id}`).expect(204);
    await other.until(() => rowsOf<AppRow>(other, 'all').length === 0);
    other.socket.close();
  });

  it('an app that is gone leaves', async () => {
    await shop.dev.delete(`${api}/web`, { confirm: 'web' }).expect(202);
    await reader.until(() => row() === undefined);
  });
});

describe.skipIf(!nodeKubeconfig)('live apps with real containers', () => {
  let shop: Shop;
  let reader: LiveClient;
  const status = (name: string) => rowsOf<AppRow>(reader, 'apps').find((each) => each.name === name)?.status;
  beforeAll(async () => {
    shop = await openShop(nodeKubeconfig ?? '');
    reader = await LiveClient.connect(shop.fairlead, shop.dev);
    await reader.subscribe('apps', 'apps', { project: 'shop' });
  });
  afterAll(async () => {
    reader?.socket.close();
    await shop?.close();
  });

  it('serves, with its address inside the cluster', async () => {
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.14.2', port: 80, replicas: 2 })).expect(202);
    await reader.until(() => status('web')?.state === 'serving');
    expect(status('web')).toMatchObject({ images: ['nginx:1.14.2'], internalAddress: `web.${shop.namespace}.svc:80`, cause: null });
  }, 60_000);

  it.each([
    [
      'an image that nobody has',
      'bad-image',
      { image: 'no-such-image:missing' },
      'registry-refused image-not-found',
      /no-such-image:missing/,
    ],
    ['a crash, with its exit code', 'crash', { image: 'busybox:1.36', command: ['sh', '-c', 'exit 3'] }, 'crash', /exit code 3/],
    ['a command that is not there', 'command', { image: 'busybox:1.36', command: ['/nope'] }, 'bad-command', /\/nope/],
    [
      'too little memory',
      'oom',
      { image: 'busybox:1.36', command: ['sh', '-c', 'x=a; while true; do x=$x$x; done'], resources: { memoryLimit: '16Mi' } },
      'out-of-memory',
      /memory limit/,
    ],
    ['no node with so much CPU', 'huge', { image: 'nginx:1.27', resources: { cpu: '900' } }, 'unschedulable', /cpu/],
  ])(
    'names %s',
    async (_, name, spec, code, sentence) => {
      await shop.dev.post(api, shop.app(name, spec)).expect(202);
      // What crashes is ready for a moment each time that it starts, for nobody probes it.
      await reader.until(() => code.split(' ').includes(status(name)?.cause?.code ?? '') && status(name)?.state === 'failing');
      expect(status(name)).toMatchObject({
        cause: { sentence: expect.stringMatching(sentence), object: expect.stringContaining(`Pod/${name}-`) },
      });
    },
    60_000,
  );

  it('a bad image beside good pods: degraded, and a rollback mends it', async () => {
    await shop.dev
      .patch(`${api}/web`, { spec: { image: 'no-such-image:missing' } })
      .set('if-match', '"1"')
      .expect(202);
    await reader.until(() => /registry-refused|image-not-found/.test(status('web')?.cause?.code ?? ''));
    expect(status('web')?.state).toBe('degraded');
    await shop.dev.post(`${api}/web/rollback`, { revision: 1 }).expect(202);
    await reader.until(() => status('web')?.state === 'serving' && status('web')?.cause === null);
    const pods = await shop.cluster.admin.list(resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: shop.namespace }), {
      labelSelector: 'fairlead.dev/app=web',
    });
    expect(pods.items.length).toBeGreaterThanOrEqual(2);
  }, 60_000);
});
