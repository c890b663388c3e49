import type { PodGroups } from './pod-usage.js';

const tolerance = 0.1;

export interface Proposal {
  replicas: number;
  /** Percent of what was asked for; where that is the target. */
  utilization?: number;
  /** The average over the pods. */
  average: number;
}

/** A ratio of use to target over some pods; `basis`: what a pod without a sample counts with on the way down. */
interface Measure {
  ratio(values: ReadonlyMap<string, number>): number;
  basis(pod: string): number;
}

/** Percent of the requests. Target and result in percent. */
export function byUtilization(groups: PodGroups, requests: ReadonlyMap<string, number>, target: number, current: number): Proposal {
  const total = (values: ReadonlyMap<string, number>): { used: number; asked: number } => {
    let [used, asked] = [0, 0];
    for (const [pod, value] of values) {
      const request = requests.get(pod);
      if (request === undefined) continue;
      used += value;
      asked += request;
    }
    return { used, asked };
  };
  const percent = (values: ReadonlyMap<string, number>): number => {
    const { used, asked } = total(values);
    return asked === 0 ? 0 : Math.floor((used * 100) / asked);
  };
  const measure: Measure = {
    ratio: (values) => percent(values) / target,
    basis: (pod) => Math.floor(((requests.get(pod) ?? 0) * Math.max(100, target)) / 100),
  };
  const average = Math.floor(total(groups.ready).used / groups.ready.size);
  return { replicas: proposed(groups, measure, current), utilization: percent(groups.ready), average };
}

/** An amount for each pod. */
export function byAverage(groups: PodGroups, target: number, current: number): Proposal {
  const mean = (values: ReadonlyMap<string, number>): number =>
    Math.floor([...values.values()].reduce((sum, each) => sum + each, 0) / values.size);
  const measure: Measure = { ratio: (values) => mean(values) / target, basis: () => target };
  return { replicas: proposed(groups, measure, current), average: mean(groups.ready) };
}

/**
 * The ratio times the pods, rounded up; nothing within the tolerance. Pods that cannot be counted count against the change: as idle on the way up, as busy on
 * the way down; where they would turn its direction, nothing changes.
 */
function proposed({ ready, unready, missing }: PodGroups, { ratio, basis }: Measure, current: number): number {
  const first = ratio(ready);
  const up = first > 1;
  const withUnready = unready.length > 0 && up;
  if (!withUnready && missing.length === 0) return isWithin(first) ? current : Math.ceil(first * ready.size - 1e-9);
  const values = new Map(ready);
  if (first !== 1) for (const pod of missing) values.set(pod, up ? 0 : basis(pod));
  if (withUnready) for (const pod of unready) values.set(pod, 0);
  const second = ratio(values);
  if (isWithin(second) || (first < 1 && second > 1) || (first > 1 && second < 1)) return current;
  const replicas = Math.ceil(second * values.size - 1e-9);
  return (second < 1 && replicas > current) || (second > 1 && replicas < current) ? current : replicas;
}

const isWithin = (ratio: number): boolean => ratio >= 1 - tolerance - 1e-9 && ratio <= 1 + tolerance + 1e-9;
