import type { Change } from '../../api/api.js';
import type { Pod } from '../model/pod.js';
import type { ReplicaSet } from '../model/workloads.js';
import { controllerOf } from '../parts/owner.js';
import { isActive, isReady } from '../parts/pod-state.js';

/** What the status of a set says of its active pods. */
export interface Counts {
  replicas: number;
  fullyLabeled: number;
  ready: number;
}

interface Counted extends Counts {
  generation: number | undefined;
  isSelected(pod: Pod): boolean;
  hasLabels(pod: Pod): boolean;
}

/**
 * How many pods each set has, kept as they change: a set of thousands is not gone through because one of its pods became ready. Whatever is not a plain change
 * of a pod that belongs to its set (an orphan, labels that no longer fit, another generation of the set) makes it forget, and somebody has to count again.
 */
export class ReplicaCounts {
  private readonly counted = new Map<string, Counted>();

  /** After a count of all: `active` are its active pods. */
  set(set: ReplicaSet, active: readonly Pod[], isSelected: (pod: Pod) => boolean): void {
    const hasLabels = labelled(set);
    const counted = { generation: set.metadata.generation, isSelected, hasLabels, replicas: 0, fullyLabeled: 0, ready: 0 };
    for (const pod of active) add(counted, pod, 1);
    this.counted.set(set.metadata.uid ?? '', counted);
  }

  of(set: ReplicaSet): Counts | undefined {
    const counted = this.counted.get(set.metadata.uid ?? '');
    return counted?.generation === set.metadata.generation ? counted : undefined;
  }

  forget(uid: string): void {
    this.counted.delete(uid);
  }

  /** A pod changed. */
  note({ type, object, old }: Change): void {
    const [now, before] = [object, old] as unknown as [Pod, Pod | undefined];
    const uid = controllerOf(now)?.uid ?? '';
    const uidBefore = before ? (controllerOf(before)?.uid ?? '') : uid;
    if (uid !== uidBefore) {
      this.forget(uid);
      this.forget(uidBefore);
      return;
    }
    const counted = this.counted.get(uid);
    if (!counted) return;
    const gone = type === 'DELETED';
    if (!counted.isSelected(now) && !gone) {
      this.forget(uid);
      return;
    }
    if (before && isActive(before)) add(counted, before, -1);
    if (!gone && isActive(now)) add(counted, now, 1);
  }
}

export const countsOf = (set: ReplicaSet, active: readonly Pod[]): Counts => {
  const counts = { hasLabels: labelled(set), replicas: 0, fullyLabeled: 0, ready: 0 };
  for (const pod of active) add(counts, pod, 1);
  return counts;
};

function add(counts: Counts & { hasLabels(pod: Pod): boolean }, pod: Pod, by: 1 | -1): void {
  counts.replicas += by;
  if (counts.hasLabels(pod)) counts.fullyLabeled += by;
  if (isReady(pod)) counts.ready += by;
}

function labelled(set: ReplicaSet): (pod: Pod) => boolean {
  const labels = Object.entries(set.spec.template.metadata?.labels ?? {});
  return (pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value);
}
