import type { KubeObject } from '@fairlead/kube';
import type { ResourceDefinition } from '../../registry/definition.js';
import { Schemas } from '../../schema/schemas.js';
import type { Type } from '../../schema/type.js';
import { completed } from '../../schema/zero.js';
import { canonicalQuantity } from './quantity-form.js';
import { isFields } from './values.js';

let schemas: Schemas | undefined;

/**
 * Changes an object into what a Go program would print after reading it: fields in their order, zeros left out or filled in, nulls gone,
 * quantities in their canonical form. What is so already is not touched.
 */
export function toGoForm(definition: Pick<ResourceDefinition, 'group' | 'version' | 'kind'>, object: KubeObject): void {
  schemas ??= Schemas.builtIn();
  const type = schemas.of(definition);
  const printed = canonical(type, completed(type, object)) as KubeObject;
  if (printed === object) return;
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, printed);
}

/** Quantities in canonical form; shares what has none to change. */
function canonical(type: Type, value: unknown): unknown {
  if (type.scalar === 'quantity') return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : value;
  if (Array.isArray(value)) {
    const inner = type.list?.items;
    if (!inner || !mayHoldQuantity(inner)) return value;
    let made: unknown[] | undefined;
    value.forEach((item, index) => {
      const next = canonical(inner, item);
      if (next === item) return;
      made ??= [...value];
      made[index] = next;
    });
    return made ?? value;
  }
  const { map } = type;
  if (!map || !isFields(value)) return value;
  let made: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const inner = map.fields.get(key)?.type ?? map.values;
    if (!inner || !mayHoldQuantity(inner)) continue;
    const next = canonical(inner, value[key]);
    if (next === value[key]) continue;
    made ??= { ...value };
    made[key] = next;
  }
  return made ?? value;
}

const mayHoldQuantity = (type: Type): boolean =>
  type.scalar === 'quantity' || ((type.map !== undefined || type.list !== undefined) && !type.scalar);
