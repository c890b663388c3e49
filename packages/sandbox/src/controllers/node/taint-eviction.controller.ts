import { timestamp } from '../../machinery/clock.js';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Node, Taint } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import { findCondition } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { isBeingDeleted } from '../parts/owner.js';
import { isFinished } from '../parts/pod-state.js';
import { tolerates } from '../parts/tolerations.js';

/** When a pod has to leave because of its node's NoExecute taints: undefined when it may stay. A taint counts from when it was noticed. */
export function leavesAt({ spec }: Pod, taints: readonly Taint[], since: number): number | undefined {
  let seconds = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const fitting = (spec.tolerations ?? []).filter((each) => tolerates(each, taint));
    if (fitting.length === 0) return since;
    for (const { tolerationSeconds } of fitting)
      if (tolerationSeconds !== undefined) seconds = Math.min(seconds, Math.max(tolerationSeconds, 0));
  }
  return Number.isFinite(seconds) ? since + seconds * 1000 : undefined;
}

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer. */
export function taintEviction(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'taint-eviction-controller' });
  const planned = new Map<string, { since: number; uid: string }>();

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const pod = api.get('pods', namespace, name);
    const taints = pod ? executing(api.get('nodes', '', pod.spec.nodeName ?? '')) : [];
    if (!pod || isFinished(pod) || isBeingDeleted(pod) || taints.length === 0) return forget(key, pod);
    const known = planned.get(key);
    const plan = known && known.uid === pod.metadata.uid ? known : { since: api.now(), uid: pod.metadata.uid ?? '' };
    const at = leavesAt(pod, taints, plan.since);
    if (at === undefined) return forget(key, pod);
    planned.set(key, plan);
    if (at > api.now()) return { againAfterMs: at - api.now() };
    planned.delete(key);
    evict(pod, key);
    return undefined;
  }

  function forget(key: string, pod: Pod | undefined): undefined {
    if (planned.delete(key) && pod && !isBeingDeleted(pod))
      api.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
  }

  function evict(pod: Pod, key: string): void {
    api.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
    api.changeStatus('pods', pod, (draft) => {
      if (findCondition(draft.status?.conditions, 'DisruptionTarget')) return false;
      const target = {
        type: 'DisruptionTarget',
        status: 'True' as const,
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
        lastProbeTime: null,
        lastTransitionTime: timestamp(api.now()),
        ...(draft.metadata.generation ? { observedGeneration: draft.metadata.generation } : {}),
      };
      draft.status = { ...draft.status, conditions: [...(draft.status?.conditions ?? []), target] };
      return undefined;
    });
    api.delete('pods', pod);
  }

  const podsOn = (node: string): string[] =>
    api
      .list('pods')
      .filter((pod) => pod.spec.nodeName === node)
      .map(keyOf);

  return {
    name: 'taint-eviction',
    watches: {
      pods: ({ object, old }) => {
        const [now, before] = [object as unknown as Pod, old as unknown as Pod | undefined];
        const moved = now.spec.nodeName !== before?.spec.nodeName || !equal(now.spec.tolerations, before?.spec.tolerations);
        return now.spec.nodeName && (moved || planned.has(keyOf(object))) ? [keyOf(object)] : [];
      },
      nodes: ({ object, old }) => {
        const same = old && equal(executing(object as unknown as Node), executing(old as unknown as Node));
        return same ? [] : podsOn(object.metadata.name);
      },
    },
    initialKeys: () => api.list('nodes').flatMap((node) => (executing(node).length > 0 ? podsOn(node.metadata.name) : [])),
    reconcile,
  };
}

const executing = (node: Node | undefined): Taint[] => (node?.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
