import type { Node } from '../model/cluster.js';
import type { Pod, Toleration } from '../model/pod.js';
import type { DaemonSet } from '../model/workloads.js';
import { matchesNodeAffinity } from '../parts/node-affinity.js';
import { podFromTemplate } from '../parts/pod-control.js';
import { untolerated } from '../parts/tolerations.js';

export const kind = { apiVersion: 'apps/v1', kind: 'DaemonSet' };
export const hashLabel = 'controller-revision-hash';
export const generationAnnotation = 'deprecated.daemonset.template.generation';

/** What a daemon puts up with, so that it is on a node whatever happens there. */
const always: readonly Toleration[] = [
  { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
  { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists' },
  { effect: 'NoSchedule', key: 'node.kubernetes.io/disk-pressure', operator: 'Exists' },
  { effect: 'NoSchedule', key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' },
  { effect: 'NoSchedule', key: 'node.kubernetes.io/pid-pressure', operator: 'Exists' },
  { effect: 'NoSchedule', key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
];
const onHostNetwork: Toleration = { effect: 'NoSchedule', key: 'node.kubernetes.io/network-unavailable', operator: 'Exists' };

/** The daemon of one node: bound to it by affinity, so that the scheduler puts it there and nowhere else. */
export function daemonPod(set: DaemonSet, node: string, hash: string): Pod {
  return podFromTemplate(set.spec.template, kind, set, {
    adjust(pod) {
      const generation = set.metadata.annotations?.[generationAnnotation];
      pod.metadata.labels = { ...pod.metadata.labels, [hashLabel]: hash, ...(generation ? { 'pod-template-generation': generation } : {}) };
      pod.spec.tolerations = tolerations(set);
      const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
      const required = { nodeSelectorTerms: [term] };
      pod.spec.affinity = {
        ...pod.spec.affinity,
        nodeAffinity: { ...pod.spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
      };
    },
  });
}

function tolerations({ spec }: DaemonSet): Toleration[] {
  const own = spec.template.spec.tolerations ?? [];
  const added = spec.template.spec.hostNetwork ? [...always, onHostNetwork] : always;
  const isNew = (each: Toleration): boolean =>
    !own.some((other) => other.key === each.key && other.effect === each.effect && other.operator === each.operator);
  return [...own, ...added.filter(isNew)];
}

/** Whether a node is to have the daemon, and whether one that is there may stay. */
export function placement(set: DaemonSet, node: Node): { run: boolean; stay: boolean } {
  const { spec } = set.spec.template;
  const pod: Pod = { metadata: { name: '' }, spec };
  if ((spec.nodeName && spec.nodeName !== node.metadata.name) || !matchesNodeAffinity(pod, node)) return { run: false, stay: false };
  const tolerated = tolerations(set);
  if (untolerated(tolerated, node.spec.taints, ['NoExecute'])) return { run: false, stay: false };
  return { run: !untolerated(tolerated, node.spec.taints, ['NoSchedule']), stay: true };
}

/** The node of a daemon, also before the scheduler has had it. */
export function nodeOf(pod: Pod): string {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap((term) => term.matchFields ?? []).find((each) => each.key === 'metadata.name')?.values?.[0] ?? '';
}
