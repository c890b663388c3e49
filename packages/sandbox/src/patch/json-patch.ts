import { isRecord, status } from '@fairlead/kube/protocol';
import { ApiError, badRequest } from '../machinery/api-error.js';
import { draft, equal } from '../machinery/object.js';
import { pointerKeys } from './json-pointer.js';

const maxOperations = 10_000;

/** What the API server answers to every patch that does not fit the object; it does not say why. */
const doesNotFit = (): ApiError =>
  new ApiError(status(422, 'Invalid', 'the server rejected our request due to an error in our request', {}));

/**
 * RFC 6902 as the API server reads it: `replace` of a missing key adds it, `-1` counts from the end of a list, a missing `value` is null.
 * Answers a new document. Throws 400 for what is no list of operations, 422 for what does not fit, 413 beyond 10,000 operations.
 */
export function applyJsonPatch<T>(document: T, patch: unknown): T {
  if (!Array.isArray(patch))
    throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonType(patch)} into Go value of type []handlers.jsonPatchOp`);
  if (patch.length > maxOperations) {
    const words = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`;
    throw new ApiError(status(413, 'RequestEntityTooLarge', `Request entity too large: ${words}`));
  }
  let root: unknown = draft(document);
  for (const operation of patch) root = applied(root, isRecord(operation) ? operation : {});
  return root as T;
}

function applied(root: unknown, { op, path, from, value = null }: Record<string, unknown>): unknown {
  const at = keysOf(path);
  switch (op) {
    case 'add':
      return added(root, at, draft(value));
    case 'replace':
      return replaced(root, at, draft(value));
    case 'remove':
      return removed(root, at);
    case 'copy':
      return added(root, at, draft(found(root, keysOf(from))));
    case 'move': {
      const source = keysOf(from);
      const moved = found(root, source);
      return added(removed(root, source), at, moved);
    }
    case 'test':
      if (!equal(foundOrNull(root, at), value)) throw doesNotFit();
      return root;
    default:
      throw doesNotFit();
  }
}

function keysOf(path: unknown): string[] {
  const keys = typeof path === 'string' ? pointerKeys(path) : undefined;
  if (!keys) throw doesNotFit();
  return keys;
}

function added(root: unknown, keys: readonly string[], value: unknown): unknown {
  const key = keys.at(-1);
  if (key === undefined) return value;
  const parent = found(root, keys.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : indexIn(key, parent.length, parent.length + 1), 0, value);
  else if (isRecord(parent)) parent[key] = value;
  else throw doesNotFit();
  return root;
}

function replaced(root: unknown, keys: readonly string[], value: unknown): unknown {
  const key = keys.at(-1);
  if (key === undefined) return value;
  const parent = found(root, keys.slice(0, -1));
  if (Array.isArray(parent)) parent[indexIn(key, parent.length - 1, parent.length)] = value;
  else if (isRecord(parent)) parent[key] = value;
  else throw doesNotFit();
  return root;
}

function removed(root: unknown, keys: readonly string[]): unknown {
  const key = keys.at(-1);
  if (key === undefined) throw doesNotFit();
  const parent = found(root, keys.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(indexIn(key, parent.length - 1, parent.length), 1);
  else if (isRecord(parent) && Object.hasOwn(parent, key)) delete parent[key];
  else throw doesNotFit();
  return root;
}

/** A place in a list; negative ones count from `length`. */
function indexIn(key: string, last: number, length: number): number {
  if (!/^-?\d+$/.test(key)) throw doesNotFit();
  const index = Number(key);
  const place = index < 0 ? index + length : index;
  if (place < 0 || place > last) throw doesNotFit();
  return place;
}

function found(root: unknown, keys: readonly string[]): unknown {
  let at = root;
  for (const key of keys) {
    if (Array.isArray(at)) at = at[indexIn(key, at.length - 1, at.length)];
    else if (isRecord(at) && Object.hasOwn(at, key)) at = at[key];
    else throw doesNotFit();
  }
  return at;
}

/** For `test`: a key that is not there is null. */
function foundOrNull(root: unknown, keys: readonly string[]): unknown {
  const key = keys.at(-1);
  if (key === undefined) return root;
  const parent = found(root, keys.slice(0, -1));
  return isRecord(parent) ? (Object.hasOwn(parent, key) ? parent[key] : null) : found(parent, [key]);
}

/** What encoding/json calls the type of a value. */
export const jsonType = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};
