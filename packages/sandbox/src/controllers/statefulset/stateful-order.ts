import type { Pod } from '../model/pod.js';
import type { StatefulSet, StatefulSetStatus } from '../model/workloads.js';
import { omitEmpty } from '../parts/json-zero.js';
import { createdAt, isBeingDeleted } from '../parts/owner.js';
import { isAvailable, isFinished, isReady } from '../parts/pod-state.js';
import { ordinalOf, revisionLabel, startOrdinal } from './identity.js';

export type Step = { do: 'create'; ordinal: number; revision: string } | { do: 'delete'; pod: Pod; for: 'scale' | 'update' | 'restart' };

export interface Revisions {
  current: string;
  update: string;
}

const wantedOf = ({ spec }: StatefulSet): number => spec.replicas ?? 1;
const isRunningReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);
const isHealthy = (pod: Pod | undefined, set: StatefulSet, now: number): boolean =>
  pod !== undefined && isRunningReady(pod) && !isBeingDeleted(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now);
const revisionOf = (pod: Pod): string => pod.metadata.labels?.[revisionLabel] ?? '';

/**
 * What is to be done now. In order: one pod after the other comes, each when all before it are ready; then those that are too many go, the last first;
 * then those of an old revision go, the last first, down to the partition. Parallel: creations and deletions wait for nobody, updates do.
 */
export function nextSteps(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, now: number): Step[] {
  if (isBeingDeleted(set)) return [];
  const ordered = set.spec.podManagementPolicy !== 'Parallel';
  const start = startOrdinal(set);
  const slots = Array.from({ length: wantedOf(set) }, (_, index) => pods.find((pod) => ordinalOf(pod) === start + index));
  const condemned = pods.filter((pod) => ordinalOf(pod) >= 0 && !slots.includes(pod)).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const steps: Step[] = [];
  for (const [index, pod] of slots.entries()) {
    if (!pod) steps.push({ do: 'create', ordinal: start + index, revision: revisionFor(set, index, revisions) });
    else if (isFinished(pod) && !isBeingDeleted(pod)) steps.push({ do: 'delete', pod, for: 'restart' });
    if (ordered && !isHealthy(pod, set, now)) return steps;
  }
  const firstUnhealthy = [...slots, ...[...condemned].reverse()].find((pod) => !isHealthy(pod, set, now));
  for (const pod of condemned) {
    if (ordered && (isBeingDeleted(pod) || (!isHealthy(pod, set, now) && pod !== firstUnhealthy))) return steps;
    if (!isBeingDeleted(pod)) steps.push({ do: 'delete', pod, for: 'scale' });
    if (ordered) return steps;
  }
  return [...steps, ...updateStep(set, slots, revisions, now)];
}

function updateStep(set: StatefulSet, slots: readonly (Pod | undefined)[], { update }: Revisions, now: number): Step[] {
  if (set.spec.updateStrategy?.type === 'OnDelete') return [];
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let index = slots.length - 1; index >= partition; index -= 1) {
    const pod = slots[index];
    if (pod && revisionOf(pod) !== update && !isBeingDeleted(pod)) return [{ do: 'delete', pod, for: 'update' }];
    if (!isHealthy(pod, set, now)) return [];
  }
  return [];
}

/** Below the partition pods come back as they were. */
function revisionFor(set: StatefulSet, index: number, { current, update }: Revisions): string {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return update;
  const keep = rollingUpdate ? (rollingUpdate.partition ?? 0) : (set.status?.currentReplicas ?? 0);
  return index < keep ? current : update;
}

export function statefulSetStatus(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, now: number): StatefulSetStatus {
  const count = (matches: (pod: Pod) => boolean): number => pods.filter(matches).length;
  const ready = count(isRunningReady);
  const updated = count((pod) => !isBeingDeleted(pod) && revisionOf(pod) === revisions.update);
  const rolling = (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  const complete = rolling && [updated, ready, pods.length].every((each) => each === wantedOf(set));
  return omitEmpty<StatefulSetStatus>(
    {
      observedGeneration: set.metadata.generation ?? 0,
      replicas: pods.length,
      readyReplicas: ready,
      currentReplicas: complete ? updated : count((pod) => !isBeingDeleted(pod) && revisionOf(pod) === revisions.current),
      updatedReplicas: updated,
      currentRevision: complete ? revisions.update : revisions.current,
      updateRevision: revisions.update,
      collisionCount: set.status?.collisionCount ?? 0,
      availableReplicas: count((pod) => isRunningReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now)),
    },
    ['replicas', 'collisionCount', 'availableReplicas'],
  );
}

export const byOrdinal = (a: Pod, b: Pod): number => ordinalOf(a) - ordinalOf(b) || createdAt(a) - createdAt(b);
