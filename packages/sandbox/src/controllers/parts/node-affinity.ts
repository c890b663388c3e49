import { int64 } from '@fairlead/kube/protocol';
import type { Node } from '../model/cluster.js';
import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../model/pod.js';

/** spec.nodeSelector and what spec.affinity.nodeAffinity requires. */
export function matchesNodeAffinity(pod: Pod, node: Node): boolean {
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) if (node.metadata.labels?.[key] !== value) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || matchesNodeTerms(required.nodeSelectorTerms, node);
}

/** One of the terms has to match; none of none does. */
export const matchesNodeTerms = (terms: readonly NodeSelectorTerm[], node: Node): boolean =>
  terms.some((term) => matchesNodeTerm(term, node));

export function matchesNodeTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((each) => matches(each, node.metadata.labels?.[each.key])) &&
    matchFields.every((each) => matches(each, each.key === 'metadata.name' ? node.metadata.name : undefined))
  );
}

/** The nodes that every term names by metadata.name; undefined when some term leaves it open. */
export function namedNodes(pod: Pod): Set<string> | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const names = new Set<string>();
  for (const term of terms) {
    const named = (term.matchFields ?? []).filter((each) => each.key === 'metadata.name' && each.operator === 'In');
    if (named.length === 0) return undefined;
    for (const each of named) for (const value of each.values ?? []) names.add(value);
  }
  return terms.length === 0 ? undefined : names;
}

function matches({ operator, values = [] }: NodeSelectorRequirement, found: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return found !== undefined && values.includes(found);
    case 'NotIn':
      return found === undefined || !values.includes(found);
    case 'Exists':
      return found !== undefined;
    case 'DoesNotExist':
      return found === undefined;
    case 'Gt':
    case 'Lt': {
      const [have, want] = [int64(found ?? ''), int64(values[0] ?? '')];
      if (have === undefined || want === undefined) return false;
      return operator === 'Gt' ? have > want : have < want;
    }
    default:
      return false;
  }
}
