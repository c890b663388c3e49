import type { Pod } from '../model/pod.js';
import { matchesNodeTerm } from '../parts/node-affinity.js';
import { controllerOf } from '../parts/owner.js';
import { type Amounts, addTo, guessedRequests } from '../parts/pod-requests.js';
import { untolerated } from '../parts/tolerations.js';
import { requiredAffinity, termSelects } from './affinity-terms.js';
import type { NodeInfo, Snapshot } from './snapshot.js';
import { constraints, domainCounts } from './topology-spread.js';

type Score = (info: NodeInfo) => number;

/** Which of the nodes that will do is best: the default plugins with their weights; chance decides between equals. */
export function bestNode(pod: Pod, fitting: readonly NodeInfo[], snapshot: Snapshot, random: () => number): NodeInfo | undefined {
  if (fitting.length < 2) return fitting[0];
  const totals = new Map(fitting.map((info) => [info, 0]));
  for (const { weight, score } of scores(pod, fitting, snapshot)) {
    for (const info of fitting) totals.set(info, (totals.get(info) ?? 0) + weight * score(info));
  }
  const highest = Math.max(...totals.values());
  const best = fitting.filter((info) => (totals.get(info) ?? 0) > highest - 1e-9);
  return best[Math.floor(random() * best.length)];
}

function scores(pod: Pod, fitting: readonly NodeInfo[], snapshot: Snapshot): { weight: number; score: Score }[] {
  const guess = guessedRequests(pod);
  return [
    { weight: 1, score: (info) => leastAllocated(guess, info) },
    { weight: 1, score: (info) => balanced(guess, info) },
    { weight: 3, score: normalized(fitting, (info) => preferredTaints(pod, info), true) },
    { weight: 2, score: normalized(fitting, (info) => preferredNodes(pod, info), false) },
    { weight: 2, score: spread(pod, fitting) },
    { weight: 2, score: between(fitting, preferredPods(pod, snapshot)) },
  ];
}

const used = (guess: Amounts, info: NodeInfo, name: string): number => {
  const capacity = info.allocatable[name] ?? 0;
  return capacity === 0 ? 1 : Math.min(((guessed(info)[name] ?? 0) + (guess[name] ?? 0)) / capacity, 1);
};

/** Together, with a guess for those that say nothing. */
function guessed(info: NodeInfo): Amounts {
  const found = sums.get(info);
  if (found && found.pods === info.pods.length) return found.amounts;
  const amounts = (found?.amounts ?? {}) as Amounts;
  for (const pod of info.pods.slice(found?.pods ?? 0)) addTo(amounts, guessedRequests(pod));
  sums.set(info, { pods: info.pods.length, amounts });
  return amounts;
}
const sums = new WeakMap<NodeInfo, { pods: number; amounts: Amounts }>();

const leastAllocated = (guess: Amounts, info: NodeInfo): number => 100 * (1 - (used(guess, info, 'cpu') + used(guess, info, 'memory')) / 2);

const balanced = (guess: Amounts, info: NodeInfo): number =>
  100 * (1 - Math.abs(used(guess, info, 'cpu') - used(guess, info, 'memory')) / 2);

const preferredTaints = (pod: Pod, { node }: NodeInfo): number =>
  (node.spec.taints ?? []).filter((taint) => untolerated(pod.spec.tolerations, [taint], ['PreferNoSchedule'])).length;

const preferredNodes = (pod: Pod, { node }: NodeInfo): number =>
  (pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    .filter(({ preference }) => matchesNodeTerm(preference, node))
    .reduce((sum, { weight }) => sum + weight, 0);

/** 0 … 100 in proportion to the highest; `reverse`: the fewer the better. */
function normalized(fitting: readonly NodeInfo[], raw: Score, reverse: boolean): Score {
  const values = new Map(fitting.map((info) => [info, raw(info)]));
  const highest = Math.max(...values.values());
  return (info) => {
    const share = highest === 0 ? 0 : (100 * (values.get(info) ?? 0)) / highest;
    return reverse ? 100 - share : share;
  };
}

/** 0 … 100 between the lowest and the highest. */
function between(fitting: readonly NodeInfo[], raw: Score): Score {
  const values = new Map(fitting.map((info) => [info, raw(info)]));
  const [lowest, highest] = [Math.min(...values.values()), Math.max(...values.values())];
  return (info) => (highest === lowest ? 0 : (100 * ((values.get(info) ?? 0) - lowest)) / (highest - lowest));
}

/** The pod's own soft constraints; without any, its siblings are spread over nodes and zones. */
function spread(pod: Pod, fitting: readonly NodeInfo[]): Score {
  const soft = constraints(pod, 'ScheduleAnyway');
  if (soft.length > 0) {
    const counts = soft.map((each) => domainCounts(each, pod, fitting));
    const crowd: Score = ({ node }) =>
      soft.reduce((sum, each, index) => sum + (counts[index]?.get(node.metadata.labels?.[each.topologyKey] ?? '') ?? 0), 0);
    return between(fitting, (info) => -crowd(info));
  }
  const owner = controllerOf(pod)?.uid;
  if (!owner || (pod.spec.topologySpreadConstraints ?? []).length > 0) return () => 0;
  return between(fitting, (info) => -info.siblings(owner));
}

/** The weight of all preferred terms, the pod's own and those of the pods that are there, by the domains that the node is in. */
function preferredPods(pod: Pod, { nodes, namespace }: Snapshot): Score {
  const weights = new Map<string, number>();
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const own = [
    ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => ({ ...each, sign: 1 })),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => ({ ...each, sign: -1 })),
  ];
  const add = (info: NodeInfo, key: string, weight: number): void => {
    const value = info.node.metadata.labels?.[key];
    if (value !== undefined) weights.set(`${key}=${value}`, (weights.get(`${key}=${value}`) ?? 0) + weight);
  };
  for (const info of nodes) {
    for (const { podAffinityTerm: term, weight, sign } of own) {
      const count = info.pods.filter((other) => termSelects(term, pod, other, namespace)).length;
      if (count > 0) add(info, term.topologyKey, sign * weight * count);
    }
    for (const other of info.withAffinity) {
      for (const term of requiredAffinity(other)) if (termSelects(term, other, pod, namespace)) add(info, term.topologyKey, 1);
      const theirs = other.spec.affinity ?? {};
      for (const { podAffinityTerm: term, weight } of theirs.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
        if (termSelects(term, other, pod, namespace)) add(info, term.topologyKey, weight);
      }
      for (const { podAffinityTerm: term, weight } of theirs.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
        if (termSelects(term, other, pod, namespace)) add(info, term.topologyKey, -weight);
      }
    }
  }
  if (weights.size === 0) return () => 0;
  return ({ node }) =>
    Object.entries(node.metadata.labels ?? {}).reduce((sum, [key, value]) => sum + (weights.get(`${key}=${value}`) ?? 0), 0);
}
