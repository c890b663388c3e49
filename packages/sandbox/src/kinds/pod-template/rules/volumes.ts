import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../../../machinery/field-error.js';
import { isLabel, isSubdomain } from '../../parts/names.js';
import { named } from '../../parts/rules.js';
import { type Fields, fields, isFields, list, text } from '../../parts/values.js';
import { volumeSources } from './volume-sources.js';

/** Each volume has one source and a name of its own. Also answers those that are right: mounts may use them. */
export function volumeRules(
  volumes: unknown,
  path: string,
  podName: string,
): { errors: FieldError[]; usable: ReadonlyMap<string, Fields> } {
  const usable = new Map<string, Fields>();
  const errors: FieldError[] = [];
  const made = new Set(list(volumes).flatMap((each) => (podName && isFields(each.ephemeral) ? [`${podName}-${text(each.name)}`] : [])));
  list(volumes).forEach((volume, index) => {
    const at = `${path}[${index}]`;
    const name = text(volume.name);
    const wrong = [...sourceRules(volume, at), ...(name === '' ? [required(`${at}.name`)] : named(isLabel, name, `${at}.name`))];
    if (isFields(volume.ephemeral) && podName && name) {
      const claim = `${podName}-${name}`;
      for (const each of isSubdomain(claim)) wrong.push(invalidValue(`${at}.name`, name, `PVC name "${claim}": ${each}`));
    }
    if (usable.has(name)) wrong.push(duplicate(`${at}.name`, name));
    if (wrong.length === 0) usable.set(name, volume);
    errors.push(...wrong);
    const claimName = text(fields(volume.persistentVolumeClaim).claimName);
    if (made.has(claimName))
      errors.push(
        invalidValue(
          `${at}.persistentVolumeClaim.claimName`,
          claimName,
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      );
  });
  return { errors, usable };
}

function sourceRules(volume: Fields, path: string): FieldError[] {
  const said = Object.keys(volumeSources).filter((kind) => isFields(volume[kind]));
  if (said.length === 0) return [required(path, 'must specify a volume type')];
  return said.flatMap((kind, index) => {
    if (index === 0)
      return volumeSources[kind]?.(fields(volume[kind]), `${path}.${kind === 'gcePersistentDisk' ? 'persistentDisk' : kind}`) ?? [];
    const told = kind === 'downwardAPI' ? 'downwarAPI' : kind === 'cephfs' ? 'cephFS' : kind;
    return [forbiddenField(`${path}.${told}`, 'may not specify more than 1 volume type')];
  });
}
