import { timestamp } from '../../machinery/clock.js';
import { equal } from '../../machinery/object.js';
import type { Node, Taint } from '../model/cluster.js';
import type { Condition } from '../model/pod.js';
import { findCondition } from '../parts/conditions.js';

/** A kubelet that says nothing for so long is lost. */
export const graceMs = 50_000;
/** A node that has never said anything has longer. */
export const startupGraceMs = 60_000;

type NodeCondition = Condition & { lastHeartbeatTime?: string };

const reported = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** The conditions of a node whose kubelet is silent: nobody knows. */
export function lostConditions(node: Node, now: number): NodeCondition[] {
  const conditions: NodeCondition[] = [...(node.status?.conditions ?? [])];
  for (const type of reported) {
    const at = conditions.findIndex((each) => each.type === type);
    const current = conditions[at];
    if (!current) {
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        lastHeartbeatTime: node.metadata.creationTimestamp ?? timestamp(now),
        lastTransitionTime: timestamp(now),
      });
    } else if (current.status !== 'Unknown') {
      const said = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
      conditions[at] = { ...current, status: 'Unknown', ...said, lastTransitionTime: timestamp(now) };
    }
  }
  return conditions;
}

const keyByCondition: Readonly<Record<string, Partial<Record<Condition['status'], string>>>> = {
  Ready: { False: 'node.kubernetes.io/not-ready', Unknown: 'node.kubernetes.io/unreachable' },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
};
const ours = new Set([...Object.values(keyByCondition).flatMap((each) => Object.values(each)), 'node.kubernetes.io/unschedulable']);
const evicting = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/**
 * The taints that follow from a node's conditions: nothing new is put there, and unless `evict` is false what does not tolerate it goes. Taints of
 * others stay.
 */
export function conditionTaints({ spec, status }: Node, evict: boolean, now: number): Taint[] {
  const keys = (status?.conditions ?? []).flatMap(({ type, status: is }) => keyByCondition[type]?.[is] ?? []);
  const wanted: Taint[] = keys.map((key) => ({ key, effect: 'NoSchedule' }));
  if (spec.unschedulable) wanted.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
  const ready = findCondition(status?.conditions, 'Ready');
  const evictBy = ready ? keyByCondition.Ready?.[ready.status] : undefined;
  if (evict && evictBy) wanted.push({ key: evictBy, effect: 'NoExecute' });
  const isOurs = ({ key, effect }: Taint): boolean =>
    (effect === 'NoSchedule' && ours.has(key)) || (effect === 'NoExecute' && evicting.includes(key));
  const same = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
  const current = spec.taints ?? [];
  const kept = current.filter((each) => !isOurs(each) || wanted.some((other) => same(other, each)));
  const added = wanted
    .filter((each) => !current.some((other) => same(other, each)))
    .map((each) => ({ ...each, timeAdded: timestamp(now) }));
  return added.length === 0 && equal(kept, current) ? current : [...kept, ...added];
}
