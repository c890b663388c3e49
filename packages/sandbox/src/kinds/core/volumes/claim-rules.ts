import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { isLabel, isSubdomain } from '../../parts/names.js';
import { amountOf, labelMap, labelSelector, named } from '../../parts/rules.js';
import { type Fields, fields, isFields, isSet, stringMap, strings, text } from '../../parts/values.js';
import { quantityRule } from '../../pod-template/rules/resources.js';

export const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];

export function accessModeRules(modes: readonly string[], path: string): FieldError[] {
  const errors = modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(path, mode, accessModes));
  const known = modes.filter((mode) => accessModes.includes(mode));
  if (known.includes('ReadWriteOncePod') && known.some((mode) => mode !== 'ReadWriteOncePod'))
    errors.push(forbiddenField(path, 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

/** ValidatePersistentVolumeClaimSpec. */
export function claimSpecRules(spec: Fields, path: string): FieldError[] {
  const modes = strings(spec.accessModes);
  const errors = modes.length === 0 ? [required(`${path}.accessModes`, 'at least 1 access mode is required')] : [];
  errors.push(...labelSelector(spec.selector, `${path}.selector`), ...accessModeRules(modes, `${path}.accessModes`));
  const [size, at] = [fields(fields(spec.resources).requests).storage, `${path}.resources[storage]`];
  if (!isSet(size)) errors.push(required(at));
  else if (amountOf(size) <= 0n) errors.push(invalidValue(at, String(size), 'must be greater than zero'));
  else errors.push(...quantityRule('storage', size, at));
  if (text(spec.storageClassName) !== '') errors.push(...named(isSubdomain, text(spec.storageClassName), `${path}.storageClassName`));
  if (isSet(spec.volumeMode) && !volumeModes.includes(text(spec.volumeMode)))
    errors.push(notSupported(`${path}.volumeMode`, spec.volumeMode, volumeModes));
  const { dataSource, dataSourceRef } = spec;
  if (isFields(dataSource)) errors.push(...sourceRules(dataSource, `${path}.dataSource`));
  if (isFields(dataSourceRef)) {
    errors.push(...sourceRules(dataSourceRef, `${path}.dataSourceRef`));
    if (text(dataSourceRef.namespace) !== '')
      errors.push(...named(isLabel, text(dataSourceRef.namespace), `${path}.dataSourceRef.namespace`));
  }
  if (isFields(dataSource) && isFields(dataSourceRef)) {
    const same = ['apiGroup', 'kind', 'name'].every((key) => text(dataSource[key]) === text(dataSourceRef[key]));
    if (text(dataSourceRef.namespace) !== '')
      errors.push(invalidValue(path, {}, 'may not be specified when dataSourceRef.namespace is specified'));
    else if (!same) errors.push(invalidValue(path, {}, 'must match dataSourceRef'));
  }
  if (text(spec.volumeAttributesClassName) !== '')
    errors.push(...named(isSubdomain, text(spec.volumeAttributesClassName), `${path}.volumeAttributesClassName`));
  return errors;
}

function sourceRules(source: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (text(source.name) === '') errors.push(required(`${path}.name`));
  if (text(source.kind) === '') errors.push(required(`${path}.kind`));
  const group = text(source.apiGroup);
  if (group === '' && source.kind !== 'PersistentVolumeClaim')
    errors.push(invalidValue(path, text(source.kind), "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (group !== '') errors.push(...named(isSubdomain, group, `${path}.apiGroup`));
  return errors;
}

/** The template of an ephemeral volume: nothing but labels and annotations is its own. */
export function claimTemplateRules(template: Fields, path: string): FieldError[] {
  const metadata = fields(template.metadata);
  const strange = Object.keys(metadata).filter((key) => !['annotations', 'labels', 'creationTimestamp'].includes(key));
  return [
    ...Object.keys(stringMap(metadata.annotations)).flatMap((key) => labelMap({ [key.toLowerCase()]: '' }, `${path}.metadata.annotations`)),
    ...labelMap(metadata.labels, `${path}.metadata.labels`),
    ...strange.map((key) => forbiddenField(`${path}.metadata.${key}`, 'cannot be set')),
    ...claimSpecRules(fields(template.spec), `${path}.spec`),
  ];
}
