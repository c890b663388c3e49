import { isRecord } from '@fairlead/kube/protocol';
import { draft } from '../machinery/object.js';
import { canonicalQuantity } from './canonical-quantity.js';
import { deduced, type Field, type MapType, type Type, untyped } from './type.js';

/**
 * Objects here are plain data, but the API server's are Go structs: a struct that is not pointed to is always printed (`resources: {}`), an empty
 * value with omitempty never (`hostNetwork: false`). These functions see plain data as Go would print it.
 */
export function asPrinted(field: Field | undefined, value: unknown): unknown {
  const shape = field?.shape;
  if (!field || !shape) return value;
  if (value === undefined || value === null) return shape.pointer ? (shape.omitEmpty ? undefined : null) : zeroOfField(field);
  if (!shape.pointer && shape.omitEmpty && isEmpty(field.type, value)) return undefined;
  return value;
}

/** A struct with nothing set, as Go prints it. Shared: not to be changed. */
export const zeroOf = ({ map }: Type): Readonly<Record<string, unknown>> => (map ? zeroOfMap(map) : {});

export function zeroOfMap(map: MapType): Readonly<Record<string, unknown>> {
  const before = zeros.get(map);
  if (before) return before;
  const zero: Record<string, unknown> = {};
  for (const field of map.fields.values()) {
    const value = asPrinted(field, undefined);
    if (value !== undefined) zero[field.name] = value;
  }
  zeros.set(map, zero);
  return zero;
}
const zeros = new WeakMap<MapType, Readonly<Record<string, unknown>>>();

/**
 * The value as Go would print it after reading it: fields in their order, undeclared ones dropped unless the schema keeps them, empty ones left out or
 * filled in. Never changes what it is given; shares what is as it should be.
 */
export function completed(type: Type, value: unknown): unknown {
  if (type === untyped || type === deduced) return value;
  if (Array.isArray(value)) {
    const { list } = type;
    if (!list || !(list.items.map || list.items.list)) return value;
    const items = value.map((item) => completed(list.items, item));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const { map } = type;
  if (type.scalar === 'quantity') return canonicalQuantity(value);
  if (!isRecord(value) || !map) return value;
  if (map.fields.size === 0) return map.values ? completedValues(map.values, value) : value;
  return completedStruct(type, value);
}

function completedStruct({ map }: Type, value: Record<string, unknown>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  if (!map) return value;
  let same = true;
  for (const field of map.fields.values()) {
    const given = value[field.name];
    const printed = asPrinted(field, given);
    let inner = printed;
    // A zero is shared by all; what comes out is its owner's to change.
    if (given === undefined || given === null) inner = draft(printed);
    else if (printed !== undefined) inner = completed(field.type, printed);
    if (inner !== undefined) made[field.name] = inner;
    if (inner !== given) same = false;
  }
  for (const key of Object.keys(value)) {
    if (map.fields.has(key)) continue;
    if (map.values) made[key] = value[key];
    else same = false;
  }
  return same ? value : made;
}

function completedValues(type: Type, value: Record<string, unknown>): Record<string, unknown> {
  let made: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const inner = value[key] === null ? zeroOfScalar(type) : completed(type, value[key]);
    if (inner === value[key]) continue;
    made ??= { ...value };
    made[key] = inner;
  }
  return made ?? value;
}

function zeroOfField({ type, shape }: Field): unknown {
  if (type.map?.struct && !type.scalar) return shape?.omitZero ? undefined : zeroOf(type);
  // Structs that print themselves are never left out by omitempty.
  if (type.scalar === 'time' || type.scalar === 'quantity') return shape?.omitZero ? undefined : type.scalar === 'time' ? null : '0';
  return shape?.omitEmpty ? undefined : zeroOfScalar(type);
}

function zeroOfScalar({ scalar }: Type): unknown {
  switch (scalar) {
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'number':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    default:
      return null;
  }
}

function isEmpty(type: Type, value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return type.scalar !== 'intOrString' && type.scalar !== 'untyped';
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && !type.map?.struct && Object.keys(value).length === 0;
}

/** An object of any kind as it is printed; of a custom one, whose own fields are plain data, only the metadata is a struct. */
export function completedObject<T extends { metadata: unknown }>(type: Type, object: T): T {
  if (type.map?.struct) return completed(type, object) as T;
  const metadata = type.map?.fields.get('metadata');
  return metadata?.type.map?.struct ? { ...object, metadata: completed(metadata.type, object.metadata) } : object;
}
