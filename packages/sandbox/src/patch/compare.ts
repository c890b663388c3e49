import { isRecord } from '@fairlead/kube/protocol';
import { equal } from '../machinery/object.js';
import { type ListType, type MapType, reading, type Type } from '../schema/type.js';
import { asPrinted, zeroOfMap } from '../schema/zero.js';
import { type FieldsV1, insert, isEmptySet, union } from './fields-v1.js';
import { fieldElement, itemElement, NoElement } from './path-element.js';

/** Which fields of one object are otherwise in another. */
interface Comparison {
  added: FieldsV1;
  modified: FieldsV1;
  removed: FieldsV1;
}

/** Two values of one type, as Go would print them. What is the same object in both is not looked into. */
export function compared(type: Type, before: unknown, after: unknown): Comparison {
  return walked(type, before, after, false);
}

/** The same of values as they stand there, for what has not been a Go struct yet. */
export function comparedRaw(type: Type, before: unknown, after: unknown): Comparison {
  return walked(type, before, after, true);
}

function walked(type: Type, before: unknown, after: unknown, raw: boolean): Comparison {
  const comparison: Comparison = { added: {}, modified: {}, removed: {} };
  compare({ comparison, path: [], raw }, type, before, after);
  return comparison;
}

/** What is there now and was not, or is another. */
export const changed = ({ added, modified }: Comparison): FieldsV1 => union(modified, added);

export const isSame = ({ added, modified, removed }: Comparison): boolean =>
  isEmptySet(added) && isEmptySet(modified) && isEmptySet(removed);

interface Walk {
  comparison: Comparison;
  /** One array for the whole walk. */
  path: string[];
  raw: boolean;
}

function compare(walk: Walk, type: Type, before: unknown, after: unknown): void {
  if (before === after) return;
  const [left, right] = [reading(type, before), reading(type, after)];
  let leaf = false;
  if (after === undefined) leaf = compareAs(walk, left, before, after);
  else {
    // What was a map and is a list now is gone as the one and new as the other.
    if (before !== undefined && left !== right && !sameReading(left, right)) compareAs(walk, left, before, after);
    leaf = compareAs(walk, right, before, after);
  }
  if (leaf) return;
  if (before === undefined) insert(walk.comparison.added, walk.path);
  else if (after === undefined) insert(walk.comparison.removed, walk.path);
}

/** Whether the value counts as one thing. */
function compareAs(walk: Walk, { map, scalar, list }: Type, before: unknown, after: unknown): boolean {
  if (map) {
    const [left, right] = [isRecord(before) ? before : undefined, isRecord(after) ? after : undefined];
    if (map.atomic || (isNothing(left) && isNothing(right))) return compareLeaf(walk, before, after);
    compareMaps(walk, map, left, right);
    return false;
  }
  if (scalar || !list) return compareLeaf(walk, before, after);
  const [left, right] = [Array.isArray(before) ? before : [], Array.isArray(after) ? after : []];
  if (list.atomic || (left.length === 0 && right.length === 0)) return compareLeaf(walk, before, after);
  compareLists(walk, list, left, right);
  return false;
}

function compareLeaf({ comparison, path }: Walk, before: unknown, after: unknown): true {
  if (before === undefined) insert(comparison.added, path);
  else if (after === undefined) insert(comparison.removed, path);
  else if (!equal(before, after)) insert(comparison.modified, path);
  return true;
}

type Data = Readonly<Record<string, unknown>>;

function compareMaps(walk: Walk, map: MapType, before: Data | undefined, after: Data | undefined): void {
  for (const key in after) compareKey(walk, map, key, before, after);
  for (const key in before) if (!after || !(key in after)) compareKey(walk, map, key, before, after);
  if (walk.raw || !map.struct || (before && after)) return;
  // A whole struct comes or goes, and with it what it does not say.
  const one = before ?? after ?? {};
  for (const key in zeroOfMap(map)) if (!(key in one)) compareKey(walk, map, key, before, after);
}

function compareKey(walk: Walk, map: MapType, key: string, before: Data | undefined, after: Data | undefined): void {
  if (before && after && before[key] === after[key]) return;
  const field = map.fields.get(key);
  const type = field?.type ?? map.values;
  if (!type) return;
  // What is missing in a struct is its zero; in a struct that is missing itself, it is missing.
  const left = before && (walk.raw ? before[key] : asPrinted(field, before[key]));
  const right = after && (walk.raw ? after[key] : asPrinted(field, after[key]));
  if (left === undefined && right === undefined) return;
  walk.path.push(fieldElement(key));
  compare(walk, type, left, right);
  walk.path.pop();
}

function compareLists(walk: Walk, list: ListType, before: readonly unknown[], after: readonly unknown[]): void {
  const [left, right] = [indexed(list, before), indexed(list, after)];
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const [lefts, rights] = [left.get(element) ?? [], right.get(element) ?? []];
    walk.path.push(element);
    if (lefts.length < 2 && rights.length < 2) compare(walk, list.items, lefts[0], rights[0]);
    else if (lefts.length > 1 && rights.length > 1) {
      if (!equal(lefts, rights)) insert(walk.comparison.modified, walk.path);
    } else if (lefts.length > 1) {
      if (rights.length > 0) compare(walk, list.items, undefined, rights[0]);
      insert(walk.comparison.removed, walk.path);
    } else {
      if (lefts.length > 0) compare(walk, list.items, lefts[0], undefined);
      insert(walk.comparison.added, walk.path);
    }
    walk.path.pop();
  }
}

/** The elements by their keys; those without are nobody's. */
function indexed(list: ListType, items: readonly unknown[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const item of items) {
    try {
      const element = itemElement(list, item);
      const same = found.get(element);
      if (same) same.push(item);
      else found.set(element, [item]);
    } catch (error) {
      if (!(error instanceof NoElement)) throw error;
    }
  }
  return found;
}

const isNothing = (map: Record<string, unknown> | undefined): boolean => {
  for (const key in map) if (map[key] !== undefined) return false;
  return true;
};
const sameReading = (a: Type, b: Type): boolean => a.map === b.map && a.list === b.list && a.scalar === b.scalar;
