import { isRecord } from '@fairlead/kube/protocol';
import { badRequest } from '../machinery/api-error.js';
import { draft } from '../machinery/object.js';
import { jsonType } from './json-patch.js';

/** RFC 7386: objects are merged, null removes, everything else (lists too) is replaced. Answers a new document; 400 for what is no object. */
export function applyMergePatch<T>(document: T, patch: unknown): T {
  if (patch === null || patch === undefined) throw badRequest('Invalid JSON Patch');
  if (!isRecord(patch))
    throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`);
  return merged(document, patch) as T;
}

function merged(document: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return draft(patch);
  const result: Record<string, unknown> = isRecord(document) ? { ...document } : {};
  for (const key of Object.keys(patch)) {
    if (patch[key] === null) delete result[key];
    else result[key] = merged(result[key], patch[key]);
  }
  return result;
}
