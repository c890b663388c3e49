import type { DrillKind, DrillReport } from '@fairlead/shared';
import type { Pod, Workload } from '../observed/shapes.js';
import { patienceMs } from './course.js';

/** How an app is made to bear losses, read from what ran before the act. */
export interface Makeup {
  replicas: number;
  /** `unplaced`: it has one, to which the cluster gave no address. */
  route: 'asked' | 'unplaced' | 'none';
  recreates: boolean;
  /** Names of containers that get requests and lack it. */
  unready: readonly string[];
  abrupt: readonly string[];
}

export function makeupOf(pods: readonly Pod[], workloads: readonly Workload[], route: Makeup['route']): Makeup {
  // Sidecars rarely take requests: only containers with a port are meant, or all where none says so.
  const all = pods[0]?.spec?.containers ?? [];
  const listening = all.filter(({ ports }) => ports && ports.length > 0);
  const containers = listening.length > 0 ? listening : all;
  const names = (lacking: (container: (typeof all)[number]) => boolean) =>
    containers.filter(lacking).map(({ name }) => name ?? 'container');
  return {
    replicas: pods.length,
    route,
    recreates: workloads.some(({ spec }) => spec?.strategy?.type === 'Recreate'),
    unready: names(({ readinessProbe }) => !readinessProbe),
    abrupt: names(({ lifecycle }) => !lifecycle?.preStop),
  };
}

type Numbers = Pick<DrillReport, 'before' | 'requests' | 'healedSeconds'> & Partial<Pick<DrillReport, 'eviction'>>;

/** What to change, most important first; nothing where nothing was lost and nothing is missing. */
export function advise(
  kind: DrillKind,
  makeup: Makeup,
  { before, requests, healedSeconds, eviction }: Numbers,
  cause: string | null,
): string[] {
  const found: string[] = [];
  const lost = requests.failed > 0;
  if (healedSeconds === null)
    found.push(`It did not heal within ${patienceMs / 60_000} minutes${cause ? `: ${cause}` : '.'} Mend that first.`);
  if (eviction && eviction.left.length > 0)
    found.push(
      'Its disruption budget lets no pod go while it is like this: whoever drains the node for maintenance waits too. Run one replica more than the budget needs, or let one pod be away.',
    );
  if (makeup.route === 'none') found.push('It has no route, so nobody knows what a visitor would have noticed. Give it a host.');
  if (makeup.route === 'unplaced')
    found.push(
      'The cluster gave its route no address, so nobody knows what a visitor would have noticed. Is there an ingress controller for its class?',
    );
  if (before.failed > 0)
    found.push(`${before.failed} of ${before.sent} requests failed before anything was done: the route is not well by itself.`);
  if (makeup.replicas === 1 && kind !== 'rollout')
    found.push('It runs one replica: from the moment its pod is lost until the next is ready nobody answers. Run two or more.');
  else if (makeup.replicas === 1)
    found.push('It runs one replica: a rolling update can bridge that, the loss of its pod cannot. Run two or more.');
  if (makeup.recreates && kind === 'rollout')
    found.push('Its strategy is Recreate: all pods stop before new ones start. RollingUpdate replaces them one by one.');
  if (makeup.unready.length > 0)
    found.push(
      `${the(makeup.unready)} no readiness probe: a new pod is sent requests before it can answer. Give it a port or a health path.`,
    );
  if (makeup.abrupt.length > 0)
    found.push(
      `${the(makeup.abrupt)} no preStop: a pod that ends stops answering while routes still send to it. Let it drain for some seconds before it stops.`,
    );
  if (lost && found.length === 0)
    found.push(
      'It is made as it should be, and requests were lost all the same: see whether it answers what it was asked before it ends, and drain longer than its route takes to learn of the change.',
    );
  return found;
}

/** What an end user would have noticed, in one sentence. */
export function verdictOf({ requests, healedSeconds }: Numbers, routed: boolean): string {
  const healed = healedSeconds === null ? 'and it did not heal' : `and it was whole again after ${seconds(healedSeconds)}`;
  if (!routed)
    return healedSeconds === null
      ? 'Nothing was asked, and it did not heal.'
      : `Nothing was asked; whole again after ${seconds(healedSeconds)}.`;
  const { sent, failed, slowed, longestGapMs } = requests;
  if (failed > 0)
    return `Visitors would have noticed: ${failed} of ${sent} requests failed, the longest gap was ${seconds((longestGapMs ?? 0) / 1000)}, ${healed}.`;
  if (slowed > 0) return `No request of ${sent} failed, ${slowed} took longer than usual, ${healed}.`;
  return `Nobody would have noticed: ${sent} requests, none failed, none slowed, ${healed}.`;
}

const the = (names: readonly string[]): string =>
  names.length === 1 ? `Container ${names[0]} has` : `The containers ${names.join(', ')} have`;

const seconds = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
