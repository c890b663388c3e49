import { isRecord } from '@fairlead/kube/protocol';
import { reading, type Type, typeUnder } from '../schema/type.js';
import { below, type FieldsV1, hasElement, isEmptySet } from './fields-v1.js';
import { fieldElement, itemElement, NoElement } from './path-element.js';

/** The value without the fields of this set. Maps and lists that have nothing left are null, as are atomic ones that lose anything. */
export function withoutItems(type: Type, value: unknown, remove: FieldsV1): unknown {
  const { map, scalar, list } = reading(type, value);
  if (map) {
    if (!isRecord(value) || map.atomic) return null;
    const made: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const element = fieldElement(key);
      if (hasElement(remove, element)) continue;
      const deeper = below(remove, element);
      const inner = typeUnder(map, key);
      made[key] = isEmptySet(deeper) || !inner ? value[key] : withoutItems(inner, value[key], deeper);
    }
    return Object.keys(made).length > 0 ? made : null;
  }
  if (scalar) return value;
  if (!list || !Array.isArray(value) || list.atomic) return null;
  const made: unknown[] = [];
  for (const item of value) {
    const element = elementOf(() => itemElement(list, item));
    if (element !== undefined && hasElement(remove, element)) continue;
    const deeper = element === undefined ? {} : below(remove, element);
    made.push(isEmptySet(deeper) ? item : withoutItems(list.items, item, deeper));
  }
  return made.length > 0 ? made : null;
}

function elementOf(make: () => string): string | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NoElement) return undefined;
    throw error;
  }
}
