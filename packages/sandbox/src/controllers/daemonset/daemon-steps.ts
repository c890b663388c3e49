import type { Node } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import type { DaemonSet, DaemonSetStatus } from '../model/workloads.js';
import { scaled } from '../parts/int-or-percent.js';
import { omitEmpty } from '../parts/json-zero.js';
import { createdAt, isBeingDeleted } from '../parts/owner.js';
import { isAvailable, isReady } from '../parts/pod-state.js';
import { hashLabel, nodeOf, placement } from './daemon-nodes.js';

export interface DaemonSteps {
  /** Nodes that get one. */
  create: string[];
  remove: Pod[];
  /** Failed ones, which are said to be replaced. */
  failed: Pod[];
}

/** One daemon on every node that is to have it; then, where the strategy says so, the old ones are replaced within its limits. */
export function daemonSteps(set: DaemonSet, nodes: readonly Node[], pods: readonly Pod[], hash: string, now: number): DaemonSteps {
  const steps: DaemonSteps = { create: [], remove: [], failed: [] };
  for (const node of nodes) {
    const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name);
    const { run, stay } = placement(set, node);
    const failed = here.filter((pod) => pod.status?.phase === 'Failed' && !isBeingDeleted(pod));
    const alive = here.filter((pod) => !isBeingDeleted(pod) && pod.status?.phase !== 'Failed');
    steps.failed.push(...(stay ? failed : []));
    if (run && here.length === 0) steps.create.push(node.metadata.name);
    if (!stay) steps.remove.push(...alive, ...failed);
    else if (alive.length > 1) steps.remove.push(...surplus(set, alive, hash, now));
  }
  // Pods of nodes that are no more go by themselves.
  if (set.spec.updateStrategy?.type === 'OnDelete' || steps.create.length > 0) return steps;
  const update = updateSteps(set, nodes, pods, hash, now);
  return { ...steps, create: update.create, remove: [...steps.remove, ...update.remove.filter((pod) => !steps.remove.includes(pod))] };
}

/** More than one on a node: the oldest stays, and in a rollout with surge an old one until the new one is available. */
function surplus(set: DaemonSet, alive: readonly Pod[], hash: string, now: number): Pod[] {
  const sorted = [...alive].sort((a, b) => createdAt(a) - createdAt(b));
  if (limits(set, 100).maxSurge === 0) return sorted.slice(1);
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[hashLabel] === hash;
  const [newer, older] = [sorted.filter(isNew), sorted.filter((pod) => !isNew(pod))];
  const arrived = newer.some((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now));
  return [...newer.slice(1), ...(arrived ? older : older.slice(1))];
}

function limits(set: DaemonSet, wanted: number): { maxSurge: number; maxUnavailable: number } {
  const { maxSurge = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  return { maxSurge: scaled(maxSurge, wanted, 'up'), maxUnavailable: scaled(maxUnavailable, wanted, 'up') };
}

function updateSteps(
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
  now: number,
): Pick<DaemonSteps, 'create' | 'remove'> {
  const wanted = nodes.filter((node) => placement(set, node).run);
  const { maxSurge, maxUnavailable } = limits(set, wanted.length);
  const available = (pod: Pod): boolean => !isBeingDeleted(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  const idle: Pod[] = [];
  const healthy: Pod[] = [];
  let [unavailable, surging] = [0, 0];
  for (const node of wanted) {
    const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name);
    const newer = here.find((pod) => pod.metadata.labels?.[hashLabel] === hash);
    const older = here.find((pod) => pod.metadata.labels?.[hashLabel] !== hash);
    if (newer && older) surging += 1;
    if (newer || !older) {
      if (!newer || !available(newer)) unavailable += 1;
    } else if (available(older)) healthy.push(older);
    else if (isBeingDeleted(older)) unavailable += 1;
    else idle.push(older);
  }
  if (maxSurge > 0) return { create: [...idle, ...healthy].slice(0, Math.max(maxSurge - surging, 0)).map(nodeOf), remove: [] };
  unavailable += idle.length;
  return { create: [], remove: [...idle, ...healthy.slice(0, Math.max(maxUnavailable - unavailable, 0))] };
}

export function daemonSetStatus(set: DaemonSet, nodes: readonly Node[], pods: readonly Pod[], hash: string, now: number): DaemonSetStatus {
  const status = { current: 0, misscheduled: 0, desired: 0, ready: 0, updated: 0, available: 0 };
  for (const node of nodes) {
    const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name).sort((a, b) => createdAt(a) - createdAt(b));
    if (!placement(set, node).run) {
      if (here.length > 0) status.misscheduled += 1;
      continue;
    }
    status.desired += 1;
    if (here.length === 0) continue;
    status.current += 1;
    if (here.some(isReady)) status.ready += 1;
    if (here.some((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now))) status.available += 1;
    if (here.some((pod) => pod.metadata.labels?.[hashLabel] === hash)) status.updated += 1;
  }
  return omitEmpty<DaemonSetStatus>(
    {
      currentNumberScheduled: status.current,
      numberMisscheduled: status.misscheduled,
      desiredNumberScheduled: status.desired,
      numberReady: status.ready,
      observedGeneration: set.metadata.generation ?? 0,
      updatedNumberScheduled: status.updated,
      numberAvailable: status.available,
      numberUnavailable: status.desired - status.available,
      ...(set.status?.collisionCount ? { collisionCount: set.status.collisionCount } : {}),
    },
    ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'],
  );
}
