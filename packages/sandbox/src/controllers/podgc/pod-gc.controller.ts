import { timestamp } from '../../machinery/clock.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Pod } from '../model/pod.js';
import { findCondition, withoutCondition } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { byAge, isBeingDeleted } from '../parts/owner.js';
import { isFinished } from '../parts/pod-state.js';

const everyMs = 20_000;
/** A node may come back that long before its pods are given up. */
const quarantineMs = 40_000;
const keptFinishedPods = 12_500;

/** Removes pods whose node is gone, pods that were deleted before they had one, and finished pods when there are very many. */
export function podGarbage(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'pod-garbage-collector' });
  const missingSince = new Map<string, number>();

  function reconcile(): Again {
    const pods = api.list('pods');
    const finished = pods.filter((pod) => isFinished(pod) && !isBeingDeleted(pod));
    for (const pod of [...finished].sort(byAge).slice(0, Math.max(finished.length - keptFinishedPods, 0))) remove(pod);
    for (const pod of pods.filter((each) => isBeingDeleted(each) && !each.spec.nodeName)) remove(pod);
    const lost = lostNodes(pods);
    for (const pod of pods) if (lost.has(pod.spec.nodeName ?? '')) giveUp(pod);
    return { againAfterMs: everyMs };
  }

  function lostNodes(pods: readonly Pod[]): Set<string> {
    const names = new Set(pods.flatMap((pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : [])));
    const lost = new Set<string>();
    for (const name of [...names, ...missingSince.keys()]) {
      if (!names.has(name) || api.get('nodes', '', name)) {
        missingSince.delete(name);
        continue;
      }
      const since = missingSince.get(name) ?? api.now();
      missingSince.set(name, since);
      if (api.now() - since >= quarantineMs) lost.add(name);
    }
    return lost;
  }

  function giveUp(pod: Pod): void {
    if (!isFinished(pod)) {
      api.changeStatus('pods', pod, (draft) => {
        const now = timestamp(api.now());
        const target = {
          type: 'DisruptionTarget',
          status: 'True' as const,
          reason: 'DeletionByPodGC',
          message: 'PodGC: node no longer exists',
          lastProbeTime: null,
          lastTransitionTime: now,
        };
        const known = findCondition(draft.status?.conditions, 'DisruptionTarget') !== undefined;
        const conditions = known
          ? (draft.status?.conditions ?? [])
          : [...withoutCondition(draft.status?.conditions, 'DisruptionTarget'), target];
        draft.status = { ...draft.status, phase: 'Failed', conditions };
      });
    }
    remove(pod);
  }

  const remove = (pod: Pod): void => void api.delete('pods', pod, { gracePeriodSeconds: 0 });

  return { name: 'pod-garbage', watches: {}, initialKeys: () => ['all'], reconcile };
}
