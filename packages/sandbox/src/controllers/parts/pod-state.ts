import type { Pod } from '../model/pod.js';
import { findCondition } from './conditions.js';
import { isBeingDeleted } from './owner.js';

export const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Neither finished nor on its way out: what counts as a replica. */
export const isActive = (pod: Pod): boolean => !isFinished(pod) && !isBeingDeleted(pod);

export const isReady = (pod: Pod): boolean => findCondition(pod.status?.conditions, 'Ready')?.status === 'True';

/** Since when it is ready; undefined when it is not. */
export function readySince(pod: Pod): number | undefined {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  return ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') || 0 : undefined;
}

/** Ready for `minReadySeconds` without a break. */
export const isAvailable = (pod: Pod, minReadySeconds: number, now: number): boolean => availableIn(pod, minReadySeconds, now) === 0;

/** Milliseconds until it counts as available if it stays ready; undefined when it is not ready. */
export function availableIn(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const since = readySince(pod);
  if (since === undefined) return undefined;
  return minReadySeconds === 0 ? 0 : Math.max(since + minReadySeconds * 1000 - now, 0);
}

/** When the next of these pods becomes available, so that somebody looks then. */
export function nextAvailableIn(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods.map((pod) => availableIn(pod, minReadySeconds, now)).filter((ms) => ms !== undefined && ms > 0);
  return waits.length === 0 ? undefined : Math.min(...(waits as number[]));
}
