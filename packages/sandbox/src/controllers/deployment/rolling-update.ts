import type { Deployment, ReplicaSet } from '../model/workloads.js';
import { scaled } from '../parts/int-or-percent.js';
import { byAge, createdAt } from '../parts/owner.js';

/** What a decision makes of a replica set. */
export interface Scaling {
  set: ReplicaSet;
  replicas: number;
}

/** How far a rollout may go above and below the wanted number. */
export interface Limits {
  wanted: number;
  maxSurge: number;
  maxUnavailable: number;
}

export const wantedReplicas = ({ spec }: { spec: { replicas?: number } }): number => spec.replicas ?? 1;

/** Percentages of surge round up, of unavailable down; when both come to nothing one pod may be missing. */
export function limitsOf(deployment: Deployment): Limits {
  const wanted = wantedReplicas(deployment);
  if (!isRolling(deployment)) return { wanted, maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge: surge = '25%', maxUnavailable: unavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const maxSurge = scaled(surge, wanted, 'up');
  const maxUnavailable = scaled(unavailable, wanted, 'down');
  const missing = maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable;
  return { wanted, maxSurge, maxUnavailable: Math.min(missing, wanted) };
}

export const isRolling = ({ spec }: Deployment): boolean => spec.strategy?.type !== 'Recreate';

export const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((total, each) => total + (of(each) ?? 0), 0);

/** How large the new set may be now. `total`: what all sets are to have, the new one included. */
export function newSetReplicas({ wanted, maxSurge }: Limits, rolling: boolean, current: number, total: number): number {
  if (!rolling) return wanted;
  const most = wanted + maxSurge;
  if (total >= most) return current;
  return current + Math.min(most - total, wanted - current);
}

/**
 * What the old sets give up now: first pods that are not available anyway, then as many as there are more available than must be. Pods of the new
 * set that are not available yet count as missing.
 */
export function shrinkOldSets({ wanted, maxUnavailable }: Limits, newSet: ReplicaSet, olds: readonly ReplicaSet[]): Scaling[] {
  const active = olds.filter((each) => wantedReplicas(each) > 0).sort(byAge);
  const total = sum([...active, newSet], wantedReplicas);
  const least = wanted - maxUnavailable;
  const newMissing = wantedReplicas(newSet) - (newSet.status?.availableReplicas ?? 0);
  const mayGo = total - least - newMissing;
  if (active.length === 0 || mayGo <= 0) return [];

  const sizes = new Map(active.map((set) => [set, wantedReplicas(set)]));
  let cleaned = 0;
  for (const set of active) {
    const missing = wantedReplicas(set) - (set.status?.availableReplicas ?? 0);
    const cut = Math.max(Math.min(mayGo - cleaned, missing), 0);
    sizes.set(set, wantedReplicas(set) - cut);
    cleaned += cut;
  }
  let spare = sum([...olds, newSet], (each) => each.status?.availableReplicas) - least;
  for (const set of active) {
    const cut = Math.max(Math.min(sizes.get(set) ?? 0, spare), 0);
    sizes.set(set, (sizes.get(set) ?? 0) - cut);
    spare -= cut;
  }
  return [...sizes].filter(([set, replicas]) => replicas !== wantedReplicas(set)).map(([set, replicas]) => ({ set, replicas }));
}

/**
 * A change of `spec.replicas` in the middle of a rollout (or while it is paused): every active set gets its share, the largest what is left over.
 * `mostBefore`: how many pods all sets might have together when this set was last scaled; 0 where nobody knows.
 */
export function scaleProportionally(limits: Limits, sets: readonly ReplicaSet[], mostBefore: (set: ReplicaSet) => number): Scaling[] {
  const { wanted, maxSurge } = limits;
  const active = sets.filter((each) => wantedReplicas(each) > 0);
  const toAdd = (wanted > 0 ? wanted + maxSurge : 0) - sum(active, wantedReplicas);
  const age = (a: ReplicaSet, b: ReplicaSet): number => (toAdd > 0 ? createdAt(b) - createdAt(a) : createdAt(a) - createdAt(b));
  const ordered = [...active].sort((a, b) => wantedReplicas(b) - wantedReplicas(a) || age(a, b));
  let left = toAdd;
  const result = ordered.map((set) => {
    const share = left === 0 ? 0 : fraction(limits, wantedReplicas(set), mostBefore(set));
    const taken = toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
    left -= taken;
    return { set, replicas: wantedReplicas(set) + taken };
  });
  const largest = result[0];
  if (largest) largest.replicas = Math.max(largest.replicas + left, 0);
  return result;
}

function fraction({ wanted, maxSurge }: Limits, size: number, mostBefore: number): number {
  if (wanted === 0) return -size;
  return mostBefore === 0 ? 0 : Math.round((size * (wanted + maxSurge)) / mostBefore) - size;
}
