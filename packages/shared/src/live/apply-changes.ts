import type { LiveChange, LiveItem } from './protocol.js';

/** The rows after `changes`, in the order of `rows` with new keys at the end. `rows` is not touched. */
export function applyChanges<T extends LiveItem>(rows: ReadonlyMap<string, T>, changes: readonly LiveChange<T>[]): Map<string, T> {
  const next = new Map(rows);
  for (const change of changes) {
    if ('put' in change) next.set(change.put.key, change.put);
    else next.delete(change.remove);
  }
  return next;
}
