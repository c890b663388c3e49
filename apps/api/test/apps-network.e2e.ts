import { resourcePath } from '@fairlead/kube';
import type { AppNetwork } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { grantsArrived } from './support/grants-arrived.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

const fromProject = { network: { ingress: [{ from: 'project', ports: [{ port: 'http' }] }] } };

describe.skipIf(!alphaKubeconfig)('discovery and network rules', () => {
  let shop: Shop;
  let lead: Awaited<ReturnType<Shop['fairlead']['person']>>;
  const api = '/projects/shop/apps';
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    lead = await shop.fairlead.person('lead');
    await shop.admin.post('/projects/shop/grants', { principal: 'lead', role: 'admin' }).expect(201);
    await grantsArrived(shop.admin, 'shop', 15_000);
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.14.2', port: 80, host: 'net.example.com', replicas: 2 })).expect(202);
  }, 180_000);
  afterAll(() => shop?.close());

  const revision = async (): Promise<number> => (await shop.dev.get(`${api}/web`).expect(200)).body.revision.number;
  const change = async (who: Shop['dev'] | typeof lead, spec: object) =>
    who.patch(`${api}/web`, { spec }).set('if-match', `"${await revision()}"`);
  const network = async (): Promise<AppNetwork> => (await shop.dev.get(`${api}/web/network`).expect(200)).body;
  const policy = (name = 'web') =>
    resourcePath({ group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', namespace: shop.namespace, name });

  it('names an app as the DNS of the cluster does, and says that everybody may reach it', async () => {
    const { services, clusterDomain, routes, ingress, policies } = await network();
    const full = `web.${shop.namespace}.svc.${clusterDomain.name}`;
    expect(services.map(({ name }) => name)).toEqual(['web']);
    expect(services[0]?.names.map(({ name }) => name)).toEqual([
      'web',
      `web.${shop.namespace}`,
      `web.${shop.namespace}.svc`,
      full,
      `_http._tcp.${full}`,
    ]);
    expect(services[0]).toMatchObject({ type: 'ClusterIP', headless: false, ports: [{ name: 'http', port: 80, target: 'http' }] });
    expect(services[0]?.clusterIPs[0]).toMatch(/^\d+\./);
    expect(routes).toMatchObject([{ host: 'net.example.com', path: '/', service: 'web', port: 'http', ofApp: true, tlsSecret: null }]);
    expect(ingress).toEqual({
      state: 'open',
      words: 'No policy selects these pods: everything in the cluster may reach them.',
      rules: [],
    });
    expect(policies).toEqual([]);
  });

  it('follows the readiness of a pod', async () => {
    const ready = () =>
      vi.waitFor(async () => expect((await network()).endpoints.map((each) => each.ready)).toEqual([true, true]), { timeout: 30_000 });
    await ready();
    const { endpoints } = await network();
    const pod = endpoints[0]?.pod ?? '';
    expect(endpoints[0]).toMatchObject({ service: 'web', ports: ['http 80/TCP'], serving: true, terminating: false, why: null });
    await shop.cluster.admin.patch(
      `${resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: shop.namespace, name: pod })}/status`,
      { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }] } },
      'strategic',
    );
    await vi.waitFor(
      async () => {
        const row = (await network()).endpoints.find((each) => each.pod === pod);
        expect(row?.ready).toBe(false);
        expect(row?.why).toBeTruthy();
      },
      { timeout: 15_000 },
    );
    await shop.cluster.admin.patch(
      `${resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: shop.namespace, name: pod })}/status`,
      { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      'strategic',
    );
    await ready();
  });

  it('refuses a deployer who sets rules, and names what was lacking', async () => {
    const before = await revision();
    const planned = await shop.dev.post(`${api}/web/plan`, { spec: fromProject }).expect(200);
    expect(planned.body.obstacles).toContainEqual(
      expect.objectContaining({
        object: 'NetworkPolicy/web',
        severity: 'blocks',
        reason: expect.stringContaining('needs the role admin; you have deployer'),
      }),
    );
    const refused = (await change(shop.dev, fromProject)).body;
    expect(refused).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/network rules \(NetworkPolicy\/web\).*needs the role admin; you have deployer/),
      receipt: { verb: 'apps.network', needs: 'admin', has: 'deployer', askFor: expect.arrayContaining(['lead']) },
    });
    const yaml = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own}\nspec: {podSelector: {}}`;
    await shop.dev.post(api, shop.app('own', { kind: 'manifests', yaml })).expect(403);
    expect(await revision()).toBe(before);
    await expect(shop.cluster.admin.get(policy())).rejects.toMatchObject({ code: 404 });
  });

  it('lets an admin of the project set them, with a plan in words', async () => {
    const planned = await lead.post(`${api}/web/plan`, { spec: fromProject }).expect(200);
    expect(planned.body.obstacles).toEqual([
      {
        object: 'NetworkPolicy/web',
        field: 'spec.ingress',
        reason: 'it lets no ingress controller in, so net.example.com would not be answered',
        severity: 'warns',
      },
    ]);
    const unknown = { network: { ingress: [{ from: 'anywhere' }], egress: [{ to: { app: 'nobody' } }] } };
    expect((await lead.post(`${api}/web/plan`, { spec: unknown }).expect(200)).body.obstacles).toMatchObject([
      { reason: `this project has no app nobody in ${shop.namespace}`, severity: 'warns' },
    ]);
    expect(planned.body.changes).toContainEqual(
      expect.objectContaining({ object: 'NetworkPolicy/web', action: 'create', words: ['lets in apps of this project on http/TCP'] }),
    );
    const answer = await change(lead, fromProject);
    expect(answer.status).toBe(202);
    expect(answer.body.revision).toMatchObject({ state: 'applied', summary: 'network rules added' });
    const { ingress, policies } = await network();
    expect(ingress).toMatchObject({
      state: 'limited',
      rules: [{ who: 'apps of this project', kind: 'project', ports: ['http/TCP'], policy: 'web', peer: 'project' }],
    });
    expect(policies).toMatchObject([{ name: 'web', ofApp: true, selectsApp: true, manager: 'the app web, by Fairlead' }]);
  });

  it("leaves them alone in a deployer's other changes, whatever became of them in the cluster", async () => {
    await shop.cluster.admin.patch(policy(), { metadata: { labels: { seen: 'yes' } } }, 'merge', { fieldManager: 'test' });
    const before = await shop.cluster.admin.get(policy());
    const answer = await change(shop.dev, { env: [{ name: 'A', value: '1' }] });
    expect(answer.status).toBe(202);
    expect(answer.body.revision.state).toBe('applied');
    await shop.dev.post(`${api}/web/scale`, { replicas: 3 }).expect(202);
    await shop.dev.post(`${api}/web/undo`, {}).expect(202);
    await shop.dev.post(`${api}/web/correct`, {}).expect(200);
    expect((await shop.cluster.admin.get(policy())).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  it('refuses a deployer every way around: removal, rollback, undo, deletion', async () => {
    const words = /network rules/;
    expect((await change(shop.dev, { network: null })).body).toMatchObject({ code: 'forbidden', message: expect.stringMatching(words) });
    const back = await shop.dev.post(`${api}/web/rollback`, { revision: 1 }).expect(403);
    expect(back.body.message).toMatch(words);
    const gone = await shop.dev.delete(`${api}/web`, { confirm: 'web' }).expect(403);
    expect(gone.body.message).toMatch(words);
    const step = (await change(lead, { network: { ingress: [] } })).body.revision.number as number;
    expect((await network()).ingress).toMatchObject({ state: 'closed', words: 'web lets nobody in.' });
    const undone = await shop.dev.post(`${api}/web/undo`, { revision: step }).expect(403);
    expect(undone.body.message).toMatch(words);
    await lead.post(`${api}/web/undo`, { revision: step }).expect(202);
    expect((await network()).ingress.state).toBe('limited');
  });

  it('tells of rules that somebody changed in the cluster, and an admin puts them back', async () => {
    await shop.cluster.admin.patch(policy(), { spec: { ingress: [{}] } }, 'merge', { fieldManager: 'kubectl-edit' });
    await vi.waitFor(
      async () => {
        const { status } = (await shop.dev.get(`${api}/web`).expect(200)).body;
        expect(status.drift).toContainEqual(expect.objectContaining({ object: 'NetworkPolicy/web' }));
      },
      { timeout: 15_000 },
    );
    expect((await network()).ingress).toMatchObject({ state: 'open', words: 'web lets everybody in, on every port.' });
    await lead.post(`${api}/web/correct`, {}).expect(200);
    expect((await network()).ingress.state).toBe('limited');
  });

  it('shows policies of others with their name and manager', async () => {
    const other = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'guard', annotations: { 'meta.helm.sh/release-name': 'walls' } },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    };
    await shop.cluster.admin.create(policy().replace(/\/web$/, ''), other);
    const { policies, egress } = await network();
    expect(policies[1]).toMatchObject({
      name: 'guard',
      ofApp: false,
      selectsApp: true,
      manager: 'Helm release walls',
      words: ['lets nobody in', 'lets out to addresses 10.0.0.0/8'],
    });
    expect(egress).toMatchObject({ state: 'limited', rules: [{ who: 'addresses 10.0.0.0/8', policy: 'guard' }] });
  });

  it('goes with its app when an admin deletes it', async () => {
    await lead.delete(`${api}/web`, { confirm: 'web' }).expect(202);
    await vi.waitFor(() => expect(shop.cluster.admin.get(policy())).rejects.toMatchObject({ code: 404 }), { timeout: 20_000 });
  });
});
