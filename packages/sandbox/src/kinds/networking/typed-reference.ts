import { type FieldError, invalidValue, required } from '../../machinery/field-error.js';
import { isSubdomain } from '../parts/names.js';
import { named } from '../parts/rules.js';
import { type Fields, isSet, text } from '../parts/values.js';

/** A kind or a name that can stand in a path. */
export function pathSegment(value: string, path: string): FieldError[] {
  if (value === '') return [required(path)];
  if (value === '.' || value === '..') return [invalidValue(path, value, `may not be '${value}'`)];
  return ['/', '%'].filter((character) => value.includes(character)).map((each) => invalidValue(path, value, `may not contain '${each}'`));
}

export const typedReference = (reference: Fields, path: string): FieldError[] => [
  ...(isSet(reference.apiGroup) ? named(isSubdomain, text(reference.apiGroup), `${path}.apiGroup`) : []),
  ...pathSegment(text(reference.kind), `${path}.kind`),
  ...pathSegment(text(reference.name), `${path}.name`),
];
