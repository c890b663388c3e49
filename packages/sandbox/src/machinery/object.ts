import type { KubeObject } from '@fairlead/kube/protocol';

/** The `pods` or `deployments.apps` of client-go's GroupResource: what names a resource inside the sandbox, whatever its version. */
export type GroupResource = string;

export const groupResource = (group: string, resource: string): GroupResource => (group === '' ? resource : `${resource}.${group}`);

/** `v1` or `apps/v1`. */
export const groupVersion = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`);

/**
 * An object as it is stored. It belongs to everybody who reads it and is never changed: a writer copies (`draft`), changes the copy, and
 * hands it to the API.
 */
export type Stored = KubeObject & { readonly apiVersion: string; readonly kind: string };

/** A deep copy that may be changed. Plain JSON data only. */
export function draft<T>(value: T): T {
  if (Array.isArray(value)) return value.map(draft) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = draft((value as Record<string, unknown>)[key]);
  return copy as T;
}

/** Equality of JSON data; the order of keys does not count, a key with `undefined` counts as missing. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, index) => equal(each, b[index]));
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of Object.keys(left)) if (!equal(left[key], right[key])) return false;
  for (const key of Object.keys(right)) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}
