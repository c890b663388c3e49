import type { Change } from '../../api/api.js';
import { ApiError } from '../../machinery/api-error.js';
import { timestamp } from '../../machinery/clock.js';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Condition, Pod } from '../model/pod.js';
import { findCondition, isTrue, withoutCondition } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { isBeingDeleted } from '../parts/owner.js';
import { isFinished } from '../parts/pod-state.js';
import { bind } from './bind.js';
import { findNodes } from './fit.js';
import { fitMessage } from './fit-error.js';
import { preempt } from './preemption.js';
import { bestNode } from './scores.js';
import { NodeInfo, type Snapshot } from './snapshot.js';
import { claimNames, isBound } from './volumes.js';
import { WaitingPods } from './waiting-pods.js';

const schedulerName = 'default-scheduler';
const selectedNode = 'volume.kubernetes.io/selected-node';
/** How many pods one turn places, so that others have theirs. */
const perTurn = 200;
const theOnlyKey = 'cycle';

/** Gives pods without a node one. One key: each turn looks at all that wait, in the order of their importance. */
export function scheduler(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'kube-scheduler', component: schedulerName, fieldManager: 'kube-scheduler' });
  const waiting = new WaitingPods();
  const unassigned = new Map<string, string>();
  /** Pods that have their node, and wait there for their volumes. */
  const assumed = new Map<string, string>();

  function reconcile(): Again | undefined {
    const pods = waitingPods();
    const { due, nextInMs } = waiting.due(
      pods.filter((pod) => !assumed.has(pod.metadata.uid ?? '')),
      api.now(),
    );
    const held = pods.filter((pod) => assumed.has(pod.metadata.uid ?? ''));
    for (const pod of held) bindWhenReady(pod);
    if (due.length > 0) {
      const snapshot = takeSnapshot();
      for (const pod of due.slice(0, perTurn)) place(pod, snapshot);
    }
    if (due.length > perTurn) return { againAfterMs: 0 };
    return nextInMs === undefined ? undefined : { againAfterMs: nextInMs };
  }

  function waitingPods(): Pod[] {
    return [...unassigned.values()].flatMap((key) => {
      const [namespace = '', name = ''] = key.split('/');
      const pod = api.get('pods', namespace, name);
      return pod && isOurs(pod) ? [pod] : [];
    });
  }

  function place(pod: Pod, snapshot: Snapshot & { nodes: NodeInfo[] }): void {
    const fit = findNodes(pod, snapshot);
    const best = bestNode(pod, fit.fitting, snapshot, context.random);
    if (best) {
      best.add(pod);
      assumed.set(pod.metadata.uid ?? '', best.name);
      chooseForClaims(pod, best.name);
      bindWhenReady(pod);
      return;
    }
    waiting.failed(pod, api.now());
    const none = snapshot.nodes.length === 0 || fit.refused !== undefined;
    const outcome = none ? { message: '' } : preempt(pod, fit, snapshot);
    const message = 'message' in outcome ? outcome.message : '';
    fail(pod, fitMessage(snapshot.nodes.length, fit, message), 'node' in outcome ? outcome.node : undefined);
    if ('node' in outcome) for (const victim of outcome.victims) sendAway(victim, pod, outcome.node);
  }

  /** Tells the makers of volumes where the pod is going to be. */
  function chooseForClaims(pod: Pod, node: string): void {
    for (const name of claimNames(pod)) {
      const claim = api.get('persistentvolumeclaims', pod.metadata.namespace ?? '', name);
      if (!claim || isBound(claim)) continue;
      api.change('persistentvolumeclaims', claim, (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, [selectedNode]: node };
      });
    }
  }

  function bindWhenReady(pod: Pod): void {
    const { namespace = '', uid = '' } = pod.metadata;
    const node = assumed.get(uid) ?? '';
    const claims = claimNames(pod).map((name) => api.get('persistentvolumeclaims', namespace, name));
    if (!api.get('nodes', '', node) || claims.some((claim) => !claim)) return void assumed.delete(uid);
    if (claims.some((claim) => claim && !isBound(claim))) return;
    try {
      bind(context.api, pod, node);
      api.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${pod.metadata.name} to ${node}`, 'Binding');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      waiting.failed(pod, api.now());
    }
    assumed.delete(uid);
  }

  function fail(pod: Pod, message: string, nominated: string | undefined): void {
    api.event(pod, 'Warning', 'FailedScheduling', message, 'Scheduling');
    const before = findCondition(pod.status?.conditions, 'PodScheduled');
    const now = timestamp(api.now());
    const next: Condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      lastTransitionTime: before?.status === 'False' ? (before.lastTransitionTime ?? now) : now,
      ...(pod.metadata.generation ? { observedGeneration: pod.metadata.generation } : {}),
    };
    api.changeStatus('pods', pod, (draft) => {
      const status = { ...draft.status };
      if (nominated) status.nominatedNodeName = nominated;
      if (equal(before, next) && !nominated) return false;
      status.conditions = [...withoutCondition(status.conditions, 'PodScheduled'), next];
      draft.status = status;
      return undefined;
    });
  }

  function sendAway(victim: Pod, forPod: Pod, node: string): void {
    const message = `${schedulerName}: preempting to accommodate a higher priority pod`;
    const condition: Condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message,
      lastProbeTime: null,
      lastTransitionTime: timestamp(api.now()),
      ...(victim.metadata.generation ? { observedGeneration: victim.metadata.generation } : {}),
    };
    api.changeStatus('pods', victim, (draft) => {
      draft.status = { ...draft.status, conditions: [...withoutCondition(draft.status?.conditions, 'DisruptionTarget'), condition] };
    });
    api.delete('pods', victim);
    api.event(victim, 'Normal', 'Preempted', `Preempted by pod ${forPod.metadata.uid} on node ${node}`, 'Preempting');
  }

  function takeSnapshot(): Snapshot & { nodes: NodeInfo[] } {
    const nodes = api.list('nodes').map((node) => new NodeInfo(node));
    const byName = new Map(nodes.map((info) => [info.name, info]));
    const nominated = new Map<string, Pod[]>();
    for (const pod of api.list('pods')) {
      if (isFinished(pod)) continue;
      const { nominatedNodeName } = pod.status ?? {};
      const node = pod.spec.nodeName ?? assumed.get(pod.metadata.uid ?? '');
      if (node) byName.get(node)?.add(pod);
      else if (nominatedNodeName) nominated.set(nominatedNodeName, [...(nominated.get(nominatedNodeName) ?? []), pod]);
    }
    return {
      nodes,
      nominated,
      budgets: api.list('poddisruptionbudgets.policy'),
      namespace: (name) => api.get('namespaces', '', name),
      claim: (namespace, name) => api.get('persistentvolumeclaims', namespace, name),
      volume: (name) => api.get('persistentvolumes', '', name),
      volumes: () => api.list('persistentvolumes'),
      storageClass: (name) => api.get('storageclasses.storage.k8s.io', '', name),
    };
  }

  function note(pod: Pod): boolean {
    const { uid = '', namespace, name } = pod.metadata;
    if (isOurs(pod)) unassigned.set(uid, `${namespace}/${name}`);
    else if (!unassigned.delete(uid)) return false;
    else assumed.delete(uid);
    return true;
  }

  function podChanged({ type, object, old }: Change): readonly string[] {
    const pod = object as unknown as Pod;
    const before = old as unknown as Pod | undefined;
    if (type === 'DELETED') {
      unassigned.delete(pod.metadata.uid ?? '');
      assumed.delete(pod.metadata.uid ?? '');
    }
    const concernsUs = type !== 'DELETED' && note(pod);
    if (concernsUs && before && !equal(before.spec, pod.spec)) waiting.wakeOne(pod.metadata.uid ?? '');
    // A pod that leaves, ends, gets its node or other labels may make room, or company, for one that waits.
    const moved =
      type === 'DELETED' ||
      isFinished(pod) ||
      pod.spec.nodeName !== before?.spec.nodeName ||
      !equal(pod.metadata.labels, before?.metadata.labels);
    if (moved && pod.spec.nodeName) waiting.wake();
    else if (!concernsUs) return [];
    return [theOnlyKey];
  }

  const anything = (): readonly string[] => {
    waiting.wake();
    return [theOnlyKey];
  };

  return {
    name: 'scheduler',
    watches: {
      pods: podChanged,
      nodes: ({ object, old }) => (isHeartbeat(object, old) ? [] : anything()),
      persistentvolumeclaims: anything,
      persistentvolumes: anything,
      'storageclasses.storage.k8s.io': anything,
    },
    initialKeys: () => {
      for (const pod of api.list('pods')) note(pod);
      return [theOnlyKey];
    },
    reconcile,
  };
}

function isOurs(pod: Pod): boolean {
  const { nodeName, schedulerName: wanted = schedulerName, schedulingGates = [] } = pod.spec;
  return !nodeName && wanted === schedulerName && schedulingGates.length === 0 && !isBeingDeleted(pod) && !isFinished(pod);
}

/** Nothing of a node changed that a pod could ask for. */
function isHeartbeat(object: Change['object'], old: Change['old']): boolean {
  if (!old) return false;
  const relevant = ({ metadata, spec, status }: Change['object']): object => {
    const { allocatable, conditions } = (status ?? {}) as { allocatable?: object; conditions?: Condition[] };
    return { labels: metadata.labels, spec, allocatable, ready: isTrue(conditions, 'Ready') };
  };
  return equal(relevant(object), relevant(old));
}
