import { type ApiError, conflict } from '../../machinery/api-error.js';
import { draft as copy, equal } from '../../machinery/object.js';
import type { Condition, PodTemplate } from '../model/pod.js';
import type { Deployment, ReplicaSet } from '../model/workloads.js';
import { findCondition, withCondition } from '../parts/conditions.js';
import { type ControllerApi, isReason, isTerminatingNamespace } from '../parts/controller-api.js';
import { byAge, controllerReference, isControlledBy } from '../parts/owner.js';
import { templateHash } from '../parts/template-hash.js';
import { deadlineOf, progressing } from './deployment-status.js';
import { newSetAnnotations, nextRevision, revisionAnnotation, sizeAnnotations } from './revision.js';
import { isRolling, limitsOf, newSetReplicas, sum, wantedReplicas } from './rolling-update.js';

const hashLabel = 'pod-template-hash';
const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** The oldest set whose template is the Deployment's, but for the label with the hash. */
export const findNewSet = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  [...sets].sort(byAge).find((each) => isSameTemplate(each.spec.template, deployment.spec.template));

function isSameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return equal(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, creationTimestamp: undefined, labels } };
}

/** Brings the newest set's annotations and the Deployment's revision up to date. */
export function syncNewSet(api: ControllerApi, deployment: Deployment, newSet: ReplicaSet, olds: readonly ReplicaSet[]): ReplicaSet {
  const annotations = newSetAnnotations(deployment, newSet.metadata.annotations, nextRevision(olds));
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const upToDate = equal(annotations, newSet.metadata.annotations ?? {}) && (newSet.spec.minReadySeconds ?? 0) === minReadySeconds;
  const synced = upToDate
    ? newSet
    : api.change('replicasets.apps', newSet, (draft) => {
        draft.metadata.annotations = annotations;
        if (minReadySeconds === 0) delete draft.spec.minReadySeconds;
        else draft.spec.minReadySeconds = minReadySeconds;
      });
  const set = synced ?? newSet;
  const unknown = deadlineOf(deployment) !== undefined && !findCondition(deployment.status?.conditions, 'Progressing');
  const found = unknown ? progressing('True', 'FoundNewReplicaSet', `Found new replica set "${set.metadata.name}"`, api.now()) : undefined;
  note(api, deployment, set.metadata.annotations?.[revisionAnnotation], found);
  return set;
}

/** Creates the set of the present template. Undefined when it has to be tried again. */
export function createNewSet(api: ControllerApi, deployment: Deployment, olds: readonly ReplicaSet[]): ReplicaSet | undefined {
  const set = newSetOf(deployment, olds);
  const revision = set.metadata.annotations?.[revisionAnnotation];
  try {
    const created = api.create('replicasets.apps', set);
    const replicas = wantedReplicas(created);
    const { name } = created.metadata;
    if (replicas > 0) api.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`);
    const condition = progressing('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`, api.now());
    note(api, deployment, revision, deadlineOf(deployment) === undefined ? undefined : condition);
    return created;
  } catch (error) {
    if (isReason(error, 'AlreadyExists')) return takeOrEvade(api, deployment, set);
    if (error instanceof Error && !isTerminatingNamespace(error)) {
      const message = `Failed to create new replica set "${set.metadata.name}": ${error.message}`;
      note(
        api,
        deployment,
        undefined,
        deadlineOf(deployment) === undefined ? undefined : progressing('False', 'ReplicaSetCreateError', message, api.now()),
      );
      api.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
    }
    throw error;
  }
}

function newSetOf(deployment: Deployment, olds: readonly ReplicaSet[]): ReplicaSet {
  const { template, selector, minReadySeconds = 0 } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const limits = limitsOf(deployment);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name.slice(0, 252 - hash.length)}-${hash}`,
      namespace: deployment.metadata.namespace ?? '',
      labels,
      annotations: { ...newSetAnnotations(deployment, {}, nextRevision(olds)), ...sizeAnnotations(limits.wanted, limits.maxSurge) },
      ownerReferences: [controllerReference(kind, deployment)],
    },
    spec: {
      replicas: newSetReplicas(limits, isRolling(deployment), 0, sum(olds, wantedReplicas)),
      ...(minReadySeconds > 0 ? { minReadySeconds } : {}),
      selector: { ...copy(selector), matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...copy(template), metadata: { ...copy(template.metadata ?? {}), labels: { ...labels } } },
    },
  };
}

/** A set of that name is there: ours after all, or another's whose template has the same hash; then the next name is tried. */
function takeOrEvade(api: ControllerApi, deployment: Deployment, wanted: ReplicaSet): ReplicaSet {
  const { namespace = '', name } = wanted.metadata;
  const found = api.get('replicasets.apps', namespace, name);
  if (found && isControlledBy(found, deployment) && isSameTemplate(found.spec.template, deployment.spec.template)) return found;
  api.changeStatus('deployments.apps', deployment, (draft) => {
    draft.status = { ...draft.status, collisionCount: (draft.status?.collisionCount ?? 0) + 1 };
  });
  const error: ApiError = conflict({ group: 'apps', resource: 'replicasets' }, name, 'the name is taken by another template');
  throw error;
}

function note(api: ControllerApi, deployment: Deployment, revision: string | undefined, condition: Condition | undefined): void {
  const sameRevision = revision === undefined || deployment.metadata.annotations?.[revisionAnnotation] === revision;
  if (sameRevision && !condition) return;
  api.changeStatus('deployments.apps', deployment, (draft) => {
    if (revision !== undefined) draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: revision };
    if (condition) draft.status = { ...draft.status, conditions: withCondition(draft.status?.conditions, condition) };
  });
}
