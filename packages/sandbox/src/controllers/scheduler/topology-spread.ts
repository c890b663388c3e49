import { type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Pod, SpreadConstraint } from '../model/pod.js';
import { matchesNodeAffinity } from '../parts/node-affinity.js';
import { isBeingDeleted } from '../parts/owner.js';
import { type Filter, type NodeInfo, never, notNow, type Snapshot } from './snapshot.js';

const reason = "node(s) didn't match pod topology spread constraints";

/** Constraints that must hold. Undefined: the pod has none. */
export function topologySpread(pod: Pod, { nodes }: Snapshot): Filter | undefined {
  const hard = constraints(pod, 'DoNotSchedule');
  if (hard.length === 0) return undefined;
  const eligible = nodes.filter((info) => isEligible(pod, hard, info));
  const counts = hard.map((each) => domainCounts(each, pod, eligible));
  return (info) => {
    for (const [index, { topologyKey, maxSkew, minDomains = 1, labelSelector }] of hard.entries()) {
      const value = info.node.metadata.labels?.[topologyKey];
      if (value === undefined) return never(`${reason} (missing required label)`);
      const perDomain = counts[index] ?? new Map<string, number>();
      const least = perDomain.size < minDomains ? 0 : Math.min(...perDomain.values());
      const itself = matchesLabelSelector(labelSelector, pod.metadata.labels) ? 1 : 0;
      if ((perDomain.get(value) ?? 0) + itself - least > maxSkew) return notNow(reason);
    }
    return undefined;
  };
}

/** Its constraints, with `matchLabelKeys` made part of the selector. */
export function constraints(pod: Pod, when: SpreadConstraint['whenUnsatisfiable']): SpreadConstraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter((each) => each.whenUnsatisfiable === when)
    .map((each) => ({ ...each, labelSelector: withKeys(each.labelSelector ?? {}, each.matchLabelKeys ?? [], pod) }));
}

function withKeys(selector: LabelSelector, keys: readonly string[], pod: Pod): LabelSelector {
  const more = keys.flatMap((key) => {
    const value = pod.metadata.labels?.[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...selector, matchLabels: { ...selector.matchLabels, ...Object.fromEntries(more) } };
}

/** Only nodes that the pod could choose, with all the labels, count as domains. */
const isEligible = (pod: Pod, all: readonly SpreadConstraint[], { node }: NodeInfo): boolean =>
  matchesNodeAffinity(pod, node) && all.every((each) => node.metadata.labels?.[each.topologyKey] !== undefined);

export function domainCounts({ topologyKey, labelSelector }: SpreadConstraint, pod: Pod, nodes: readonly NodeInfo[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { node, pods } of nodes) {
    const value = node.metadata.labels?.[topologyKey];
    if (value === undefined) continue;
    const here = pods.filter(
      (each) =>
        each.metadata.namespace === pod.metadata.namespace &&
        !isBeingDeleted(each) &&
        matchesLabelSelector(labelSelector, each.metadata.labels),
    );
    counts.set(value, (counts.get(value) ?? 0) + here.length);
  }
  return counts;
}
