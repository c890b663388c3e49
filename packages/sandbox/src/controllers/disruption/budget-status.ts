import type { PodDisruptionBudget } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import { putCondition } from '../parts/conditions.js';
import { scaled } from '../parts/int-or-percent.js';
import { isBeingDeleted } from '../parts/owner.js';
import { isReady } from '../parts/pod-state.js';

type Status = NonNullable<PodDisruptionBudget['status']>;

/** An eviction that was granted counts so long as a disruption, until its pod is gone. */
const disruptedForMs = 2 * 60_000;

/**
 * How many of a budget's pods may be evicted now. `scale`: how many pods the controllers of these want together; undefined where only the pods themselves
 * are counted.
 */
export function budgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  scale: number,
  now: number,
): { status: Status; againAfterMs?: number } {
  const { minAvailable, maxUnavailable } = budget.spec;
  const counted = maxUnavailable === undefined && typeof minAvailable !== 'string' ? pods.length : scale;
  const desired =
    maxUnavailable !== undefined ? Math.max(counted - scaled(maxUnavailable, counted, 'up'), 0) : scaled(minAvailable ?? 1, counted, 'up');
  const { disrupted, nextMs } = stillDisrupted(budget.status?.disruptedPods ?? {}, pods, now);
  const healthy = pods.filter((pod) => isReady(pod) && !isBeingDeleted(pod) && !(pod.metadata.name in disrupted)).length;
  const allowed = counted === 0 ? 0 : Math.max(healthy - desired, 0);
  const status: Status = {
    ...withoutDisrupted(budget.status),
    observedGeneration: budget.metadata.generation ?? 0,
    ...(Object.keys(disrupted).length > 0 ? { disruptedPods: disrupted } : {}),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: counted,
    conditions: putCondition(
      budget.status?.conditions,
      {
        type: 'DisruptionAllowed',
        status: allowed > 0 ? 'True' : 'False',
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
        observedGeneration: budget.metadata.generation ?? 0,
      },
      now,
    ),
  };
  return nextMs === undefined ? { status } : { status, againAfterMs: nextMs };
}

const withoutDisrupted = (status: Status | undefined): Partial<Status> => {
  const { disruptedPods: _, ...rest } = status ?? ({} as Partial<Status>);
  return rest;
};

function stillDisrupted(
  disrupted: Readonly<Record<string, string>>,
  pods: readonly Pod[],
  now: number,
): { disrupted: Record<string, string>; nextMs?: number } {
  const kept = Object.entries(disrupted).filter(([name, at]) => {
    const pod = pods.find((each) => each.metadata.name === name);
    return pod && !isBeingDeleted(pod) && Date.parse(at) + disruptedForMs > now;
  });
  const nextMs = Math.min(...kept.map(([, at]) => Date.parse(at) + disruptedForMs - now));
  return { disrupted: Object.fromEntries(kept), ...(kept.length > 0 ? { nextMs } : {}) };
}
