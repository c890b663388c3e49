import { describe, expect, it } from 'vitest';
import { deployment, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { deployments } from '../deployment/deployment.controller.js';
import { endpoints } from '../endpoints/endpoints.controller.js';
import type { Taint } from '../model/cluster.js';
import type { Pod, Toleration } from '../model/pod.js';
import { findCondition } from '../parts/conditions.js';
import { podGarbage } from '../podgc/pod-gc.controller.js';
import { replicaSets } from '../replicaset/replicas.controller.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { nodeLifecycle } from './node-lifecycle.controller.js';
import { leavesAt, taintEviction } from './taint-eviction.controller.js';

const fiveMinutes: Toleration[] = ['not-ready', 'unreachable'].map((key) => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

function start(replicas = 3): VirtualCluster {
  const cluster = virtualCluster({
    controllers: [nodeLifecycle, taintEviction, podGarbage, replicaSets, deployments, scheduler, endpoints],
  });
  cluster.create('services', { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  const app = deployment('web', replicas) as { spec: { template: { spec: { tolerations?: Toleration[] } } } };
  app.spec.template.spec.tolerations = fiveMinutes;
  cluster.create('deployments.apps', app);
  cluster.clock.advance(30_000);
  return cluster;
}
const on = (cluster: VirtualCluster, node: string): Pod[] => cluster.list('pods').filter((pod) => pod.spec.nodeName === node);
const ready = (cluster: VirtualCluster, node: string): string =>
  findCondition(cluster.get('nodes', node)?.status?.conditions, 'Ready')?.status ?? '';
const taints = (cluster: VirtualCluster, node: string): string[] =>
  (cluster.get('nodes', node)?.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);

describe('a lost node', () => {
  it('is Unknown after 50 s, its pods are gone from services, and five minutes later they run elsewhere', () => {
    const cluster = start();
    expect(on(cluster, 'node-2')).toHaveLength(1);
    cluster.kubelet.lose('node-2');
    cluster.clock.advance(40_000);
    expect(ready(cluster, 'node-2')).toBe('True');
    cluster.clock.advance(20_000);
    expect(findCondition(cluster.get('nodes', 'node-2')?.status?.conditions, 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    expect(taints(cluster, 'node-2')).toEqual(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']);
    expect(cluster.events('node-2')).toContain('Normal NodeNotReady: Node node-2 status is now: NodeNotReady');
    const lost = on(cluster, 'node-2')[0];
    expect(findCondition(lost?.status?.conditions, 'Ready')?.status).toBe('False');
    expect(cluster.events(lost?.metadata.name ?? '')).toContain('Warning NodeNotReady: Node is not ready');
    expect(cluster.get('endpoints', 'web')?.subsets?.[0]?.addresses).toHaveLength(2);

    cluster.clock.advance(280_000);
    expect(cluster.list('pods')).toHaveLength(3);
    cluster.clock.advance(30_000);
    expect(on(cluster, 'node-2')[0]?.metadata.deletionTimestamp).toBeDefined();
    expect(cluster.events(lost?.metadata.name ?? '')).toContain(
      `Normal TaintManagerEviction: Marking for deletion Pod default/${lost?.metadata.name}`,
    );
    expect(cluster.get('deployments.apps', 'web')?.status?.availableReplicas).toBe(3);
    expect(on(cluster, 'node-1').length + on(cluster, 'node-3').length).toBe(3);

    cluster.api.delete('nodes', '', 'node-2');
    cluster.clock.advance(120_000);
    expect(cluster.list('pods')).toHaveLength(3);
    cluster.stop();
  });

  it('that comes back in time keeps its pods', () => {
    const cluster = start();
    cluster.change('nodes', 'node-1', (draft) => {
      draft.status = { ...draft.status, conditions: [{ type: 'Ready', status: 'False' }] };
    });
    cluster.api.change(
      'nodes',
      '',
      'node-1',
      (draft) => void Object.assign(draft, { status: { ...(draft.status as object), conditions: [{ type: 'Ready', status: 'False' }] } }),
      {
        subresource: 'status',
      },
    );
    cluster.clock.advance(60_000);
    expect(taints(cluster, 'node-1')).toEqual(['node.kubernetes.io/not-ready:NoSchedule', 'node.kubernetes.io/not-ready:NoExecute']);
    const pod = on(cluster, 'node-1')[0]?.metadata.name ?? '';
    cluster.api.change(
      'nodes',
      '',
      'node-1',
      (draft) => void Object.assign(draft, { status: { ...(draft.status as object), conditions: [{ type: 'Ready', status: 'True' }] } }),
      {
        subresource: 'status',
      },
    );
    cluster.clock.advance(600_000);
    expect(taints(cluster, 'node-1')).toEqual([]);
    expect(on(cluster, 'node-1').map((each) => each.metadata.name)).toEqual([pod]);
    expect(cluster.events(pod)).toContain(`Normal TaintManagerEviction: Cancelling deletion of Pod default/${pod}`);
    cluster.stop();
  });

  it('with all others lost too sends nobody away', () => {
    const cluster = start();
    for (const node of ['node-1', 'node-2', 'node-3']) cluster.kubelet.lose(node);
    cluster.clock.advance(900_000);
    expect(taints(cluster, 'node-1')).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    expect(cluster.list('pods').every((pod) => !pod.metadata.deletionTimestamp)).toBe(true);
    cluster.stop();
  });
});

it('a cordoned node is tainted, and free again after it', () => {
  const cluster = start(1);
  cluster.change('nodes', 'node-1', (draft) => {
    draft.spec.unschedulable = true;
  });
  cluster.clock.advance(10);
  expect(taints(cluster, 'node-1')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule']);
  cluster.change('nodes', 'node-1', (draft) => {
    delete draft.spec.unschedulable;
  });
  cluster.clock.advance(10);
  expect(taints(cluster, 'node-1')).toEqual([]);
  cluster.stop();
});

it.each<[tolerations: Toleration[], seconds: number | undefined]>([
  [[], 0],
  [[{ key: 'a', operator: 'Exists' }], undefined],
  [[{ key: 'a', operator: 'Exists', tolerationSeconds: 60 }], 60],
  [[{ operator: 'Exists' }], undefined],
  [[{ key: 'a', operator: 'Equal', value: 'other' }], 0],
  [[{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }], 0],
  [
    [
      { key: 'a', operator: 'Exists', tolerationSeconds: 90 },
      { key: 'a', operator: 'Exists', tolerationSeconds: 30 },
    ],
    30,
  ],
])('a pod with tolerations %j leaves after %s s', (tolerations, seconds) => {
  const taint: Taint = { key: 'a', effect: 'NoExecute' };
  const pod: Pod = { metadata: { name: 'x' }, spec: { containers: [], tolerations } };
  expect(leavesAt(pod, [taint], 1000)).toBe(seconds === undefined ? undefined : 1000 + seconds * 1000);
});
