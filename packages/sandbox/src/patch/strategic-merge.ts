import { isRecord, type Status, status } from '@fairlead/kube/protocol';
import { ApiError, badRequest } from '../machinery/api-error.js';
import { draft, equal } from '../machinery/object.js';
import { type Field, reading, type Type } from '../schema/type.js';
import { goPrint } from './go-print.js';
import { jsonType } from './json-patch.js';
import { inElementOrder, keyOf, serverOrder } from './strategic-order.js';

type Data = Record<string, unknown>;

const directive = '$patch';
const retainKeys = '$retainKeys';
const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/**
 * A strategic merge patch (apimachinery's strategicpatch): lists with a merge key in their schema are merged element by element, with the directives
 * $patch, $retainKeys, $setElementOrder and $deleteFromPrimitiveList. Answers a new document. Throws 400 and (as the real one) 500.
 */
export function applyStrategicMergePatch<T>(document: T, patch: unknown, type: Type): T {
  if (patch === null || patch === undefined) return document;
  if (!isRecord(patch)) throw badRequest(`json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`);
  return mergedMap(isRecord(document) ? document : {}, draft(patch), type) as T;
}

/** `patch` is our own. */
function mergedMap(original: Data, patch: Data, type: Type): Data {
  if (directive in patch) {
    if (patch[directive] === 'replace') return without(patch, directive);
    if (patch[directive] === 'delete') return {};
    throw failure(`unknown patch type: ${printed(patch[directive])} in map: ${goPrint(patch)}`);
  }
  const result = retained({ ...original }, patch);
  const change = mergeOrdered(result, patch, type);
  for (const key of Object.keys(change)) {
    const value = change[key];
    const isDeletion = key.startsWith(deletePrefix);
    const name = isDeletion ? key.slice(deletePrefix.length) : key;
    if (value === null) delete result[name];
    else if (!(name in result)) {
      if (!isDeletion) result[name] = withoutDirectives(value);
    } else if (kindOf(result[name]) !== kindOf(value)) {
      if (!isDeletion) result[name] = withoutDirectives(value);
    } else result[name] = mergedValue(result[name], value, fieldOf(type, name), typeUnder(type, name), isDeletion);
  }
  return result;
}

function mergedValue(original: unknown, value: unknown, field: Field | undefined, type: Type, isDeletion: boolean): unknown {
  const strategies = field?.strategy.filter((each) => each !== 'retainKeys') ?? [];
  if (isRecord(original) && isRecord(value)) return strategies.includes('replace') ? value : mergedMap(original, value, type);
  if (!Array.isArray(original) || !Array.isArray(value)) return value;
  return strategies.includes('merge') ? mergedList(original, value, type, field?.mergeKey, isDeletion) : value;
}

function mergedList(original: unknown[], patch: unknown[], type: Type, mergeKey: string | undefined, isDeletion: boolean): unknown[] {
  if (original.length === 0 && patch.length === 0) return original;
  const kinds = new Set([...original, ...patch].map(kindOf));
  if (kinds.size > 1) throw failure(`list element types are not identical: [${goPrint(original)} ${goPrint(patch)}]`);
  if (!kinds.has('map')) {
    if (isDeletion) return original.filter((item) => !patch.includes(item));
    return inElementOrder([...new Set([...original, ...patch])], patch, original, undefined);
  }
  if (!mergeKey) throw failure(`cannot merge lists without merge key for type ${goPrint(original)}`);
  const items = reading(type, original).list?.items ?? {};
  const [kept, changes, isReplaced] = afterDirectives(original as Data[], patch as Data[], mergeKey);
  if (isReplaced) return changes;
  const merged: Data[] = [...kept];
  for (const change of changes) {
    const index = merged.findIndex((item) => equal(item[mergeKey], keyOf(change, mergeKey)));
    const before = merged[index];
    if (before) merged[index] = mergedMap(before, change, items);
    // Taken as it is, directives and all: the decoder drops them, as it drops what it does not know.
    else merged.push(change);
  }
  return inElementOrder(merged, changes, kept, mergeKey);
}

