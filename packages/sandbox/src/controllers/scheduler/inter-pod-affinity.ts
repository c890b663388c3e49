import type { Pod, PodAffinityTerm } from '../model/pod.js';
import { requiredAffinity, requiredAntiAffinity, termSelects } from './affinity-terms.js';
import { type Filter, type NodeInfo, never, notNow, type Snapshot } from './snapshot.js';

const domain = (key: string, { node }: NodeInfo): string | undefined => {
  const value = node.metadata.labels?.[key];
  return value === undefined ? undefined : `${key}=${value}`;
};

/** Required affinity and anti-affinity between pods, the anti-affinity of those that are there included. Undefined: nothing of it concerns this pod. */
export function interPodAffinity(pod: Pod, snapshot: Snapshot): Filter | undefined {
  const [near, apart] = [requiredAffinity(pod), requiredAntiAffinity(pod)];
  const closed = closedDomains(pod, snapshot);
  if (near.length === 0 && apart.length === 0 && closed.size === 0) return undefined;

  const taken = apart.map((term) => domainsWith(term, pod, snapshot));
  // A pod has to match all terms to count for any of them.
  const friends = (other: Pod): boolean => near.every((term) => termSelects(term, pod, other, snapshot.namespace));
  const homes = near.map((term) => domainsWhere(term.topologyKey, snapshot, friends));
  // The first of a group that wants to be near itself may go anywhere.
  const first = homes.every((each) => each.size === 0) && friends(pod);

  return (info) => {
    const hasKeys = near.every((term) => domain(term.topologyKey, info) !== undefined);
    const atHome = near.every((term, index) => homes[index]?.has(domain(term.topologyKey, info) ?? ''));
    if (near.length > 0 && (!hasKeys || !(atHome || first))) return never("node(s) didn't match pod affinity rules");
    if (apart.some((term, index) => taken[index]?.has(domain(term.topologyKey, info) ?? ''))) {
      return notNow("node(s) didn't match pod anti-affinity rules");
    }
    for (const [key, value] of Object.entries(info.node.metadata.labels ?? {})) {
      if (closed.has(`${key}=${value}`)) return notNow("node(s) didn't satisfy existing pods anti-affinity rules");
    }
    return undefined;
  };
}

/** Domains where a pod is that does not want this one near. */
function closedDomains(pod: Pod, { nodes, namespace }: Snapshot): Set<string> {
  const closed = new Set<string>();
  for (const info of nodes) {
    for (const other of info.withAffinity) {
      for (const term of requiredAntiAffinity(other)) {
        const where = domain(term.topologyKey, info);
        if (where !== undefined && termSelects(term, other, pod, namespace)) closed.add(where);
      }
    }
  }
  return closed;
}

const domainsWith = (term: PodAffinityTerm, pod: Pod, snapshot: Snapshot): Set<string> =>
  domainsWhere(term.topologyKey, snapshot, (other) => termSelects(term, pod, other, snapshot.namespace));

function domainsWhere(key: string, { nodes }: Snapshot, matches: (pod: Pod) => boolean): Set<string> {
  const found = new Set<string>();
  for (const info of nodes) {
    const where = domain(key, info);
    if (where !== undefined && !found.has(where) && info.pods.some(matches)) found.add(where);
  }
  return found;
}
