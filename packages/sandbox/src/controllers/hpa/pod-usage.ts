import { parseQuantity } from '@fairlead/kube/protocol';
import type { PodMetrics } from '../model/autoscaling.js';
import type { Pod } from '../model/pod.js';
import { findCondition } from '../parts/conditions.js';
import { isBeingDeleted } from '../parts/owner.js';

/** Amounts are in thousandths, whatever the resource: millicores, millibytes. */
export interface Sample {
  value: number;
  timestamp: number;
  windowMs: number;
}

/** So long after its start a pod's CPU says nothing unless it is ready. */
const initializationMs = 5 * 60_000;
const firstReadinessMs = 30_000;

export const milli = (quantity: string | number): number => Number((parseQuantity(quantity) + 999_999n) / 1_000_000n);

/** What each pod uses, of one resource, all containers together or one of them. */
export function samples(metrics: readonly PodMetrics[], resource: string, container: string | undefined): Map<string, Sample> {
  const found = new Map<string, Sample>();
  for (const { metadata, containers, timestamp, window } of metrics) {
    const wanted = container === undefined ? containers : containers.filter(({ name }) => name === container);
    const usage = wanted.map((each) => each.usage[resource]).filter((each) => each !== undefined);
    if (usage.length < wanted.length || wanted.length === 0) continue;
    const value = usage.reduce((sum, each) => sum + milli(each), 0);
    found.set(metadata.name, {
      value,
      timestamp: Date.parse(timestamp ?? '') || 0,
      windowMs: (Number.parseFloat(window ?? '') || 0) * 1000,
    });
  }
  return found;
}

/** Who counts: those that are ready with their samples, those that are not ready yet, and those without a sample. */
export interface PodGroups {
  ready: Map<string, number>;
  unready: string[];
  missing: string[];
}

export function groupPods(pods: readonly Pod[], usage: ReadonlyMap<string, Sample>, resource: string, now: number): PodGroups {
  const groups: PodGroups = { ready: new Map(), unready: [], missing: [] };
  for (const pod of pods) {
    const { name } = pod.metadata;
    if (isBeingDeleted(pod) || pod.status?.phase === 'Failed') continue;
    const sample = usage.get(name);
    if (pod.status?.phase === 'Pending') groups.unready.push(name);
    else if (!sample) groups.missing.push(name);
    else if (resource === 'cpu' && isWarmingUp(pod, sample, now)) groups.unready.push(name);
    else groups.ready.set(name, sample.value);
  }
  return groups;
}

function isWarmingUp({ status }: Pod, { timestamp, windowMs }: Sample, now: number): boolean {
  const ready = findCondition(status?.conditions, 'Ready');
  const started = Date.parse(status?.startTime ?? '');
  if (!ready || Number.isNaN(started)) return true;
  const since = Date.parse(ready.lastTransitionTime ?? '');
  if (started + initializationMs > now) return ready.status === 'False' || timestamp < since + windowMs;
  return ready.status === 'False' && started + firstReadinessMs > since;
}

/** What each pod has asked for; or the words for a container that has not. */
export function requests(pods: readonly Pod[], resource: string, container: string | undefined): Map<string, number> | { missing: string } {
  const found = new Map<string, number>();
  for (const pod of pods) {
    const sidecars = (pod.spec.initContainers ?? []).filter((each) => each.restartPolicy === 'Always');
    let sum = 0;
    for (const each of [...pod.spec.containers, ...sidecars]) {
      if (container !== undefined && container !== each.name) continue;
      const request = { ...each.resources?.limits, ...each.resources?.requests }[resource];
      if (request === undefined)
        return { missing: `missing request for ${resource} in container ${each.name} of Pod ${pod.metadata.name}` };
      sum += milli(request);
    }
    found.set(pod.metadata.name, sum);
  }
  return found;
}
