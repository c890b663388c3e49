import { isRecord, type KubeObject, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Change } from '../../api/api.js';
import { equal, groupVersion } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { PodDisruptionBudget } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { controllerOf, isBeingDeleted } from '../parts/owner.js';
import { itself } from '../parts/watch-keys.js';
import { budgetStatus } from './budget-status.js';

/** Keeps the count of how many pods of each budget may be evicted. */
export function disruptionBudgets(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'disruption-controller', component: 'controllermanager' });

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const budget = api.get('poddisruptionbudgets.policy', namespace, name);
    if (!budget || isBeingDeleted(budget)) return undefined;
    const pods = api.list('pods', namespace).filter((pod) => matchesLabelSelector(budget.spec.selector, pod.metadata.labels));
    const alive = pods.filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed');
    if (alive.length === 0) api.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const { status, againAfterMs } = budgetStatus(budget, alive, scaleOf(alive), api.now());
    if (!equal(budget.status, status)) {
      api.changeStatus('poddisruptionbudgets.policy', budget, (draft) => {
        draft.status = status;
      });
    }
    return againAfterMs === undefined ? undefined : { againAfterMs };
  }

  /** What the controllers of these pods want; a pod without one counts for itself. */
  function scaleOf(pods: readonly Pod[]): number {
    const scales = new Map<string, number>();
    for (const pod of pods) {
      const owner = topOwner(pod);
      scales.set(owner?.metadata.uid ?? pod.metadata.uid ?? '', owner ? replicasOf(owner) : 1);
    }
    return [...scales.values()].reduce((sum, each) => sum + each, 0);
  }

  /** A replica set's Deployment rather than the set, as that is where the number stands. */
  function topOwner(object: KubeObject): KubeObject | undefined {
    const reference = controllerOf(object);
    if (!reference) return undefined;
    const definition = context.api.registry
      .all()
      .find((each) => each.kind === reference.kind && groupVersion(each.group, each.version) === reference.apiVersion);
    const owner = definition && context.api.get(definition.storage, object.metadata.namespace ?? '', reference.name);
    if (!owner || owner.metadata.uid !== reference.uid) return undefined;
    return (owner.kind === 'ReplicaSet' ? topOwner(owner) : undefined) ?? owner;
  }

  const replicasOf = ({ spec }: KubeObject): number => {
    const replicas = isRecord(spec) ? spec.replicas : undefined;
    return typeof replicas === 'number' ? replicas : 1;
  };

  function budgetsOf({ object, old }: Change): string[] {
    const labels = [object, ...(old ? [old] : [])].map((each) => each.metadata.labels);
    const selects = ({ spec }: PodDisruptionBudget): boolean => labels.some((each) => matchesLabelSelector(spec.selector, each));
    return api.list('poddisruptionbudgets.policy', object.metadata.namespace).filter(selects).map(keyOf);
  }

  const inNamespace = ({ object }: Change): string[] => api.list('poddisruptionbudgets.policy', object.metadata.namespace).map(keyOf);
  const resized = (change: Change): string[] => (equal(change.old?.spec, change.object.spec) ? [] : inNamespace(change));

  return {
    name: 'disruption',
    watches: {
      'poddisruptionbudgets.policy': itself,
      pods: budgetsOf,
      'deployments.apps': resized,
      'replicasets.apps': resized,
      'statefulsets.apps': resized,
      replicationcontrollers: resized,
    },
    initialKeys: () => api.list('poddisruptionbudgets.policy').map(keyOf),
    reconcile,
  };
}
