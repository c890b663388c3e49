import { parseQuantity } from '@fairlead/kube/protocol';
import type { Container, Pod, Quantities } from '../model/pod.js';

/** Amounts by resource name: cpu in thousandths of a core, everything else in its unit (bytes). */
export type Amounts = Record<string, number>;

export function amounts(quantities: Quantities | undefined): Amounts {
  const result: Amounts = {};
  for (const [name, quantity] of Object.entries(quantities ?? {})) result[name] = amount(name, quantity);
  return result;
}

export function amount(name: string, quantity: string | number): number {
  const nanos = parseQuantity(quantity);
  const unit = name === 'cpu' ? 1_000_000n : 1_000_000_000n;
  return Number((nanos + unit - 1n) / unit);
}

export function addTo(total: Amounts, more: Amounts, sign = 1): Amounts {
  for (const [name, value] of Object.entries(more)) total[name] = (total[name] ?? 0) + sign * value;
  return total;
}

const known = new WeakMap<Pod, Amounts>();

/** What a pod reserves on its node: its containers together, or its largest init container if that is more, and its overhead. */
export function podRequests(pod: Pod): Amounts {
  const found = known.get(pod) ?? reserve(pod, containerRequests);
  known.set(pod, found);
  return found;
}

/** For scores: a container that says nothing counts as 100m and 200Mi. */
export const guessedRequests = (pod: Pod): Amounts =>
  reserve(pod, (container) => ({ cpu: 100, memory: 200 * 2 ** 20, ...containerRequests(container) }));

export const containerRequests = ({ resources }: Container): Amounts => amounts({ ...resources?.limits, ...resources?.requests });

function reserve(pod: Pod, of: (container: Container) => Amounts): Amounts {
  const running = (pod.spec.containers ?? []).reduce<Amounts>((total, each) => addTo(total, of(each)), {});
  const sidecars: Amounts = {};
  const atMost: Amounts = {};
  for (const container of pod.spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') raise(atMost, addTo(sidecars, of(container)));
    else raise(atMost, addTo({ ...sidecars }, of(container)));
  }
  return addTo(raise(addTo(running, sidecars), atMost), amounts(pod.spec.overhead));
}

function raise(total: Amounts, least: Amounts): Amounts {
  for (const [name, value] of Object.entries(least)) total[name] = Math.max(total[name] ?? 0, value);
  return total;
}
