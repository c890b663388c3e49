import type { Pod } from '../model/pod.js';
import { createdAt } from './owner.js';
import { isActive, isReady, readySince } from './pod-state.js';

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Which pods a ReplicaSet gives up first: unassigned before assigned, pending before running, not ready before ready, the cheaper by their annotation,
 * those that share a node with others, the ones that are ready for a shorter time, that restarted more often, the younger. Times are
 * compared by their order of magnitude. `related`: all pods of the same owner's owner, for the count of neighbours.
 */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const perNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec.nodeName;
    if (node && isActive(pod)) perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  const neighbours = (pod: Pod): number => perNode.get(pod.spec.nodeName ?? '') ?? 0;
  const order = (a: Pod, b: Pod): number =>
    Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
    (phases[a.status?.phase ?? ''] ?? 0) - (phases[b.status?.phase ?? ''] ?? 0) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    neighbours(b) - neighbours(a) ||
    byTime(readySince(a), readySince(b), now, a, b) ||
    restarts(b) - restarts(a) ||
    byTime(createdAt(a), createdAt(b), now, a, b);
  return [...pods].sort(order).slice(0, count);
}

const deletionCost = (pod: Pod): number => Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '0') || 0;

const restarts = (pod: Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((each) => each.restartCount ?? 0));

/** The later is smaller; in the same order of magnitude the uid decides, which is as good as chance. */
function byTime(a: number | undefined, b: number | undefined, now: number, first: Pod, second: Pod): number {
  if (a === undefined || b === undefined || a === b) return 0;
  const difference = magnitude(now - a) - magnitude(now - b);
  return difference || ((first.metadata.uid ?? '') < (second.metadata.uid ?? '') ? -1 : 1);
}

/** log2 of nanoseconds, whole. */
const magnitude = (ms: number): number => (ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1);
