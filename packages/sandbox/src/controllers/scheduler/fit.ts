import type { Pod } from '../model/pod.js';
import { namedNodes } from '../parts/node-affinity.js';
import { interPodAffinity } from './inter-pod-affinity.js';
import { nodeFilters } from './node-filters.js';
import { type Filter, type NodeInfo, never, priorityOf, type Rejection, type Snapshot } from './snapshot.js';
import { topologySpread } from './topology-spread.js';
import { volumeFilter, volumeNeeds } from './volumes.js';

export interface Fit {
  fitting: readonly NodeInfo[];
  /** Why not, by the node's name. */
  rejected: ReadonlyMap<string, Rejection>;
  /** One reason for all nodes: nobody looked at them. */
  refused?: string;
}

/** Which nodes will do. */
export function findNodes(pod: Pod, snapshot: Snapshot): Fit {
  const filters = filtersFor(pod, snapshot);
  if ('refused' in filters) return { fitting: [], rejected: new Map(), refused: filters.refused };
  const rejected = new Map<string, Rejection>();
  const fitting: NodeInfo[] = [];
  for (const info of snapshot.nodes) {
    const rejection = rejectionOf(filters, withNominated(pod, info, snapshot));
    if (rejection) rejected.set(info.name, rejection);
    else fitting.push(info);
  }
  return { fitting, rejected };
}

/** The first reason against a node; a plugin may have several. */
export function rejectionOf(filters: readonly Filter[], info: NodeInfo): Rejection | undefined {
  for (const filter of filters) {
    const rejection = filter(info);
    if (rejection) return rejection;
  }
  return undefined;
}

export function filtersFor(pod: Pod, snapshot: Snapshot): Filter[] | { refused: string } {
  const needs = volumeNeeds(pod, snapshot);
  if ('refused' in needs) return needs;
  const named = namedNodes(pod);
  const others: (Filter | undefined)[] = [
    named && (({ name }) => (named.has(name) ? undefined : never("node(s) didn't satisfy plugin(s) [NodeAffinity]"))),
    ...nodeFilters(pod),
    volumeFilter(pod, needs, snapshot),
    topologySpread(pod, snapshot),
    interPodAffinity(pod, snapshot),
  ];
  return others.filter((each) => each !== undefined);
}

/** Pods that wait for this node and are at least as important count as if they were there. */
function withNominated(pod: Pod, info: NodeInfo, { nominated }: Snapshot): NodeInfo {
  const waiting = nominated.get(info.name) ?? [];
  const before = waiting.filter((each) => each.metadata.uid !== pod.metadata.uid && priorityOf(each) >= priorityOf(pod));
  return before.length === 0 ? info : info.with([...info.pods, ...before]);
}
