import { type KubeObject, matchesLabelSelector } from '@fairlead/kube/protocol';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Node } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import type { DaemonSet } from '../model/workloads.js';
import { claim, ownAndOrphans } from '../parts/claim.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { isBeingDeleted } from '../parts/owner.js';
import { createPod, deletePod, slowStart } from '../parts/pod-control.js';
import { nextAvailableIn } from '../parts/pod-state.js';
import { currentRevision, revisionsOf, truncateHistory } from '../parts/revision-history.js';
import { itsController, itself } from '../parts/watch-keys.js';
import { daemonPod, generationAnnotation, hashLabel, kind, nodeOf } from './daemon-nodes.js';
import { daemonSetStatus, daemonSteps } from './daemon-steps.js';

/** A pod on every node, or on those that it chooses. */
export function daemonSets(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'daemon-set-controller', component: 'daemonset-controller' });

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const set = api.get('daemonsets.apps', namespace, name);
    if (!set || isBeingDeleted(set)) return undefined;
    const generation = set.metadata.annotations?.[generationAnnotation];
    const revision = currentRevision(api, revisionsOf(api, set), {
      kind,
      owner: set,
      template: set.spec.template,
      hashLabel,
      collisionCount: set.status?.collisionCount ?? 0,
      ...(generation ? { annotations: { [generationAnnotation]: generation } } : {}),
    });
    const hash = revision.metadata.labels?.[hashLabel] ?? '';
    try {
      act(set, hash);
    } finally {
      writeStatus(set, hash);
    }
    const used = new Set(podsOf(set).map((pod) => pod.metadata.labels?.[hashLabel]));
    const known = revisionsOf(api, set);
    const live = known.filter((each) => used.has(each.metadata.labels?.[hashLabel]) || each.metadata.name === revision.metadata.name);
    truncateHistory(api, known, new Set(live.map((each) => each.metadata.name)), set.spec.revisionHistoryLimit ?? 10);
    const wait = nextAvailableIn(podsOf(set), set.spec.minReadySeconds ?? 0, api.now());
    return wait === undefined ? undefined : { againAfterMs: wait };
  }

  function act(set: DaemonSet, hash: string): void {
    const steps = daemonSteps(set, api.list('nodes'), podsOf(set), hash, api.now());
    for (const pod of steps.failed) {
      const where = `${pod.metadata.namespace}/${pod.metadata.name} on node ${nodeOf(pod)}`;
      api.event(set, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${where}, will try to kill it`);
      deletePod(api, set, pod);
    }
    for (const pod of steps.remove) deletePod(api, set, pod);
    slowStart(steps.create.length, (index) => void createPod(api, set, daemonPod(set, steps.create[index] ?? '', hash)));
  }

  function writeStatus(set: DaemonSet, hash: string): void {
    const status = daemonSetStatus(set, api.list('nodes'), podsOf(set), hash, api.now());
    if (equal(set.status, status)) return;
    api.changeStatus('daemonsets.apps', set, (draft) => {
      draft.status = status;
    });
  }

  const podsOf = (set: DaemonSet): Pod[] =>
    claim(api, { resource: 'pods', kind, owner: set, selector: set.spec.selector }, ownAndOrphans(api, 'pods', set));

  const takers = (orphan: KubeObject): readonly DaemonSet[] =>
    api
      .list('daemonsets.apps', orphan.metadata.namespace)
      .filter((each) => matchesLabelSelector(each.spec.selector, orphan.metadata.labels));

  return {
    name: 'daemonset',
    watches: {
      'daemonsets.apps': itself,
      pods: itsController('DaemonSet', takers),
      nodes: ({ type, object, old }) => {
        const matters = type !== 'MODIFIED' || !equal(relevant(object), old && relevant(old));
        return matters ? api.list('daemonsets.apps').map(keyOf) : [];
      },
    },
    initialKeys: () => api.list('daemonsets.apps').map(keyOf),
    reconcile,
  };
}

const relevant = (object: KubeObject): object => ({ labels: object.metadata.labels, taints: (object as Node).spec?.taints });
