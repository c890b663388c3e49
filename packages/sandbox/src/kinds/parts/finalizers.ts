import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import { isQualifiedName } from './names.js';
import { named } from './rules.js';

const standard = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** The API server's own kinds know these finalizers without a domain, and no other. */
export const unknownFinalizer = (name: string, path: string): FieldError[] =>
  name.includes('/') || standard.includes(name)
    ? []
    : [invalidValue(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];

export const finalizerName = (name: string, path: string): FieldError[] => [
  ...named(isQualifiedName, name, path),
  ...unknownFinalizer(name, path),
];
