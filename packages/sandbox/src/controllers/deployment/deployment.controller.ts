import { type KubeObject, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Change } from '../../api/api.js';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../model/workloads.js';
import { claim, ownAndOrphans } from '../parts/claim.js';
import { withCondition } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { byAge, controllerOf, isBeingDeleted } from '../parts/owner.js';
import { isFinished } from '../parts/pod-state.js';
import { itsController, itself } from '../parts/watch-keys.js';
import { countedStatus, isComplete, nextProgressCheck, rolloutStatus, type Sets } from './deployment-status.js';
import { createNewSet, findNewSet, syncNewSet } from './new-replica-set.js';
import { pauseCondition } from './pause.js';
import { desiredAnnotation, maxAnnotation, revisionOf, sizeAnnotations } from './revision.js';
import {
  isRolling,
  limitsOf,
  newSetReplicas,
  type Scaling,
  scaleProportionally,
  shrinkOldSets,
  sum,
  wantedReplicas,
} from './rolling-update.js';

const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** Rolls a Deployment's pods over from the replica set of one template to that of the next. */
export function deployments(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'deployment-controller' });

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const deployment = api.get('deployments.apps', namespace, name);
    if (!deployment) return;
    const found = claim(
      api,
      { resource: 'replicasets.apps', kind, owner: deployment, selector: deployment.spec.selector },
      ownAndOrphans(api, 'replicasets.apps', deployment),
    );
    if (!isBeingDeleted(deployment)) return work(notePause(deployment), found);
    write(deployment, countedStatus(deployment, split(deployment, found), api.now()));
  }

  function work(deployment: Deployment, found: readonly ReplicaSet[]): Again | undefined {
    const { newSet: existing, olds } = split(deployment, found);
    const synced = existing && syncNewSet(api, deployment, existing, olds);
    const sets: Sets = { newSet: synced, olds };
    const fresh = (): Deployment =>
      api.get('deployments.apps', deployment.metadata.namespace ?? '', deployment.metadata.name) ?? deployment;
    if (deployment.spec.paused || isScaling(deployment, sets)) {
      scale(deployment, sets);
      if (deployment.spec.paused) forgetOldSets(deployment, olds);
      write(fresh(), countedStatus(fresh(), reread(sets), api.now()));
      return;
    }
    const after = isRolling(deployment) ? roll(deployment, sets) : recreate(deployment, sets);
    if (after === undefined) return;
    const now = fresh();
    const status = rolloutStatus(now, reread(after), api.now());
    write(now, status);
    const wait = nextProgressCheck(now, status, api.now());
    return wait === undefined ? undefined : { againAfterMs: wait };
  }

  function roll(deployment: Deployment, { newSet: existing, olds }: Sets): Sets | undefined {
    const newSet = existing ?? createNewSet(api, deployment, olds);
    if (!newSet) return undefined;
    const limits = limitsOf(deployment);
    const current = wantedReplicas(newSet);
    const total = sum([...olds, newSet], wantedReplicas);
    const size = current > limits.wanted ? limits.wanted : newSetReplicas(limits, true, current, total);
    if (resize(deployment, { set: newSet, replicas: size })) return { newSet, olds };
    const shrunk = shrinkOldSets(limits, newSet, olds).map((each) => resize(deployment, each));
    if (!shrunk.some(Boolean) && isComplete(deployment, deployment.status)) forgetOldSets(deployment, olds);
    return { newSet, olds };
  }

  /** All of the old before any of the new. */
  function recreate(deployment: Deployment, { newSet: existing, olds }: Sets): Sets | undefined {
    const shrunk = olds.map((set) => resize(deployment, { set, replicas: 0 }));
    const running = olds.some(
      (set) => (set.status?.replicas ?? 0) > 0 || api.controlled('pods', 'Pod', set).some((pod) => !isFinished(pod)),
    );
    if (shrunk.some(Boolean) || running) return { newSet: existing, olds };
    const newSet = existing ?? createNewSet(api, deployment, olds);
    if (!newSet) return undefined;
    resize(deployment, { set: newSet, replicas: wantedReplicas(deployment) });
    if (isComplete(deployment, deployment.status)) forgetOldSets(deployment, olds);
    return { newSet, olds };
  }

  function scale(deployment: Deployment, { newSet, olds }: Sets): void {
    const all = newSet ? [...olds, newSet] : [...olds];
    const active = all.filter((each) => wantedReplicas(each) > 0);
    const wanted = wantedReplicas(deployment);
    const only = active.length > 1 ? undefined : (active[0] ?? newSet ?? [...olds].sort(byAge).at(-1));
    if (only) resize(deployment, { set: only, replicas: wanted });
    else if (newSet && isSaturated(deployment, newSet)) {
      for (const set of olds) resize(deployment, { set, replicas: 0 });
    } else if (isRolling(deployment)) {
      const before = (set: ReplicaSet): number => Number(set.metadata.annotations?.[maxAnnotation]) || (deployment.status?.replicas ?? 0);
      for (const each of scaleProportionally(limitsOf(deployment), all, before)) resize(deployment, each, true);
    }
  }

  /** Answers whether the size changed. `annotate`: also when only the annotations would. */
  function resize(deployment: Deployment, { set, replicas }: Scaling, annotate = false): boolean {
    const before = wantedReplicas(set);
    if (before === replicas && !annotate) return false;
    const { wanted, maxSurge } = limitsOf(deployment);
    const changed = api.change('replicasets.apps', set, (draft) => {
      draft.spec.replicas = replicas;
      draft.metadata.annotations = { ...draft.metadata.annotations, ...sizeAnnotations(wanted, maxSurge) };
    });
    if (!changed || before === replicas) return false;
    const way = before < replicas ? 'up' : 'down';
    api.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled ${way} replica set ${set.metadata.name} from ${before} to ${replicas}`);
    return true;
  }

  function forgetOldSets(deployment: Deployment, olds: readonly ReplicaSet[]): void {
    const limit = deployment.spec.revisionHistoryLimit;
    if (limit === undefined || limit === 2 ** 31 - 1) return;
    const alive = olds.filter((each) => !isBeingDeleted(each)).sort((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b));
    for (const set of alive.slice(0, Math.max(alive.length - limit, 0))) {
      const observed = (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
      if ((set.status?.replicas ?? 0) === 0 && wantedReplicas(set) === 0 && observed) api.delete('replicasets.apps', set);
    }
  }

  function notePause(deployment: Deployment): Deployment {
    const next = pauseCondition(deployment, api.now());
    if (!next) return deployment;
    const changed = api.changeStatus('deployments.apps', deployment, (draft) => {
      draft.status = { ...draft.status, conditions: withCondition(draft.status?.conditions, next) };
    });
    return changed ?? deployment;
  }

  function write(deployment: Deployment, status: DeploymentStatus): void {
    if (equal(deployment.status, status)) return;
    api.changeStatus('deployments.apps', deployment, (draft) => {
      draft.status = status;
    });
  }

  const again = (set: ReplicaSet): ReplicaSet => api.get('replicasets.apps', set.metadata.namespace ?? '', set.metadata.name) ?? set;
  const reread = ({ newSet, olds }: Sets): Sets => ({ newSet: newSet && again(newSet), olds: olds.map(again) });

  /** Only a Recreate waits for pods that are on their way out. */
  function podGone({ type, object }: Change): readonly string[] {
    if (type === 'ADDED') return [];
    const set = controllerOf(object);
    if (set?.kind !== 'ReplicaSet') return [];
    const owner = api.get('replicasets.apps', object.metadata.namespace ?? '', set.name);
    const deployment = owner && controllerOf(owner);
    return deployment?.kind === 'Deployment' ? [`${object.metadata.namespace}/${deployment.name}`] : [];
  }

  const takers = (orphan: KubeObject): readonly Deployment[] =>
    api
      .list('deployments.apps', orphan.metadata.namespace)
      .filter((each) => matchesLabelSelector(each.spec.selector, orphan.metadata.labels));

  return {
    name: 'deployment',
    watches: {
      'deployments.apps': itself,
      'replicasets.apps': itsController('Deployment', takers),
      pods: (change) => (change.type === 'DELETED' ? podGone(change) : []),
    },
    initialKeys: () => api.list('deployments.apps').map(keyOf),
    reconcile,
  };
}

function split(deployment: Deployment, sets: readonly ReplicaSet[]): Sets {
  const newSet = findNewSet(deployment, sets);
  return { newSet, olds: sets.filter((each) => each !== newSet) };
}

/** Whether the wanted number has changed since the sets were last scaled: that is no rollout. */
function isScaling(deployment: Deployment, { newSet, olds }: Sets): boolean {
  const wanted = String(wantedReplicas(deployment));
  return [...olds, ...(newSet ? [newSet] : [])].some((set) => {
    const before = set.metadata.annotations?.[desiredAnnotation];
    return wantedReplicas(set) > 0 && before !== undefined && before !== wanted;
  });
}

const isSaturated = (deployment: Deployment, set: ReplicaSet): boolean => {
  const wanted = wantedReplicas(deployment);
  return (
    wantedReplicas(set) === wanted &&
    set.metadata.annotations?.[desiredAnnotation] === String(wanted) &&
    (set.status?.availableReplicas ?? 0) === wanted
  );
};
