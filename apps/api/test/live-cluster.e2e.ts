import { isDeepStrictEqual } from 'node:util';
import { resourcePath } from '@fairlead/kube';
import type { AppRow, LiveItem, PodRow } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { grantsArrived } from './support/grants-arrived.js';
import { LiveClient } from './support/live-client.js';
import { alphaKubeconfig, freshName, registerCluster, removeNamespace, type TestCluster } from './support/test-cluster.js';

/** An app of a real cluster, seen through the live socket. */
describe.skipIf(!alphaKubeconfig)('the live socket over a real control plane', { timeout: 60_000 }, () => {
  const namespace = freshName('live');
  let fairlead: Fairlead;
  let cluster: TestCluster;
  let dev: Session;
  let admin: Session;
  let app = '';
  let grant = '';

  beforeAll(async () => {
    fairlead = await startFairlead();
    admin = await fairlead.admin();
    cluster = await registerCluster(fairlead, alphaKubeconfig ?? '');
    await admin.post('/projects', { name: 'shop', namespaces: [{ cluster: 'testbed', namespace, create: true }] }).expect(201);
    dev = await fairlead.person('dev');
    grant = (await admin.post('/projects/shop/grants', { principal: 'dev', role: 'deployer' }).expect(201)).body.id;
    await grantsArrived(admin, 'shop', 30_000);
    const spec = { image: 'nginx:1.14.2', port: 80, replicas: 3 };
    app = (await dev.post('/projects/shop/apps', { name: 'web', cluster: 'testbed', namespace, spec }).expect(202)).body.app.id;
  }, 90_000);
  afterAll(async () => {
    if (cluster) await removeNamespace(cluster, namespace);
    await fairlead?.close();
  });

  const pods = (client: LiveClient, id = 'pods') => [...((client.rows.get(id) ?? new Map()) as Map<string, PodRow>).values()];
  const ready = (client: LiveClient, wanted: number) => () => {
    const rows = pods(client);
    return rows.length === wanted && rows.every((pod) => pod.state === 'ready');
  };
  const scale = (replicas: number) => dev.post('/projects/shop/apps/web/scale', { replicas }).expect(202);
  const byKey = (rows: LiveItem[]) => [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));

  it('pods become ready, an app is scaled, a killed pod is replaced: all without asking again', async () => {
    const client = await LiveClient.connect(fairlead, dev);
    await client.subscribe('pods', 'pods', { app });
    await client.subscribe('app', 'app', { app });
    await client.until(ready(client, 3));
    await scale(5);
    await client.until(ready(client, 5));
    const victim = pods(client)[0]!;
    await cluster.admin.remove(resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name: victim.name }));
    await client.until(() => !client.rows.get('pods')!.has(victim.key) && ready(client, 5)());
    await client.until(() => {
      const row = client.rows.get('app')?.get(app) as AppRow | undefined;
      return row?.status?.state === 'serving';
    });
    client.close();
  });

  it('after a cut the rows equal a fresh list', async () => {
    const client = await LiveClient.connect(fairlead, dev);
    await client.subscribe('pods', 'pods', { app });
    await client.until(ready(client, 5));
    const known = client.rows.get('pods')!;
    const at = client.at.get('pods')!;
    client.cut();
    await client.untilClosed();
    await scale(12);
    await scale(7);
    const again = await LiveClient.connect(fairlead, dev);
    again.rows.set('pods', known);
    again.send({ type: 'subscribe', id: 'pods', topic: 'pods', params: { app }, from: at });
    await again.until(() => again.of('pods').length > 0);
    expect(again.of('pods')[0]?.type).toBe('changes');
    await again.until(ready(again, 7));
    await again.subscribe('fresh', 'pods', { app });
    // Each is told by itself: what has just changed comes to one of them first.
    await again.until(() => isDeepStrictEqual(byKey(pods(again)), byKey(pods(again, 'fresh'))));
    expect(pods(again)).toHaveLength(7);
    again.close();
  });

  it('who may not read the project hears the same as for an app that is not there', async () => {
    const client = await LiveClient.connect(fairlead, await fairlead.person('stranger'));
    for (const topic of ['app', 'pods', 'events']) await client.subscribe(topic, topic, { app });
    await client.subscribe('apps', 'apps', { project: 'shop' });
    await client.subscribe('mine', 'apps', { project: '_' });
    for (const id of ['app', 'pods', 'events', 'apps']) expect(client.of(id)).toMatchObject([{ type: 'error', code: 'not_found' }]);
    expect(client.of('mine')[0]).toMatchObject({ type: 'snapshot', items: [] });
    client.close();
  });

  it('a grant taken away ends its topics at once', async () => {
    const client = await LiveClient.connect(fairlead, dev);
    for (const topic of ['app', 'pods', 'events']) await client.subscribe(topic, topic, { app });
    await admin.delete(`/projects/shop/grants/${grant}`).expect(204);
    await client.until(() => ['app', 'pods', 'events'].every((id) => client.of(id).at(-1)?.type === 'error'));
    client.close();
  });
});