/** What $patch in elements says: without those to delete; or, when there is `replace`, that the rest of the patch is all. */
function afterDirectives(original: Data[], patch: Data[], mergeKey: string): [Data[], Data[], boolean] {
  const changes = patch.filter((item) => !(directive in item));
  let kept = original;
  let isReplaced = false;
  for (const item of patch) {
    if (!(directive in item)) continue;
    if (item[directive] === 'delete') {
      const key = keyOf(item, mergeKey);
      kept = kept.filter((each) => !equal(each[mergeKey], key));
    } else if (item[directive] === 'replace') isReplaced = true;
    else if (item[directive] === 'merge') throw failure('merging lists cannot yet be specified in the patch');
    else throw failure(`unknown patch type: ${printed(item[directive])} in map: ${goPrint(item)}`);
  }
  return [kept, changes, isReplaced];
}

/** Clears what $retainKeys does not name. */
function retained(result: Data, patch: Data): Data {
  if (!(retainKeys in patch)) return result;
  const keys = patch[retainKeys];
  const isFormed =
    Array.isArray(keys) && Object.keys(patch).every((key) => key.startsWith('$') || patch[key] === null || keys.includes(key));
  if (!isFormed) throw badRequest('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(result).filter(([key]) => keys.includes(key)));
}

/** Merges the lists that $setElementOrder names, in its order, into `result`; answers what is left of the patch. */
function mergeOrdered(result: Data, patch: Data, type: Type): Data {
  const left = without(patch, retainKeys);
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(orderPrefix)) continue;
    const name = key.slice(orderPrefix.length);
    const [order, change, before] = [patch[key], patch[name], result[name]];
    delete left[key];
    const field = fieldOf(type, name);
    for (const list of [order, before, change]) {
      if (list !== undefined && !Array.isArray(list)) throw failure(`expected a []interface {}, but received a ${printed(list)}`);
    }
    if (!Array.isArray(order) || (before === undefined && change === undefined)) continue;
    const { mergeKey } = field ?? {};
    if (Array.isArray(change)) checkOrder(change, order, mergeKey, key);
    if (isNone(before) && isNone(change)) throw failure('no elements in any of the given slices');
    let merged: unknown[];
    if (!Array.isArray(before)) merged = withoutDirectives(change) as unknown[];
    else if (!Array.isArray(change)) merged = before;
    else merged = mergedValue(before, change, field, typeUnder(type, name), false) as unknown[];
    result[name] = inElementOrder(merged, order, serverOrder(before, change, mergeKey), mergeKey);
    delete left[name];
  }
  return left;
}

/** The elements of the patch must stand in the order that it gives. */
function checkOrder(change: unknown[], order: unknown[], mergeKey: string | undefined, name: string): void {
  let at = 0;
  const key = (item: unknown): unknown => (mergeKey && isRecord(item) ? item[mergeKey] : item);
  for (const item of change) {
    if (isRecord(item) && directive in item) continue;
    while (at < order.length && !equal(key(order[at]), key(item))) at += 1;
    if (at < order.length) at += 1;
    else throw failure(`The order in patch list:\n${goPrint(change)}\n doesn't match ${name.split('/')[0]} list:\n${goPrint(order)}\n`);
  }
}

/** What is new is taken without its directives and nulls. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !(isRecord(item) && directive in item)).map(withoutDirectives);
  if (!isRecord(value)) return value;
  const made: Data = {};
  for (const [key, inner] of Object.entries(value)) {
    const isDirective = key === directive || key === retainKeys || key.startsWith(orderPrefix) || key.startsWith(deletePrefix);
    if (!isDirective && inner !== null) made[key] = withoutDirectives(inner);
  }
  return made;
}

const fieldOf = (type: Type, name: string): Field | undefined => type.map?.fields.get(name);
const typeUnder = (type: Type, name: string): Type => fieldOf(type, name)?.type ?? type.map?.values ?? {};
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : isRecord(value) ? 'map' : typeof value);
const isNone = (list: unknown): boolean => !Array.isArray(list) || list.length === 0;

/** %s of Go. */
function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '%!s(<nil>)';
  return typeof value === 'object' ? goPrint(value) : `%!s(${typeof value === 'boolean' ? 'bool' : 'int64'}=${goPrint(value)})`;
}

function without(data: Data, key: string): Data {
  const { [key]: _, ...rest } = data;
  return rest;
}

/** The real one answers these with 500 and no reason. */
function failure(message: string): ApiError {
  const { reason: _, ...rest } = status(500, '', message);
  return new ApiError(rest as Status);
}
