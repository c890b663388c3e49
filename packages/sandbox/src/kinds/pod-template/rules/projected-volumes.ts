import { type FieldError, forbiddenField, invalidValue, required } from '../../../machinery/field-error.js';
import { unreservedPath } from '../../parts/paths.js';
import { type Fields, isFields, isSet, list, number, text } from '../../parts/values.js';
import { fieldRef, resourceFieldRef, volumeFieldPaths } from './field-refs.js';

export const fileMode = (mode: unknown, path: string): FieldError[] =>
  isSet(mode) && (number(mode) < 0 || number(mode) > 0o777)
    ? [invalidValue(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];

export const keyToPath = (item: Fields, path: string): FieldError[] => [
  ...(text(item.key) === '' ? [required(`${path}.key`)] : []),
  ...(text(item.path) === '' ? [required(`${path}.path`)] : []),
  ...unreservedPath(text(item.path), `${path}.path`),
  ...fileMode(item.mode, `${path}.mode`),
];

export const downwardApi = (source: Fields, path: string): FieldError[] => [
  ...fileMode(source.defaultMode, `${path}.defaultMode`),
  ...list(source.items).flatMap((item) => downwardFile(item, path)),
];

function downwardFile(item: Fields, path: string): FieldError[] {
  const errors = text(item.path) === '' ? [required(`${path}.path`)] : [];
  errors.push(...unreservedPath(text(item.path), `${path}.path`));
  if (isFields(item.fieldRef)) {
    errors.push(...fieldRef(item.fieldRef, `${path}.fieldRef`, volumeFieldPaths));
    if (isFields(item.resourceFieldRef))
      errors.push(invalidValue(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (isFields(item.resourceFieldRef)) errors.push(...resourceFieldRef(item.resourceFieldRef, `${path}.resourceFieldRef`, true));
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...fileMode(item.mode, `${path}.mode`)];
}

/** Files of all sources lie in one folder: each path belongs to one of them. */
export function projected(source: Fields, path: string): FieldError[] {
  const errors = fileMode(source.defaultMode, `${path}.defaultMode`);
  const taken = new Set<string>();
  const take = (file: string, shown: string): void => {
    if (file === '') return;
    if (taken.has(file)) errors.push(invalidValue(path, shown, 'conflicting duplicate paths'));
    taken.add(file);
  };
  list(source.sources).forEach((each, index) => {
    const at = `${path}.sources[${index}]`;
    for (const kind of ['secret', 'configMap']) {
      const part = each[kind];
      if (!isFields(part)) continue;
      if (text(part.name) === '') errors.push(required(`${at}.${kind}.name`));
      list(part.items).forEach((item, position) => {
        errors.push(...keyToPath(item, `${at}.${kind}.items[${position}]`));
        take(text(item.path), text(part.name));
      });
    }
    if (isFields(each.downwardAPI)) {
      for (const item of list(each.downwardAPI.items)) {
        errors.push(...downwardFile(item, `${at}.downwardAPI`));
        take(text(item.path), text(item.path));
      }
    }
    if (isFields(each.serviceAccountToken)) errors.push(...token(each.serviceAccountToken, `${at}.serviceAccountToken`, path));
    if (
      ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate'].filter((kind) =>
        isFields(each[kind]),
      ).length > 1
    )
      errors.push(forbiddenField(at, 'may not specify more than 1 volume type per source'));
  });
  return errors;
}

function token(part: Fields, at: string, path: string): FieldError[] {
  const [seconds, errors] = [number(part.expirationSeconds), [] as FieldError[]];
  if (seconds < 600) errors.push(invalidValue(`${at}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > 2 ** 32)
    errors.push(invalidValue(`${at}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'));
  if (text(part.path) === '') errors.push(required(`${path}.path`));
  else errors.push(...unreservedPath(text(part.path), `${path}.path`));
  return errors;
}
