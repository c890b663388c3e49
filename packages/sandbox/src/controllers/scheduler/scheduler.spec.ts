import { describe, expect, it } from 'vitest';
import { node, template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import type { Pod } from '../model/pod.js';
import { findCondition } from '../parts/conditions.js';
import { scheduler } from './scheduler.controller.js';

interface Wish {
  labels?: Record<string, string>;
  cpu?: string;
  [spec: string]: unknown;
}
const cluster = (nodes: Parameters<typeof node>[1][] = [{}, {}, {}]): VirtualCluster => {
  const made = virtualCluster({ controllers: [scheduler], nodes: 0, stopsAfterMs: 3000 });
  for (const [index, more] of nodes.entries()) made.create('nodes', node(`node-${index + 1}`, more));
  return made;
};
function pod(on: VirtualCluster, name: string, { labels, cpu, ...spec }: Wish = {}): void {
  const base = template('x') as { spec: { containers: object[] } };
  const containers = cpu ? [{ name: 'web', image: 'x', resources: { requests: { cpu } } }] : base.spec.containers;
  on.create('pods', { metadata: { name, labels: labels ?? {} }, spec: { ...base.spec, containers, ...spec } });
}
const placed = (on: VirtualCluster, name: string): string | undefined => on.get('pods', name)?.spec.nodeName;
const why = (on: VirtualCluster, name: string): string | undefined =>
  findCondition(on.get('pods', name)?.status?.conditions, 'PodScheduled')?.message;
const required = (terms: object[]): object => ({ requiredDuringSchedulingIgnoredDuringExecution: terms });
const onNode = (...matchFields: object[]): object => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } },
});
const hostname = 'kubernetes.io/hostname';
const none = 'preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';
const port = { containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort: 8080 }] }] };

describe('a pod that fits nowhere', () => {
  // The words of a real scheduler, recorded.
  it.each<[name: string, wish: Wish, message: string]>([
    ['too much cpu', { cpu: '500' }, `0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, ${none}`],
    [
      'a label that is not there',
      { nodeSelector: { a: 'b' } },
      `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, ${none}`,
    ],
    [
      'a claim that is not there',
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'nope' } }] },
      '0/3 nodes are available: persistentvolumeclaim "nope" not found. not found',
    ],
    [
      'near nobody',
      { affinity: { podAffinity: required([{ topologyKey: hostname, labelSelector: { matchLabels: { app: 'none' } } }]) } },
      `0/3 nodes are available: 3 node(s) didn't match pod affinity rules. no new claims to deallocate, ${none}`,
    ],
    [
      'spread over a label that is not there',
      { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'nope', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} }] },
      `0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label). no new claims to deallocate, ${none}`,
    ],
    [
      'a node that is not there',
      { affinity: onNode({ key: 'metadata.name', operator: 'In', values: ['nobody'] }) },
      `0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, ${none}`,
    ],
    [
      'a port that is taken',
      { nodeSelector: { [hostname]: 'node-1' }, ...port },
      "0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    ],
    [
      'too many and too much',
      { containers: [{ name: 'a', resources: { requests: { cpu: '500', memory: '1Ti', 'example.com/gpu': '1' } } }] },
      `0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient example.com/gpu, 3 Insufficient memory. no new claims to deallocate, ${none}`,
    ],
  ])('%s', (_, wish, message) => {
    const on = cluster();
    pod(on, 'first', { nodeSelector: { [hostname]: 'node-1' }, ...port });
    on.clock.advance(10);
    pod(on, 'p', wish);
    on.clock.advance(10);
    expect(why(on, 'p')).toBe(message);
    expect(findCondition(on.get('pods', 'p')?.status?.conditions, 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
    });
    expect(on.events('p')).toEqual([`Warning FailedScheduling: ${message}`]);
    on.stop();
  });

  it('for taints and cordons', () => {
    const on = cluster([{ taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] }, {}, {}]);
    on.change('nodes', 'node-2', (draft) => {
      draft.spec.unschedulable = true;
    });
    pod(on, 'p', { cpu: '5' });
    on.clock.advance(10);
    expect(why(on, 'p')).toBe(
      `0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, ${none}`,
    );
    on.stop();
  });

  it('without any node', () => {
    const on = cluster([]);
    pod(on, 'p');
    on.clock.advance(10);
    expect(why(on, 'p')).toBe('no nodes available to schedule pods');
    on.create('nodes', node('late'));
    on.clock.advance(2000);
    expect(placed(on, 'p')).toBe('late');
    expect(on.events('p').at(-1)).toBe('Normal Scheduled: Successfully assigned default/p to late');
    on.stop();
  });
});

