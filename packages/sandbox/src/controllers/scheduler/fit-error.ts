import type { Fit } from './fit.js';
import type { Rejection } from './snapshot.js';

/** `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.` with what preemption had to say after it. */
export function fitMessage(nodes: number, { refused, rejected }: Pick<Fit, 'refused' | 'rejected'>, preemption = ''): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  // The real one's second plugin after the filters finds nothing to work with, and says so.
  if (refused !== undefined) return `${head(nodes)} ${refused}. not found`;
  const after = preemption === '' ? '' : ` no new claims to deallocate, preemption: ${preemption}`;
  return `${head(nodes)}${histogram([...rejected.values()])}${after}`;
}

/** What preemption says when it finds nobody to send away. Nodes that nobody looked at are hopeless. */
export function preemptionMessage(nodes: number, tried: ReadonlyMap<string, Rejection>): string {
  const hopeless = Array.from({ length: nodes - tried.size }, () => ({
    reasons: ['Preemption is not helpful for scheduling'],
    resolvable: false,
  }));
  return `${head(nodes)}${histogram([...tried.values(), ...hopeless])}`;
}

const head = (nodes: number): string => `0/${nodes} nodes are available:`;

function histogram(rejections: readonly Rejection[]): string {
  const counts = new Map<string, number>();
  for (const { reasons } of rejections) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const lines = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return lines.length === 0 ? '' : ` ${lines.join(', ')}.`;
}
