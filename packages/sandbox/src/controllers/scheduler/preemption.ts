import { matchesLabelSelector } from '@fairlead/kube/protocol';
import type { PodDisruptionBudget } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import { createdAt, isBeingDeleted } from '../parts/owner.js';
import { type Fit, filtersFor, rejectionOf } from './fit.js';
import { preemptionMessage } from './fit-error.js';
import { type NodeInfo, never, priorityOf, type Rejection, type Snapshot } from './snapshot.js';

export type Preemption = { node: string; victims: readonly Pod[] } | { message: string };

interface Candidate {
  node: string;
  victims: readonly Pod[];
  violations: number;
}

/** Whom to send away so that a more important pod fits, or why that would not help. */
export function preempt(pod: Pod, { rejected }: Fit, snapshot: Snapshot): Preemption {
  if (pod.spec.preemptionPolicy === 'Never') return { message: 'not eligible due to preemptionPolicy=Never.' };
  if (waitsForVictims(pod, snapshot)) return { message: 'not eligible due to a terminating pod on the nominated node.' };
  const candidates: Candidate[] = [];
  const tried = new Map<string, Rejection>();
  for (const info of snapshot.nodes) {
    if (!rejected.get(info.name)?.resolvable) continue;
    const found = victimsOn(pod, info, snapshot);
    if ('victims' in found) candidates.push(found);
    else tried.set(info.name, found);
  }
  const best = [...candidates].sort(byDamage)[0];
  return best ?? { message: preemptionMessage(snapshot.nodes.length, tried) };
}

/** Someone is on the way out already to make room for it. */
function waitsForVictims(pod: Pod, { nodes }: Snapshot): boolean {
  const nominated = pod.status?.nominatedNodeName;
  const info = nominated ? nodes.find((each) => each.name === nominated) : undefined;
  return info?.pods.some((each) => isBeingDeleted(each) && priorityOf(each) < priorityOf(pod)) ?? false;
}

/** All of less importance at first; then as many as possible may stay, those under a disruption budget before others. */
function victimsOn(pod: Pod, info: NodeInfo, snapshot: Snapshot): Candidate | Rejection {
  const lesser = info.pods.filter((each) => priorityOf(each) < priorityOf(pod));
  if (lesser.length === 0) return never('No preemption victims found for incoming pod');
  const stay = new Set(info.pods.filter((each) => !lesser.includes(each)));
  const rejection = (): Rejection | undefined => {
    const altered = info.with(stay);
    const world = { ...snapshot, nodes: snapshot.nodes.map((each) => (each === info ? altered : each)) };
    const filters = filtersFor(pod, world);
    return 'refused' in filters ? never(filters.refused) : rejectionOf(filters, altered);
  };
  const refused = rejection();
  if (refused) return refused;

  const { violating, free } = byBudget([...lesser].sort(byImportance), snapshot.budgets);
  const victims: Pod[] = [];
  let violations = 0;
  for (const each of [...violating, ...free]) {
    stay.add(each);
    if (!rejection()) continue;
    stay.delete(each);
    victims.push(each);
    if (violating.includes(each)) violations += 1;
  }
  return { node: info.name, victims: victims.sort(byImportance), violations };
}

const byImportance = (a: Pod, b: Pod): number => priorityOf(b) - priorityOf(a) || createdAt(a) - createdAt(b);

function byBudget(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]): { violating: Pod[]; free: Pod[] } {
  const left = new Map(budgets.map((each) => [each, each.status?.disruptionsAllowed ?? 0]));
  const violating = pods.filter((pod) => {
    let over = false;
    for (const budget of budgets) {
      if (budget.metadata.namespace !== pod.metadata.namespace || !matchesLabelSelector(budget.spec.selector, pod.metadata.labels))
        continue;
      if (budget.status?.disruptedPods?.[pod.metadata.name]) continue;
      left.set(budget, (left.get(budget) ?? 0) - 1);
      over ||= (left.get(budget) ?? 0) < 0;
    }
    return over;
  });
  return { violating, free: pods.filter((each) => !violating.includes(each)) };
}

/** The fewest broken budgets, the least important victims, the least importance in sum, the fewest, the youngest. */
function byDamage(a: Candidate, b: Candidate): number {
  const highest = ({ victims }: Candidate): number => Math.max(...victims.map(priorityOf));
  const total = ({ victims }: Candidate): number => victims.reduce((sum, each) => sum + priorityOf(each) + 2 ** 31, 0);
  const earliest = (candidate: Candidate): number =>
    Math.min(...candidate.victims.filter((each) => priorityOf(each) === highest(candidate)).map(createdAt));
  return (
    a.violations - b.violations ||
    highest(a) - highest(b) ||
    total(a) - total(b) ||
    a.victims.length - b.victims.length ||
    earliest(b) - earliest(a)
  );
}