describe('the choice of a node', () => {
  it('spreads what is alike, and prefers what is empty', () => {
    const on = cluster();
    pod(on, 'heavy', { cpu: '3', nodeSelector: { [hostname]: 'node-2' } });
    on.clock.advance(10);
    for (const name of ['a', 'b']) pod(on, name, { cpu: '1' });
    on.clock.advance(10);
    expect([placed(on, 'a'), placed(on, 'b')].sort()).toEqual(['node-1', 'node-3']);
    on.stop();
  });

  it.each<[name: string, wish: Wish, expected: string]>([
    [
      'what it prefers',
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 50, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } },
            ],
          },
        },
      },
      'node-3',
    ],
    ['what it tolerates', { nodeSelector: { gpu: 'yes' }, tolerations: [{ key: 'gpu', operator: 'Exists' }] }, 'node-2'],
    [
      'whom it likes',
      { affinity: { podAffinity: required([{ topologyKey: hostname, labelSelector: { matchLabels: { app: 'db' } } }]) } },
      'node-1',
    ],
    [
      'a number above',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['9'] }] }],
            },
          },
        },
      },
      'node-3',
    ],
  ])('by %s', (_, wish, expected) => {
    const on = cluster([
      {},
      { labels: { gpu: 'yes' }, taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
      { labels: { disk: 'ssd', cores: '10' } },
    ]);
    pod(on, 'db', { labels: { app: 'db' }, nodeSelector: { [hostname]: 'node-1' } });
    on.clock.advance(10);
    pod(on, 'p', wish);
    on.clock.advance(10);
    expect(placed(on, 'p')).toBe(expected);
    on.stop();
  });

  it('keeps those apart that shun each other, and others from them', () => {
    const on = cluster();
    const apart = { podAntiAffinity: required([{ topologyKey: hostname, labelSelector: { matchLabels: { app: 'web' } } }]) };
    for (const name of ['a', 'b', 'c', 'd']) pod(on, name, { labels: { app: 'web' }, affinity: apart });
    on.clock.advance(10);
    expect(new Set(['a', 'b', 'c'].map((name) => placed(on, name))).size).toBe(3);
    expect(why(on, 'd')).toMatch(/^0\/3 nodes are available: 3 node\(s\) didn't match pod anti-affinity rules\./);
    pod(on, 'plain', { labels: { app: 'web' } });
    on.clock.advance(10);
    expect(why(on, 'plain')).toMatch(/^0\/3 nodes are available: 3 node\(s\) didn't satisfy existing pods anti-affinity rules\./);
    on.api.delete('pods', 'default', 'a');
    on.clock.advance(20_000);
    expect(placed(on, 'd')).toBeDefined();
    on.stop();
  });

  it('keeps domains even', () => {
    const on = cluster([{ labels: { zone: 'a' } }, { labels: { zone: 'b' } }, { labels: { zone: 'b' } }]);
    const topologySpreadConstraints = [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } },
    ];
    for (let i = 0; i < 6; i += 1) pod(on, `p${i}`, { labels: { app: 'web' }, topologySpreadConstraints });
    on.clock.advance(10);
    const zones = on.list('pods').map((each) => (each.spec.nodeName === 'node-1' ? 'a' : 'b'));
    expect(zones.filter((zone) => zone === 'a')).toHaveLength(3);
    on.stop();
  });
});

describe('preemption', () => {
  const setUp = (): VirtualCluster => {
    const on = cluster([{}, {}]);
    for (const [name, priority] of [
      ['low-1', 1],
      ['low-2', 5],
    ] as const)
      pod(on, name, { cpu: '4', priority, nodeSelector: { [hostname]: `node-${name.slice(-1)}` } });
    on.clock.advance(5000);
    return on;
  };

  it('sends the least important away, waits until it has gone, and takes its place', () => {
    const on = setUp();
    pod(on, 'high', { cpu: '4', priority: 1000 });
    on.clock.advance(10);
    expect(why(on, 'high')).toBe('0/2 nodes are available: 2 Insufficient cpu.');
    expect(on.get('pods', 'high')?.status?.nominatedNodeName).toBe('node-1');
    const victim = on.get('pods', 'low-1') as Pod;
    expect(victim.metadata.deletionTimestamp).toBeDefined();
    expect(findCondition(victim.status?.conditions, 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'PreemptionByScheduler' });
    expect(on.events('low-1').at(-1)).toBe(`Normal Preempted: Preempted by pod ${on.get('pods', 'high')?.metadata.uid} on node node-1`);
    // A lesser one does not slip into the place.
    pod(on, 'other', { cpu: '4', priority: 5 });
    on.clock.advance(20_000);
    expect([placed(on, 'high'), placed(on, 'other'), placed(on, 'low-2')]).toEqual(['node-1', undefined, 'node-2']);
    on.stop();
  });

  it('helps nobody who is not more important, or does not want it', () => {
    const on = setUp();
    pod(on, 'equal', { cpu: '4', priority: 1 });
    pod(on, 'gentle', { cpu: '4', priority: 1000, preemptionPolicy: 'Never' });
    on.clock.advance(10);
    expect(why(on, 'equal')).toContain('preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.');
    expect(why(on, 'gentle')).toContain('preemption: not eligible due to preemptionPolicy=Never.');
    on.stop();
  });

  it('spares a disruption budget where another node has none', () => {
    const on = setUp();
    on.create('poddisruptionbudgets.policy', {
      metadata: { name: 'b' },
      spec: { minAvailable: 1, selector: { matchLabels: {} } },
      status: {},
    });
    on.change('pods', 'low-1', (draft) => {
      draft.metadata.labels = { app: 'guarded' };
    });
    on.change('poddisruptionbudgets.policy', 'b', (draft) => {
      draft.spec.selector = { matchLabels: { app: 'guarded' } };
    });
    pod(on, 'high', { cpu: '4', priority: 1000 });
    on.clock.advance(10);
    expect(on.get('pods', 'high')?.status?.nominatedNodeName).toBe('node-2');
    on.stop();
  });
});

it('places a thousand pods', { timeout: 60_000 }, () => {
  const on = cluster(Array.from({ length: 10 }, () => ({ cpu: '64', memory: '256Gi' })));
  for (const { metadata } of on.list('nodes')) {
    on.api.change(
      'nodes',
      '',
      metadata.name,
      (draft) => void Object.assign(draft.status as object, { allocatable: { cpu: '64', memory: '256Gi', pods: '1000' } }),
      { subresource: 'status' },
    );
  }
  for (let i = 0; i < 1000; i += 1) pod(on, `p${i}`, { cpu: '100m' });
  on.clock.advance(0);
  expect(on.list('pods').every((each) => each.spec.nodeName)).toBe(true);
  on.stop();
});
