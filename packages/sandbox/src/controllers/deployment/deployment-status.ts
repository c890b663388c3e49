import { timestamp } from '../../machinery/clock.js';
import type { Condition } from '../model/pod.js';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../model/workloads.js';
import { findCondition, withCondition, withoutCondition } from '../parts/conditions.js';
import { omitEmpty } from '../parts/json-zero.js';
import { limitsOf, sum, wantedReplicas } from './rolling-update.js';

/** The sets of a Deployment: the one of its present template, if there is one yet, and the others. */
export interface Sets {
  newSet: ReplicaSet | undefined;
  olds: readonly ReplicaSet[];
}

export const condition = (type: string, status: Condition['status'], reason: string, message: string, now: number): Condition => ({
  type,
  status,
  lastUpdateTime: timestamp(now),
  lastTransitionTime: timestamp(now),
  reason,
  message,
});

export const progressing = (status: Condition['status'], reason: string, message: string, now: number): Condition =>
  condition('Progressing', status, reason, message, now);

/** A deadline of the largest number there is means none. */
export const deadlineOf = ({ spec }: Deployment): number | undefined =>
  spec.progressDeadlineSeconds === undefined || spec.progressDeadlineSeconds === 2 ** 31 - 1 ? undefined : spec.progressDeadlineSeconds;

/** Counts and the Available condition; what is said of progress stays as it is. */
export function countedStatus(deployment: Deployment, { newSet, olds }: Sets, now: number): DeploymentStatus {
  const all = newSet ? [...olds, newSet] : olds;
  const { wanted, maxUnavailable } = limitsOf(deployment);
  const available = sum(all, (each) => each.status?.availableReplicas);
  const enough = available >= wanted - maxUnavailable;
  const [reason, message] = enough
    ? ['MinimumReplicasAvailable', 'Deployment has minimum availability.']
    : ['MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'];
  return omitEmpty<DeploymentStatus>({
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum(all, (each) => each.status?.replicas),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sum(all, (each) => each.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(sum(all, wantedReplicas) - available, 0),
    ...(deployment.status?.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
    conditions: withCondition(deployment.status?.conditions, condition('Available', enough ? 'True' : 'False', reason, message, now)),
  });
}

/** All pods are of the new template and available, and the controller has seen the last change. */
export function isComplete(deployment: Deployment, status: DeploymentStatus = {}): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** `countedStatus` with what is to be said of a rollout's progress: done, going on, or out of time. */
export function rolloutStatus(deployment: Deployment, sets: Sets, now: number): DeploymentStatus {
  const status = countedStatus(deployment, sets, now);
  const conditions = withFailures(withProgress(deployment, sets, status, now), sets);
  return { ...status, conditions };
}

function withProgress(deployment: Deployment, { newSet }: Sets, status: DeploymentStatus, now: number): Condition[] {
  const { conditions = [] } = status;
  const deadline = deadlineOf(deployment);
  if (deadline === undefined) return withoutCondition(conditions, 'Progressing');
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  if ((status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable') return conditions;

  const subject = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) {
    return withCondition(conditions, progressing('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`, now));
  }
  if (hasProgressed(deployment.status ?? {}, status)) {
    const next = progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`, now);
    if (current?.status === 'True') next.lastTransitionTime = current.lastTransitionTime ?? timestamp(now);
    return [...withoutCondition(conditions, 'Progressing'), next];
  }
  if (isOutOfTime(current, deadline, now)) {
    return withCondition(conditions, progressing('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`, now));
  }
  return conditions;
}

function hasProgressed(old: DeploymentStatus, next: DeploymentStatus): boolean {
  const olds = (status: DeploymentStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    olds(next) < olds(old) ||
    (next.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

function isOutOfTime(current: Condition | undefined, deadline: number, now: number): boolean {
  if (!current || current.reason === 'NewReplicaSetAvailable') return false;
  return current.reason === 'ProgressDeadlineExceeded' || Date.parse(current.lastUpdateTime ?? '') + deadline * 1000 < now;
}

/** A set that may not create its pods makes its failure the Deployment's; the new set's counts first. */
function withFailures(conditions: readonly Condition[], { newSet, olds }: Sets): Condition[] {
  const failures = [...(newSet ? [newSet] : []), ...olds].map((each) => findCondition(each.status?.conditions, 'ReplicaFailure'));
  const failure = failures.find((each) => each !== undefined);
  if (!failure) return withoutCondition(conditions, 'ReplicaFailure');
  const { lastTransitionTime } = failure;
  return withCondition(conditions, { ...failure, ...(lastTransitionTime ? { lastUpdateTime: lastTransitionTime } : {}) });
}

/** When somebody should look whether the deadline has passed; undefined when there is nothing to wait for. */
export function nextProgressCheck(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const deadline = deadlineOf(deployment);
  const current = findCondition(status.conditions, 'Progressing');
  if (deadline === undefined || !current || isComplete(deployment, status) || current.reason === 'ProgressDeadlineExceeded')
    return undefined;
  // A second more: times are written in whole ones.
  return Math.max(Date.parse(current.lastUpdateTime ?? '') + deadline * 1000 - now, 0) + 1000;
}
