/** The app whose pods are looked into. */
export interface PodTarget {
  project: string;
  appId: string;
  app: string;
  cluster: string;
  namespace: string;
  /** The workload's name: what its pods' names begin with. */
  workload: string;
}

/** A pod's name without its workload's. */
export const shortPod = (name: string, { workload }: Pick<PodTarget, 'workload'>): string =>
  name.startsWith(`${workload}-`) ? name.slice(workload.length + 1) : name;

/** The shortest name that tells a pod from the others: mostly the five characters at its end. */
export function podTag(name: string, target: Pick<PodTarget, 'workload'>, all: readonly string[]): string {
  const last = name.slice(name.lastIndexOf('-') + 1);
  const unique = last.length >= 4 && all.every((other) => other === name || !other.endsWith(`-${last}`));
  return unique ? last : shortPod(name, target);
}
