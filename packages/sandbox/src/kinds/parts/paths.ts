import { type FieldError, invalidValue } from '../../machinery/field-error.js';

export function noBacksteps(value: string, path: string): FieldError[] {
  return value.split('/').includes('..') ? [invalidValue(path, value, "must not contain '..'")] : [];
}

/** A path inside a volume: relative, and never up. */
export function descendingPath(value: string, path: string): FieldError[] {
  return [...(value.startsWith('/') ? [invalidValue(path, value, 'must be a relative path')] : []), ...noBacksteps(value, path)];
}

/** Names that start with two dots belong to the writer of projected volumes. */
export function unreservedPath(value: string, path: string): FieldError[] {
  const reserved = value.startsWith('..') && !value.startsWith('../');
  return [...descendingPath(value, path), ...(reserved ? [invalidValue(path, value, "must not start with '..'")] : [])];
}
