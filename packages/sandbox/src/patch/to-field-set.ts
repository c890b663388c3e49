import { isRecord } from '@fairlead/kube/protocol';
import { type ListType, type MapType, reading, type Type } from '../schema/type.js';
import { type FieldsV1, insert } from './fields-v1.js';
import { fieldElement, itemElement, NoElement } from './path-element.js';

/** Every field that a value sets: what somebody owns who applies it. */
export function fieldSetOf(type: Type, value: unknown): FieldsV1 {
  const set: FieldsV1 = {};
  collect(set, [], type, value);
  return set;
}

function collect(set: FieldsV1, path: string[], type: Type, value: unknown): void {
  const { map, scalar, list } = reading(type, value);
  if (map) {
    if (map.atomic) insert(set, path);
    else if (isRecord(value)) collectMap(set, path, map, value);
  } else if (scalar) insert(set, path);
  else if (list?.atomic) insert(set, path);
  else if (list && Array.isArray(value)) collectList(set, path, list, value);
}

function collectMap(set: FieldsV1, path: string[], map: MapType, value: Record<string, unknown>): void {
  for (const key of Object.keys(value)) {
    const inner = value[key];
    const field = map.fields.get(key);
    const type = field?.type ?? map.values;
    if (inner === undefined || !type) continue;
    path.push(fieldElement(key));
    collect(set, path, type, inner);
    const isNothing = inner === null || (isRecord(inner) && Object.keys(inner).length === 0);
    if (isNothing || !field) insert(set, path);
    path.pop();
  }
}

function collectList(set: FieldsV1, path: string[], list: ListType, value: readonly unknown[]): void {
  const seen = new Map<string, number>();
  const elements = value.map((item) => {
    try {
      return itemElement(list, item);
    } catch (error) {
      if (error instanceof NoElement) return undefined;
      throw error;
    }
  });
  for (const element of elements) if (element !== undefined) seen.set(element, (seen.get(element) ?? 0) + 1);
  elements.forEach((element, index) => {
    if (element === undefined) return;
    path.push(element);
    // Of elements that cannot be told apart, only that they are there is owned.
    if (seen.get(element) === 1) collect(set, path, list.items, value[index]);
    insert(set, path);
    path.pop();
  });
}

/** The set with every declared field on the way to a member as a member of its own. */
export function withNamedFields(type: Type | undefined, set: FieldsV1): FieldsV1 {
  const made: FieldsV1 = {};
  for (const element of Object.keys(set)) {
    const inner = set[element] as FieldsV1;
    if (element === '.') {
      made['.'] = inner;
      continue;
    }
    const field = element.startsWith('f:') ? type?.map?.fields.get(element.slice(2)) : undefined;
    const below = field?.type ?? (element.startsWith('f:') ? type?.map?.values : element.startsWith('k:') ? type?.list?.items : undefined);
    const deeper = withNamedFields(below, inner);
    const isParent = Object.keys(inner).length > 0;
    made[element] = field && isParent && !('.' in deeper) ? { '.': {}, ...deeper } : deeper;
  }
  return made;
}
