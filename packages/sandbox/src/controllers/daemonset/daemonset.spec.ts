import { describe, expect, it } from 'vitest';
import { node, template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import type { DaemonSet } from '../model/workloads.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { daemonSets } from './daemonset.controller.js';

function start(spec: object = {}): VirtualCluster {
  const cluster = virtualCluster({ controllers: [daemonSets, scheduler], scene: () => ({ readyAfterMs: 2000 }) });
  cluster.create('nodes', node('tainted', { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }));
  cluster.create('daemonsets.apps', {
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: template('agent', 'agent:1'),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
      ...spec,
    },
  });
  cluster.clock.advance(10_000);
  return cluster;
}
const placed = (cluster: VirtualCluster): string[] =>
  cluster
    .list('pods')
    .filter((pod) => !pod.metadata.deletionTimestamp)
    .map((pod) => `${pod.spec.nodeName} ${pod.spec.containers[0]?.image}`)
    .sort();

describe('a DaemonSet', () => {
  it('is on every node whose taints it bears, also on new ones and cordoned ones', () => {
    const cluster = start();
    expect(placed(cluster)).toEqual(['node-1 agent:1', 'node-2 agent:1', 'node-3 agent:1']);
    expect(cluster.get('daemonsets.apps', 'agent')?.status).toEqual({
      currentNumberScheduled: 3,
      desiredNumberScheduled: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      numberAvailable: 3,
      updatedNumberScheduled: 3,
      observedGeneration: 1,
    });
    cluster.create('nodes', node('node-4'));
    cluster.change('nodes', 'node-4', (draft) => {
      draft.spec.unschedulable = true;
      draft.spec.taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }];
    });
    cluster.clock.advance(10_000);
    expect(placed(cluster)).toContain('node-4 agent:1');
    cluster.stop();
  });

  it('leaves a node that no longer wants it', () => {
    const cluster = start();
    cluster.change('nodes', 'node-1', (draft) => {
      draft.spec.taints = [{ key: 'gone', effect: 'NoExecute' }];
    });
    cluster.clock.advance(10_000);
    expect(placed(cluster)).toEqual(['node-2 agent:1', 'node-3 agent:1']);
    cluster.stop();
  });

  it.each([
    { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 }, least: 2, most: 3 },
    { rollingUpdate: { maxUnavailable: '67%', maxSurge: 0 }, least: 0, most: 3 },
    { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }, least: 3, most: 4 },
  ])('rolls over within $rollingUpdate', ({ rollingUpdate, least, most }) => {
    const cluster = start({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } });
    let [fewest, highest] = [99, 0];
    cluster.api.onChange('daemonsets.apps', ({ object }) => {
      fewest = Math.min(fewest, (object as unknown as DaemonSet).status?.numberAvailable ?? 0);
    });
    cluster.api.onChange('pods', () => {
      highest = Math.max(highest, placed(cluster).length);
    });
    cluster.change('daemonsets.apps', 'agent', (draft) => {
      draft.spec.template = template('agent', 'agent:2') as DaemonSet['spec']['template'];
    });
    cluster.clock.advance(120_000);
    expect(placed(cluster)).toEqual(['node-1 agent:2', 'node-2 agent:2', 'node-3 agent:2']);
    expect(fewest).toBeGreaterThanOrEqual(least);
    expect(highest).toBeLessThanOrEqual(most);
    cluster.stop();
  });
});
