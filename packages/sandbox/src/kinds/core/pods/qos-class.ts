import { amountOf } from '../../parts/rules.js';
import { type Fields, fields, isSet, list } from '../../parts/values.js';

/** Guaranteed: every container has limits for CPU and memory, and its requests are the same. BestEffort: none asks for anything. Else Burstable. */
export function qosClass(spec: Fields): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const resources = isSet(spec.resources)
    ? [spec.resources]
    : [...list(spec.containers), ...list(spec.initContainers)].map((each) => each.resources);
  let asked = false;
  let guaranteed = true;
  for (const each of resources) {
    const [requests, limits] = [amounts(fields(each).requests), amounts(fields(each).limits)];
    if (requests.size > 0 || limits.size > 0) asked = true;
    if (limits.size < 2) guaranteed = false;
    for (const [name, limit] of limits) if (requests.get(name) !== limit) guaranteed = false;
    for (const name of requests.keys()) if (!limits.has(name)) guaranteed = false;
  }
  if (!asked) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** Zero counts as nothing. */
function amounts(resources: unknown): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const name of ['cpu', 'memory']) {
    const value = fields(resources)[name];
    const amount = amountOf(value);
    if (amount > 0n) found.set(name, amount);
  }
  return found;
}
