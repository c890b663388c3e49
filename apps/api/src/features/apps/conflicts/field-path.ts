import { isRecord, type Manifest } from '@fairlead/kube';

/** What a list of objects is merged by, where Kubernetes merges it. */
export function keyOf(item: Record<string, unknown>): string | null {
  for (const key of ['name', 'containerPort', 'mountPath', 'host'] as const) if (item[key] !== undefined) return String(item[key]);
  return null;
}

export interface Located {
  /** As drift names it: `spec.template.spec.containers[web].image`. */
  field: string;
  value: unknown;
}

/**
 * The field of an object that a server-side apply's conflict names (`.spec.template.spec.containers[name="web"].image`). Pure; null where the
 * object has no such field. Names may hold dots and slashes: they are read along what is there.
 */
export const locate = (object: object, path: string): Located | null => follow(object, path, '');

function follow(at: unknown, rest: string, field: string): Located | null {
  if (rest === '') return { field, value: at };
  if (rest.startsWith('.') && isRecord(at)) {
    const names = Object.keys(at).filter((name) => rest.startsWith(name, 1) && ['', '.', '['].includes(rest[1 + name.length] ?? ''));
    for (const name of names.sort((a, b) => b.length - a.length)) {
      const found = follow(at[name], rest.slice(1 + name.length), field === '' ? name : `${field}.${name}`);
      if (found) return found;
    }
    return null;
  }
  const key = /^\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/.exec(rest);
  if (!key?.[1] || !Array.isArray(at)) return null;
  const index = at.findIndex((item, i) => isNamedBy(item, i, key[1] ?? ''));
  const item: unknown = at[index];
  if (index < 0) return null;
  return follow(item, rest.slice(key[0].length), `${field}[${(isRecord(item) ? keyOf(item) : null) ?? index}]`);
}

/** `name="web"`, `containerPort=80,protocol="TCP"` (a default may be missing), `="value"` of a set, `0` of a plain list. */
function isNamedBy(item: unknown, index: number, key: string): boolean {
  if (/^\d+$/.test(key)) return Number(key) === index;
  if (key.startsWith('=')) return JSON.stringify(item) === key.slice(1);
  if (!isRecord(item)) return false;
  const pairs = [...key.matchAll(/([A-Za-z]\w*)=("(?:[^"\\]|\\.)*"|[^,]*)/g)];
  return pairs.length > 0 && pairs.every(([, name = '', value]) => item[name] === undefined || JSON.stringify(item[name]) === value);
}

/** Does the object name the field, as drift names it? Pure. */
export const hasField = (object: Manifest, field: string): boolean => named(object, '', field);

function named(at: unknown, path: string, field: string): boolean {
  if (path === field) return true;
  if (path !== '' && !field.startsWith(path)) return false;
  if (Array.isArray(at)) return at.some((item, i) => named(item, `${path}[${(isRecord(item) ? keyOf(item) : null) ?? i}]`, field));
  return isRecord(at) && Object.entries(at).some(([key, value]) => named(value, path === '' ? key : `${path}.${key}`, field));
}

/** The object without the fields, as drift names them; what is left empty by that goes too, for an empty map would be owned as well. Pure. */
export function without(object: Manifest, fields: ReadonlySet<string>): Manifest {
  if (fields.size === 0) return object;
  const kept = pruned(object, '', fields) as Manifest | undefined;
  return { ...kept, apiVersion: object.apiVersion, kind: object.kind, metadata: { ...kept?.metadata, name: object.metadata.name } };
}

function pruned(at: unknown, path: string, fields: ReadonlySet<string>): unknown {
  if (fields.has(path)) return undefined;
  if (Array.isArray(at)) {
    const items = at.map((item, i) => pruned(item, `${path}[${(isRecord(item) ? keyOf(item) : null) ?? i}]`, fields));
    const kept = items.filter((item) => item !== undefined);
    return at.length > 0 && kept.length === 0 ? undefined : kept;
  }
  if (!isRecord(at)) return at;
  const entries = Object.entries(at).map(([key, value]) => [key, pruned(value, path === '' ? key : `${path}.${key}`, fields)] as const);
  const kept = entries.filter(([, value]) => value !== undefined);
  return entries.length > 0 && kept.length === 0 ? undefined : Object.fromEntries(kept);
}
