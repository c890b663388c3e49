import { isRecord } from '@fairlead/kube';
import { same } from '../plan/words.js';

/** A field that was changed again since, so that undoing would take somebody's work. */
export interface Clash {
  path: string;
  /** What undoing would put there. */
  undone: unknown;
  /** What stands there now. */
  now: unknown;
}

/**
 * `now` without what the step from `before` to `after` did. Pure. Fields that the step did not touch stay as they are now; a field that it touched
 * and that is no longer as the step left it is a clash. Lists whose items have names (variables, ports, volumes) are compared item by item.
 */
export function inverse(before: unknown, after: unknown, now: unknown): { undone: unknown; clashes: Clash[] } {
  const clashes: Clash[] = [];
  const undone = step(before, after, now, [], clashes);
  return { undone, clashes };
}

function step(before: unknown, after: unknown, now: unknown, path: readonly string[], clashes: Clash[]): unknown {
  if (same(before, after)) return now;
  if (same(after, now)) return before;
  if (isRecord(before) && isRecord(after) && isRecord(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(now)]);
    const fields = [...keys].map((key) => [key, step(own(before, key), own(after, key), own(now, key), [...path, key], clashes)] as const);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  if (isNamed(before) && isNamed(after) && isNamed(now)) {
    const names = new Set([...now, ...before].map(nameOf));
    const items = [...names].map((name) => step(item(before, name), item(after, name), item(now, name), [...path, name], clashes));
    return items.filter((each) => each !== undefined);
  }
  clashes.push({ path: path.join('.'), undone: before ?? null, now: now ?? null });
  return now;
}

const own = (value: Record<string, unknown>, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

type Named = { name: string };
const nameOf = (value: Named): string => value.name;
const item = (list: readonly Named[], name: string): Named | undefined => list.find((each) => each.name === name);

function isNamed(value: unknown): value is Named[] {
  if (!Array.isArray(value) || !value.every((each) => isRecord(each) && typeof each.name === 'string')) return false;
  return new Set(value.map(nameOf)).size === value.length;
}
