import { matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Namespace } from '../model/cluster.js';
import type { Pod, PodAffinityTerm } from '../model/pod.js';

type Namespaces = (name: string) => Namespace | undefined;

/** Whether `other` is among the pods that a term of `owner`'s affinity means. */
export function termSelects(term: PodAffinityTerm, owner: Pod, other: Pod, namespaces: Namespaces): boolean {
  return inNamespaces(term, owner, other, namespaces) && matchesLabelSelector(term.labelSelector, other.metadata.labels);
}

function inNamespaces({ namespaces = [], namespaceSelector }: PodAffinityTerm, owner: Pod, other: Pod, lookUp: Namespaces): boolean {
  const where = other.metadata.namespace ?? '';
  if (namespaces.length === 0 && !namespaceSelector) return where === owner.metadata.namespace;
  if (namespaces.includes(where)) return true;
  return namespaceSelector !== undefined && matchesLabelSelector(namespaceSelector, lookUp(where)?.metadata.labels);
}

export const requiredAffinity = (pod: Pod): readonly PodAffinityTerm[] =>
  pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
export const requiredAntiAffinity = (pod: Pod): readonly PodAffinityTerm[] =>
  pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
