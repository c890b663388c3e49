import type { AppObjects } from '../observed/app-status.js';
import { exitTrouble } from '../observed/container-trouble.js';
import { type ContainerStatus, condition, type Pod, type Workload } from '../observed/shapes.js';
import type { Scene, SeenContainer, SeenPod } from './healing.js';
import type { LossReason } from './words.js';

/** Controllers that put a pod in a lost one's place. A job counts failures instead; a bare pod has nobody. */
const keepers = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet']);

/** Reasons of the condition DisruptionTarget, as Kubernetes documents them. */
const disruptions: Readonly<Record<string, LossReason>> = {
  PreemptionByScheduler: 'preempted',
  DeletionByTaintManager: 'node-gone',
  EvictionByEvictionAPI: 'evicted',
  DeletionByPodGC: 'node-gone',
  TerminationByKubelet: 'node-pressure',
};

/** What the observed objects of an app say about losses, `departed` being its pods that went last. Pure. */
export function sceneOf(
  { pods, replicaSets, workloads }: Pick<AppObjects, 'pods' | 'replicaSets' | 'workloads'>,
  departed: readonly Pod[],
  at: number,
): Scene {
  return {
    at,
    pods: pods.flatMap((pod) => seenPod(pod) ?? []),
    departed: departed.flatMap((pod) => seenPod(pod) ?? []),
    wanted: new Map([...replicaSets, ...workloads].map((owner) => [owner.metadata.uid ?? '', wantedBy(owner)])),
  };
}

const wantedBy = ({ kind, metadata, spec, status }: Workload): number =>
  metadata.deletionTimestamp ? 0 : kind === 'DaemonSet' ? (status?.desiredNumberScheduled ?? 0) : (spec?.replicas ?? 1);

function seenPod(pod: Pod): SeenPod | null {
  const { metadata, spec, status } = pod;
  const owner = metadata.ownerReferences?.find(({ controller, kind }) => controller && keepers.has(kind));
  if (!owner) return null;
  return {
    uid: metadata.uid ?? '',
    name: metadata.name,
    owner: owner.uid,
    node: spec?.nodeName ?? null,
    ready: condition(status?.conditions, 'Ready')?.status === 'True',
    ending: endingOf(pod),
    containers: (status?.containerStatuses ?? []).map(seenContainer),
  };
}

function endingOf({ metadata, status }: Pod): SeenPod['ending'] {
  const disrupted = condition(status?.conditions, 'DisruptionTarget');
  const disruption = disrupted?.status === 'True' ? disruptions[disrupted.reason ?? ''] : undefined;
  const evidence = (disruption && disrupted?.message) || status?.message || null;
  if (status?.phase === 'Failed')
    return {
      reason: disruption ?? (status.reason === 'Evicted' ? 'node-pressure' : status.reason === 'NodeLost' ? 'node-gone' : 'failed'),
      at: time(disrupted?.lastTransitionTime),
      evidence,
    };
  if (!metadata.deletionTimestamp) return null;
  const due = time(metadata.deletionTimestamp);
  const { deletionGracePeriodSeconds: grace } = metadata;
  const at = due === null ? null : due - (typeof grace === 'number' ? grace : 0) * 1000;
  return { reason: disruption ?? 'deleted', at, evidence };
}

function seenContainer({ name = 'container', ready = false, restartCount = 0, state, lastState }: ContainerStatus): SeenContainer {
  const ended = state?.terminated ?? lastState?.terminated;
  const trouble = ended && exitTrouble(name, ended, 0);
  return {
    name,
    ready,
    restarts: restartCount,
    ended: ended && trouble ? { at: time(ended.finishedAt), sentence: trouble.sentence, evidence: trouble.evidence } : null,
  };
}

function time(text: string | undefined): number | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : ms;
}
