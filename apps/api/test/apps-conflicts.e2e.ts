import { resourcePath } from '@fairlead/kube';
import type { App, FieldConflict, Plan } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('fields that somebody else has set', { timeout: 90_000 }, () => {
  let shop: Shop;
  const api = '/projects/shop/apps';
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
    await shop.dev.post(`${api}?wait=20s`, shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 2 })).expect(202);
  }, 120_000);
  afterAll(() => shop?.close());

  const path = () => resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name: 'web' });
  const edit = (spec: object) => shop.cluster.admin.patch(path(), { spec }, 'merge', { fieldManager: 'kubectl-edit' });
  const app = async () => (await shop.dev.get(`${api}/web`).expect(200)).body as App;
  const live = async () => (await shop.cluster.admin.get(path())).spec as { replicas: number; minReadySeconds?: number };
  const change = async (body: object) => shop.dev.patch(`${api}/web`, body).set('if-match', `"${(await app()).revision.number}"`);
  const plan = async (body: object) => (await shop.dev.post(`${api}/web/plan`, body).expect(200)).body as Plan;
  const env = (value: string) => ({ env: [{ name: 'A', value }] });
  const replicas = { object: 'Deployment/web', field: 'spec.replicas' };

  it('are listed with both sides and their owner, and nothing is applied until they are decided', async () => {
    await edit({ replicas: 7 });
    const { conflicts, clean } = await plan({ spec: env('1') });
    expect(clean).toBe(false);
    expect(conflicts).toEqual([
      {
        ...replicas,
        wanted: '2',
        found: '7',
        owner: { manager: 'kubectl-edit', name: 'kubectl edit', operation: 'Update', subresource: null, at: expect.any(String) },
        choice: null,
      },
    ]);
    const refused = (await change({ spec: env('1') })).body;
    expect(refused).toMatchObject({
      code: 'field_conflict',
      issues: [{ path: 'Deployment/web spec.replicas', message: 'was set by kubectl edit' }],
    });
    expect((refused.details as { conflicts: FieldConflict[] }).conflicts).toHaveLength(1);
    expect(await live()).toMatchObject({ replicas: 7 });
    expect((await app()).revision.number).toBe(1);
  });

  it('are left, which stands: in the plan’s hash, in later applies and for drift', async () => {
    const conflicts = [{ ...replicas, choice: 'leave' }];
    const undecided = await plan({ spec: env('1') });
    const decided = await plan({ spec: env('1'), conflicts });
    expect(decided.hash).not.toBe(undecided.hash);
    expect(decided.conflicts[0]?.choice).toBe('leave');
    expect((await change({ spec: env('1'), conflicts, planHash: undecided.hash })).body.code).toBe('plan_changed');
    const { body } = await change({ spec: env('1'), conflicts, planHash: decided.hash });
    expect(body.revision).toMatchObject({ state: 'applied', summary: 'env +A, left to kubectl edit: spec.replicas of Deployment/web' });
    expect((await app()).left).toEqual([
      { ...replicas, owner: { manager: 'kubectl-edit', name: 'kubectl edit' }, since: expect.any(String) },
    ]);
    await change({ spec: env('2') }).then(({ status }) => expect(status).toBe(202));
    expect(await live()).toMatchObject({ replicas: 7 });
    const managed = (await shop.cluster.admin.get(path())).metadata.managedFields as { manager: string; fieldsV1: object }[];
    const ours = managed.find(({ manager }) => manager === 'fairlead');
    expect(JSON.stringify(ours?.fieldsV1)).not.toContain('f:replicas');
    await edit({ replicas: 6 });
    await shop.dev.post(`${api}/web/correct`).expect(200);
    expect(await live()).toMatchObject({ replicas: 6 });
    await vi.waitFor(async () => expect((await app()).status?.asked).toBe(false), { timeout: 15_000, interval: 200 });
    expect((await app()).status?.drift).toEqual([]);
    const scaling = (await shop.dev.post(`${api}/web/scale`, { replicas: 3 }).expect(409)).body;
    expect(scaling.message).toBe('spec.replicas of Deployment/web is left to kubectl edit: take it over first.');
  });

  it('are taken over again, as a revision', async () => {
    const { body } = await change({ spec: {}, conflicts: [{ ...replicas, choice: 'take-over' }] });
    expect(body.revision).toMatchObject({ state: 'applied', summary: 'taken over: spec.replicas of Deployment/web' });
    expect(await live()).toMatchObject({ replicas: 2 });
    expect((await app()).left).toEqual([]);
  });

  it('are decided for a whole object at once', async () => {
    await edit({ replicas: 5 });
    const { body } = await change({ spec: env('3'), conflicts: [{ object: 'Deployment/web', choice: 'take-over' }] });
    expect(body.revision).toMatchObject({ state: 'applied' });
    expect(await live()).toMatchObject({ replicas: 2 });
  });

  it('are asked for by a pipeline and a rollback as well, and not by a scaling of that very field', async () => {
    await edit({ replicas: 5 });
    const { spec } = await app();
    const put = { cluster: 'testbed', namespace: shop.namespace, spec };
    expect((await shop.dev.put(`${api}/web`, put)).body.code).toBe('field_conflict');
    expect((await shop.dev.post(`${api}/web/rollback`, { revision: 1 })).body.code).toBe('field_conflict');
    await shop.dev.post(`${api}/web/scale`, { replicas: 3 }).expect(202);
    expect(await live()).toMatchObject({ replicas: 3 });
  });
});
