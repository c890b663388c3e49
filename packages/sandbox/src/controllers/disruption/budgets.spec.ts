import { describe, expect, it } from 'vitest';
import { deployment, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { deployments } from '../deployment/deployment.controller.js';
import type { PodDisruptionBudget } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import { replicaSets } from '../replicaset/replicas.controller.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { budgetStatus } from './budget-status.js';
import { disruptionBudgets } from './disruption.controller.js';

const pods = (ready: number, unready = 0): Pod[] =>
  Array.from({ length: ready + unready }, (_, index) => ({
    metadata: { name: `p${index}` },
    spec: { containers: [] },
    status: { conditions: [{ type: 'Ready', status: index < ready ? 'True' : 'False' }] },
  }));

describe('a disruption budget', () => {
  it.each<
    [
      spec: PodDisruptionBudget['spec'],
      pods: Pod[],
      scale: number,
      numbers: [allowed: number, healthy: number, desired: number, expected: number],
    ]
  >([
    [{ minAvailable: 2 }, pods(3), 3, [1, 3, 2, 3]],
    [{ minAvailable: 2 }, pods(2), 2, [0, 2, 2, 2]],
    [{ minAvailable: '50%' }, pods(5), 5, [2, 5, 3, 5]],
    [{ maxUnavailable: 1 }, pods(3), 4, [0, 3, 3, 4]],
    [{ maxUnavailable: '30%' }, pods(5), 5, [2, 5, 3, 5]],
    [{ maxUnavailable: 0 }, pods(5), 5, [0, 5, 5, 5]],
    [{ minAvailable: 0 }, pods(1, 2), 3, [1, 1, 0, 3]],
    [{ minAvailable: 1 }, [], 0, [0, 0, 1, 0]],
  ])('%j', (spec, given, scale, numbers) => {
    const { status } = budgetStatus({ metadata: { name: 'b' }, spec }, given, scale, 0);
    expect([status.disruptionsAllowed, status.currentHealthy, status.desiredHealthy, status.expectedPods]).toEqual(numbers);
    expect(status.conditions?.[0]).toMatchObject({
      type: 'DisruptionAllowed',
      reason: numbers[0] > 0 ? 'SufficientPods' : 'InsufficientPods',
    });
  });

  it('counts an eviction that was granted until its pod is gone, two minutes at most', () => {
    const budget = {
      metadata: { name: 'b' },
      spec: { minAvailable: 1 },
      status: { disruptedPods: { p0: '1970-01-01T00:00:00Z' } },
    } as unknown as PodDisruptionBudget;
    const before = budgetStatus(budget, pods(3), 3, 60_000);
    expect([before.status.currentHealthy, before.status.disruptionsAllowed, before.againAfterMs]).toEqual([2, 1, 60_000]);
    const after = budgetStatus(budget, pods(3), 3, 121_000);
    expect([after.status.currentHealthy, after.status.disruptedPods, after.againAfterMs]).toEqual([3, undefined, undefined]);
  });

  it('follows its pods and the size of their Deployment', () => {
    const cluster = virtualCluster({ controllers: [replicaSets, deployments, scheduler, disruptionBudgets] });
    cluster.create('deployments.apps', deployment('web', 4));
    cluster.create('poddisruptionbudgets.policy', {
      metadata: { name: 'b' },
      spec: { maxUnavailable: '25%', selector: { matchLabels: { app: 'web' } } },
    });
    cluster.clock.advance(10_000);
    expect(cluster.get('poddisruptionbudgets.policy', 'b')?.status).toMatchObject({
      disruptionsAllowed: 1,
      currentHealthy: 4,
      desiredHealthy: 3,
      expectedPods: 4,
    });
    cluster.change('deployments.apps', 'web', (draft) => {
      draft.spec.replicas = 8;
    });
    cluster.clock.advance(10_000);
    expect(cluster.get('poddisruptionbudgets.policy', 'b')?.status).toMatchObject({
      disruptionsAllowed: 2,
      desiredHealthy: 6,
      expectedPods: 8,
    });
    cluster.stop();
  });
});
