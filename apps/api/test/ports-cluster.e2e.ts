import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './support/cluster.js';
import type { Session } from './support/fairlead.js';
import { grantsArrived } from './support/grants-arrived.js';
import { PortTab } from './support/port-tab.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig, isSimulated, nodeKubeconfig } from './support/test-cluster.js';

const api = '/projects/shop/apps/web';
type Opened = { link: string; opening: { id: string; url: string; host: string } };

/** Needs pods that run, or that pretend to. */
async function pretends(shop: Shop): Promise<boolean> {
  return nodeKubeconfig !== undefined || isSimulated(shop.cluster);
}

describe.skipIf(!alphaKubeconfig)('ports of an app in a cluster', { timeout: 60_000 }, () => {
  let shop: Shop;
  let olga: Session & { id: string };
  let grant: string;
  let runs = false;

  const open = async (target: object, as: Session = olga): Promise<Opened> =>
    (await as.post(`${api}/ports`, target).expect(201)).body as Opened;

  beforeAll(async () => {
    shop = await openShop(nodeKubeconfig ?? alphaKubeconfig ?? '');
    runs = await pretends(shop);
    if (!runs) return;
    await shop.dev.post('/projects/shop/apps', shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 2 })).expect(202);
    olga = await shop.fairlead.person('olga');
    grant = (await shop.admin.post('/projects/shop/grants', { principal: 'olga', role: 'operator' }).expect(201)).body.id as string;
    await until(
      45_000,
      async () => (await shop.dev.get(api).expect(200)).body.status?.state as string,
      (state) => state === 'serving',
    );
    await grantsArrived(shop.admin, 'shop', 15_000);
  }, 90_000);
  afterAll(async () => shop?.close());

  it('lists the ports of Services and pods', async ({ skip }) => {
    if (!runs) skip();
    const { items, unavailable } = (await shop.dev.get(`${api}/ports`).expect(200)).body;
    expect(unavailable).toBeNull();
    expect(items[0]).toEqual({ target: { kind: 'service', name: 'web', port: 80 }, name: 'http', http: true });
    expect(items.filter((each: { target: { kind: string } }) => each.target.kind === 'pod')).toHaveLength(2);
  });

  it('opens a Service in a browser: a link that works once, then the page', async ({ skip }) => {
    if (!runs) skip();
    const { link, opening } = await open({ kind: 'service', name: 'web', port: 80 });
    expect(link).toMatch(/^http:\/\/p-[a-z2-7]{20}\.localhost:\d+\/\.fairlead\/open\?link=/);
    const tab = PortTab.at(link);
    const first = await tab.open(link);
    expect(first).toMatchObject({ status: 302, headers: { location: '/', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' } });
    expect(first.headers['set-cookie']?.[0]).toMatch(/^fairlead-port=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=3600$/);
    expect(await tab.ask('/')).toMatchObject({ status: 200, body: expect.stringMatching(/Welcome to nginx!|Hello from web/) });
    // Ten at once.
    const many = await Promise.all(Array.from({ length: 10 }, () => tab.ask('/')));
    expect(many.every(({ status }) => status === 200)).toBe(true);
    const list = (await olga.get(`${api}/ports/openings`).expect(200)).body.items;
    expect(list).toEqual([expect.objectContaining({ id: opening.id, state: 'open', url: opening.url })]);

    await olga.delete(`${api}/ports/openings/${opening.id}`).expect(204);
    expect(await tab.ask('/')).toMatchObject({ status: 410, body: expect.stringContaining('closed by olga') });
    const entry = (await shop.admin.get(`/audit/${opening.id}`).expect(200)).body;
    expect(entry).toMatchObject({
      action: 'kubernetes.pods.portforward',
      actor: { name: 'olga' },
      namespace: shop.namespace,
      name: 'web',
      summary: 'service web, port 80',
      outcome: 'allowed',
      endCause: 'closed by olga',
    });
    expect(entry.bytesOut).toBeGreaterThan(1_000);
    expect(JSON.stringify(entry)).not.toContain(link.split('link=')[1]);
  });

  it('says that nothing listens, and that a pod is gone', { timeout: 120_000 }, async ({ skip }) => {
    if (!runs) skip();
    const pods = (await olga.get(`${api}/pods`).expect(200)).body.items as { name: string }[];
    const pod = pods[0]?.name ?? '';
    const { link } = await open({ kind: 'pod', name: pod, port: 81 });
    const tab = PortTab.at(link);
    await tab.open(link);
    expect(await tab.ask('/')).toMatchObject({ status: 502, headers: { 'x-fairlead-trouble': 'nothing_listens' } });
    expect((await tab.ask('/', { headers: { accept: 'text/html' } })).body).toContain('<h1>Nothing listens on this port</h1>');

    const live = await open({ kind: 'pod', name: pod, port: 80 });
    const other = PortTab.at(live.link);
    await other.open(live.link);
    expect((await other.ask('/')).status).toBe(200);
    await olga.delete(`${api}/pods/${pod}`).expect(204);
    const gone = await until(
      60_000,
      () => other.ask('/').catch(() => null),
      (seen) => seen?.headers['x-fairlead-trouble'] === 'pod_gone',
    );
    expect(gone?.status).toBe(502);
  });

  it('is for operators, and for what is the app’s own', async ({ skip }) => {
    if (!runs) skip();
    const refused = await shop.dev.post(`${api}/ports`, { kind: 'service', name: 'web', port: 80 }).expect(403);
    expect(refused.body.receipt).toMatchObject({ verb: 'pods.portforward', needs: 'operator', has: 'deployer' });
    await olga.post(`${api}/ports`, { kind: 'service', name: 'kubernetes', port: 443 }).expect(404);
    await olga.post(`${api}/ports`, { kind: 'service', name: 'web', port: 81 }).expect(404);
    await olga.post(`${api}/ports`, { kind: 'pod', name: '../secrets', port: 81 }).expect(404);
  });

  it('ends within seconds when the right is taken away', async ({ skip }) => {
    if (!runs) skip();
    const { link, opening } = await open({ kind: 'service', name: 'web', port: 80 });
    const tab = PortTab.at(link);
    await tab.open(link);
    expect((await tab.ask('/')).status).toBe(200);
    await shop.admin.delete(`/projects/shop/grants/${grant}`).expect(204);
    const seen = await until(
      5_000,
      () => tab.ask('/').catch(() => null),
      (each) => each?.status === 410,
    );
    expect(seen?.body).toContain('no grant reaches the cluster');
    const entry = (await shop.admin.get(`/audit/${opening.id}`).expect(200)).body;
    expect(entry).toMatchObject({ outcome: 'refused', endCause: expect.stringContaining('revoked: ') });
  });
});
