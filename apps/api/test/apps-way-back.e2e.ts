import type { Rollout } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

/** A node label that no node has: the cluster says at once that no node fits. */
const nowhere = { placement: { nodeLabels: { nowhere: 'true' } } };

describe.skipIf(!alphaKubeconfig)('the automatic way back', { timeout: 60_000 }, () => {
  let shop: Shop;
  const api = '/projects/shop/apps';
  const spec = { image: 'nginx:1.27', port: 80, replicas: 2 };

  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '');
  });
  afterAll(() => shop?.close());

  const create = (name: string, wanted: object) => shop.dev.post(`${api}?wait=30s`, shop.app(name, wanted)).expect(202);
  const rollout = async (name: string, revision: number): Promise<Rollout> =>
    (await shop.dev.get(`${api}/${name}/rollouts/${revision}?wait=30s`).expect(200)).body;
  const breakIt = async (name: string) => {
    const { body } = await shop.dev.get(`${api}/${name}`).expect(200);
    await shop.dev.patch(`${api}/${name}`, { spec: nowhere }).set('if-match', `"${body.revision.number}"`).expect(202);
  };
  const revisions = async (name: string) => (await shop.dev.get(`${api}/${name}/revisions`).expect(200)).body.items;

  it('is taken by the project’s own robot, which is a member, and keeps the failed revision', async () => {
    const grants = (await shop.admin.get('/projects/shop/grants')).body.items;
    const robot = grants.find((each: { principal: { kind: string } }) => each.principal.kind === 'robot');
    expect(robot).toMatchObject({ role: 'deployer', principal: { name: expect.stringMatching(/^auto-shop-/) } });

    await create('web', spec);
    await breakIt('web');
    expect(await rollout('web', 2)).toMatchObject({ state: 'failed', cause: { code: 'unschedulable' } });
    await vi.waitFor(async () => expect((await rollout('web', 2)).wentBack).toBe(3), { timeout: 15_000, interval: 200 });
    expect(await rollout('web', 3)).toMatchObject({ state: 'serving' });
    const [last, failed] = await revisions('web');
    expect(last).toMatchObject({
      number: 3,
      cause: 'rollback',
      rolledBackFrom: 2,
      author: { kind: 'robot', name: robot.principal.name },
      summary: expect.stringMatching(/^back to revision 1 by itself: revision 2 of dev failed: No node fits/),
    });
    expect(failed).toMatchObject({ number: 2, state: 'applied' });
    const { items } = (await shop.admin.get('/audit?limit=50')).body;
    const entry = items.find((each: { action: string }) => each.action === 'apps.rollback');
    expect(entry).toMatchObject({ actor: { kind: 'robot', name: robot.principal.name }, door: 'system', outcome: 'allowed' });
  });

  it('is not taken by an app that says so, nor by one that never served', async () => {
    await create('stays', spec);
    await shop.dev.patch(`${api}/stays/policies`, { wayBack: 'off' }).expect(200, { drift: 'show', wayBack: 'off' });
    await breakIt('stays');
    await create('never', { ...spec, ...nowhere });
    expect((await rollout('stays', 2)).state).toBe('failed');
    expect((await rollout('never', 1)).state).toBe('failed');
    expect(await revisions('stays')).toHaveLength(2);
    expect(await revisions('never')).toHaveLength(1);
  });

  it('is off, and says why in the audit log, when the robot’s grant was taken', async () => {
    await create('alone', spec);
    const grants = (await shop.admin.get('/projects/shop/grants')).body.items;
    const robot = grants.find((each: { principal: { kind: string } }) => each.principal.kind === 'robot');
    await shop.admin.delete(`/projects/shop/grants/${robot.id}`).expect(204);
    await breakIt('alone');
    expect((await rollout('alone', 2)).state).toBe('failed');
    await vi.waitFor(
      async () => {
        const { items } = (await shop.admin.get('/audit?limit=50&outcome=refused')).body;
        expect(items.map((each: { action: string }) => each.action)).toContain('apps.rollback');
      },
      { timeout: 10_000, interval: 200 },
    );
    expect(await revisions('alone')).toHaveLength(2);
  });
});
