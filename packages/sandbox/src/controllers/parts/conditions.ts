import { timestamp } from '../../machinery/clock.js';
import type { Condition } from '../model/pod.js';

export const findCondition = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((each) => each.type === type);

export const isTrue = (conditions: readonly Condition[] | undefined, type: string): boolean =>
  findCondition(conditions, type)?.status === 'True';

export const withoutCondition = (conditions: readonly Condition[] | undefined, type: string): Condition[] =>
  (conditions ?? []).filter((each) => each.type !== type);

/**
 * As the older controllers set theirs (workloads): nothing changes while status and reason stay; a new one goes to the end of the list and keeps its
 * lastTransitionTime while its status stays.
 */
export function withCondition(conditions: readonly Condition[] | undefined, next: Condition): Condition[] {
  const current = findCondition(conditions, next.type);
  if (current && current.status === next.status && current.reason === next.reason) return [...(conditions ?? [])];
  const kept = current?.status === next.status && current.lastTransitionTime ? { lastTransitionTime: current.lastTransitionTime } : {};
  return [...withoutCondition(conditions, next.type), { ...next, ...kept }];
}

/** As meta.SetStatusCondition: in its place, and lastTransitionTime changes with the status alone. */
export function putCondition(
  conditions: readonly Condition[] | undefined,
  next: Omit<Condition, 'lastTransitionTime'>,
  now: number,
): Condition[] {
  const list = [...(conditions ?? [])];
  const at = list.findIndex((each) => each.type === next.type);
  const current = list[at];
  const lastTransitionTime = (current?.status === next.status && current.lastTransitionTime) || timestamp(now);
  if (at === -1) return [...list, { ...next, lastTransitionTime }];
  list[at] = { ...current, ...next, lastTransitionTime };
  return list;
}
