import { type KubeObject, type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import { ApiError } from '../../machinery/api-error.js';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Kinds } from '../model/kinds.js';
import type { Pod } from '../model/pod.js';
import type { ReplicaSet } from '../model/workloads.js';
import { claim, ownAndOrphans } from '../parts/claim.js';
import { ControllerApi, isTerminatingNamespace } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { controllerOf, isBeingDeleted, type OwnerKind } from '../parts/owner.js';
import { createPod, deletePod, podFromTemplate, slowStart } from '../parts/pod-control.js';
import { podsToDelete } from '../parts/pod-ranking.js';
import { isActive, isAvailable, nextAvailableIn } from '../parts/pod-state.js';
import { itsController, itself } from '../parts/watch-keys.js';
import { countsOf, ReplicaCounts } from './replica-counts.js';
import { replicaSetStatus } from './replica-set-status.js';

/** The most pods that one look creates or deletes. */
const burst = 500;

interface Flavour {
  name: string;
  resource: 'replicasets.apps' | 'replicationcontrollers';
  kind: OwnerKind;
  account: string;
  selectorOf(set: ReplicaSet): LabelSelector;
}

export const replicaSets = (context: ControllerContext): Controller =>
  replicas(context, {
    name: 'replicaset',
    resource: 'replicasets.apps',
    kind: { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
    account: 'replicaset-controller',
    selectorOf: ({ spec }) => spec.selector,
  });

/** The same as a ReplicaSet, with a selector of equalities alone. */
export const replicationControllers = (context: ControllerContext): Controller =>
  replicas(context, {
    name: 'replicationcontroller',
    resource: 'replicationcontrollers',
    kind: { apiVersion: 'v1', kind: 'ReplicationController' },
    account: 'replication-controller',
    selectorOf: ({ spec }) => ({ matchLabels: spec.selector as Record<string, string> }),
  });

function replicas(context: ControllerContext, { name, resource, kind, account, selectorOf }: Flavour): Controller {
  const api = new ControllerApi(context, { account });
  const all = (namespace?: string): readonly ReplicaSet[] => api.list(resource, namespace) as readonly ReplicaSet[];

  const counts = new ReplicaCounts();

  function reconcile(key: string): Again | undefined {
    const at = splitKey(key);
    const set = api.get(resource, at.namespace, at.name) as ReplicaSet | undefined;
    if (!set) return;
    const known = isBeingDeleted(set) || set.spec.minReadySeconds ? undefined : counts.of(set);
    if (known && known.replicas === (set.spec.replicas ?? 1)) {
      tell(set, replicaSetStatus(set, known, known.ready, undefined, api.now()));
      return;
    }
    return lookAtAll(set);
  }

  function lookAtAll(set: ReplicaSet): Again | undefined {
    const selector = selectorOf(set);
    const active = claim(api, { resource: 'pods', kind, owner: set, selector }, ownAndOrphans(api, 'pods', set).filter(isActive));
    // From here on it is kept as pods change, those of `scale` too.
    counts.set(set, active, (pod) => matchesLabelSelector(selector, pod.metadata.labels));
    const failure = isBeingDeleted(set) ? undefined : attempt(() => scale(set, active));
    const minReady = set.spec.minReadySeconds ?? 0;
    const available = active.filter((pod) => isAvailable(pod, minReady, api.now())).length;
    tell(set, replicaSetStatus(set, countsOf(set, active), available, failure?.message, api.now()));
    if (failure) throw failure;
    const wait = nextAvailableIn(active, minReady, api.now());
    return wait === undefined ? undefined : { againAfterMs: wait };
  }

  function tell(set: ReplicaSet, status: ReplicaSet['status']): void {
    if (equal(set.status, status)) return;
    api.changeStatus(resource, set, (draft: Kinds[typeof resource]) => {
      draft.status = status;
    });
  }

  function scale(set: ReplicaSet, active: readonly Pod[]): void {
    const surplus = active.length - (set.spec.replicas ?? 1);
    if (surplus < 0) {
      slowStart(Math.min(-surplus, burst), () => {
        try {
          createPod(api, set, podFromTemplate(set.spec.template, kind, set));
        } catch (error) {
          if (!isTerminatingNamespace(error)) throw error;
        }
      });
    }
    if (surplus > 0) for (const pod of podsToDelete(active, siblings(set), Math.min(surplus, burst), api.now())) deletePod(api, set, pod);
  }

  /** Pods of all sets of the same controller: what counts as neighbours on a node. */
  function siblings(set: ReplicaSet): Pod[] {
    const owner = controllerOf(set);
    const sets = owner ? all(set.metadata.namespace).filter((each) => controllerOf(each)?.uid === owner.uid) : [set];
    return sets.flatMap((each) => api.controlled('pods', 'Pod', each));
  }

  const takers = (orphan: KubeObject): readonly ReplicaSet[] =>
    all(orphan.metadata.namespace).filter((each) => matchesLabelSelector(selectorOf(each), orphan.metadata.labels));

  const ofPods = itsController(kind.kind, takers);
  return {
    name,
    watches: {
      [resource]: (change) => {
        if (change.type === 'DELETED') counts.forget(change.object.metadata.uid ?? '');
        return itself(change);
      },
      pods: (change) => {
        counts.note(change);
        // Whoever would take an orphan has to look.
        if (!controllerOf(change.object)) for (const taker of takers(change.object)) counts.forget(taker.metadata.uid ?? '');
        return ofPods(change);
      },
    },
    initialKeys: () => all().map(keyOf),
    reconcile,
  };
}

function attempt(act: () => void): ApiError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  return undefined;
}
