import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import { pathSegment } from '../networking/typed-reference.js';
import { type Fields, text } from '../parts/values.js';

/** `version`: what may be said of it: with a group, without one, anything. */
export function referenceRules(reference: Fields, path: string, version: 'group' | 'empty' | 'any'): FieldError[] {
  const given = text(reference.apiVersion);
  const problem =
    version === 'any'
      ? undefined
      : given.split('/').length > 2
        ? `unexpected GroupVersion string: ${given}`
        : version === 'group' && !given.includes('/')
          ? 'apiVersion must specify API group'
          : undefined;
  return [
    ...pathSegment(text(reference.kind), `${path}.kind`),
    ...pathSegment(text(reference.name), `${path}.name`),
    ...(problem ? [invalidValue(`${path}.apiVersion`, given, problem)] : []),
  ];
}
