import { isRecord, type KubeObject } from '@fairlead/kube';

/**
 * Who set a field last, from an object's managedFields: the newest entry that owns it, other than `besides`. Pure. `field` is as drift names it:
 * `spec.template.spec.containers[web].image`.
 */
export function authorOf(object: KubeObject, field: string, besides: string): { by: string; at: string | null } | null {
  const path = [...field.matchAll(/([^.[\]]+)|\[([^\]]+)\]/g)].map(([, name, key]) => (name === undefined ? { key: key ?? '' } : { name }));
  const entries: unknown[] = Array.isArray(object.metadata.managedFields) ? object.metadata.managedFields : [];
  const owners = entries
    .filter(isRecord)
    .filter((entry) => entry.manager !== besides && owns(entry.fieldsV1, path))
    .map((entry) => ({ by: String(entry.manager), at: typeof entry.time === 'string' ? entry.time : null }))
    .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
  return owners[0] ?? null;
}

type Step = { name: string } | { key: string };

function owns(fields: unknown, path: readonly Step[]): boolean {
  const [step, ...rest] = path;
  if (!isRecord(fields)) return false;
  if (!step) return true;
  if ('name' in step) return owns(fields[`f:${step.name}`], rest);
  const key = Object.keys(fields).find((each) => each.startsWith('k:') && each.includes(JSON.stringify(step.key)));
  return key !== undefined && owns(fields[key], rest);
}
