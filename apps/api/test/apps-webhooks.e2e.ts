import { resourcePath } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './support/cluster.js';
import { isSigned, Receiver } from './support/receiver.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)('webhooks of apps on a real control plane', { timeout: 60_000 }, () => {
  let shop: Shop;
  let receiver: Receiver;
  let secret: string;
  const api = '/projects/shop/apps';
  beforeAll(async () => {
    receiver = await new Receiver().start();
    shop = await openShop(alphaKubeconfig ?? '', { FAIRLEAD_WEBHOOK_ALLOW: '127.0.0.1/32' });
    const events = ['revision.created', 'rollout.serving', 'rollout.failed', 'drift.found', 'drift.corrected', 'pod.healed'];
    secret = (await shop.admin.post('/projects/shop/webhooks', { name: 'chat', url: receiver.url, events }).expect(201)).body.secret;
  });
  afterAll(async () => {
    await shop?.close();
    await receiver?.close();
  });

  /** The next delivery of this event, and that it was signed. */
  const told = async (event: string) => {
    const found = await until(40_000, () => receiver.received.find((each) => each.event === event), Boolean);
    // Another one may have come before it was asked for.
    receiver.received.splice(receiver.received.indexOf(found!), 1);
    expect(found && isSigned(found, secret)).toBe(true);
    return found?.body;
  };
  const path = (group: string, resource: string, name: string) =>
    resourcePath({ group, version: 'v1', resource, namespace: shop.namespace, name });

  it('tell of a deploy and its verdict', async () => {
    await shop.dev.post(api, shop.app('web', { image: 'nginx:1.27', port: 80, replicas: 2 })).expect(202);
    expect(await told('revision.created')).toMatchObject({
      app: { name: 'web', namespace: shop.namespace },
      revision: 1,
      by: { kind: 'user', name: 'dev' },
    });
    const serving = await told('rollout.serving');
    expect(serving).toMatchObject({
      revision: 1,
      by: { name: 'dev' },
      summary: expect.stringMatching(/^revision 1 serves after \d+\.\d s/),
      cause: null,
    });
  });

  it('tell of a pod that was lost and replaced', async () => {
    const ready = async () => (await shop.dev.get(`${api}/web/pods`).expect(200)).body.items as { name: string; state: string }[];
    const [pod] = await until(20_000, ready, (pods) => pods.length === 2 && pods.every(({ state }) => state === 'ready'));
    await shop.cluster.admin.remove(path('', 'pods', pod?.name ?? ''));
    expect(await told('pod.healed')).toMatchObject({
      by: null,
      summary: expect.stringMatching(/^Pod web-.* is ready in place of web-.* s after it was lost$/),
    });
  });

  it('tell of drift, who did it, and that it was put back', async () => {
    await shop.cluster.admin.patch(path('apps', 'deployments', 'web'), { spec: { replicas: 4 } }, 'merge', {
      fieldManager: 'kubectl-edit',
    });
    expect(await told('drift.found')).toMatchObject({
      by: { kind: 'cluster', name: 'kubectl-edit' },
      summary: 'kubectl-edit changed Deployment/web spec.replicas',
    });
    await shop.dev.post(`${api}/web/correct`).expect(200);
    expect(await told('drift.corrected')).toMatchObject({
      by: { kind: 'user', name: 'dev' },
      summary: 'put back Deployment/web spec.replicas',
    });
  });

  it('tell of a rollout that failed, and why', async () => {
    const nowhere = { image: 'nginx:1.27', placement: { nodeLabels: { nowhere: 'true' } } };
    await shop.dev.post(api, shop.app('stuck', nowhere)).expect(202);
    expect(await told('rollout.failed')).toMatchObject({ app: { name: 'stuck' }, revision: 1, cause: { code: 'unschedulable' } });
  });
});
