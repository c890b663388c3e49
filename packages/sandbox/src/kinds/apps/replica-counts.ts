import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import { notNegative } from '../parts/rules.js';
import { type Fields, isSet, number } from '../parts/values.js';

/** Counts of a status: none is negative, `partial` ones are not greater than all replicas, and what is available is ready. */
export function countRules(status: Fields, counts: readonly string[], partial: readonly string[], ready = 'readyReplicas'): FieldError[] {
  const errors = counts.flatMap((key) => notNegative(status[key], `status.${key}`));
  for (const key of partial)
    if (number(status[key]) > number(status.replicas))
      errors.push(invalidValue(`status.${key}`, number(status[key]), 'cannot be greater than status.replicas'));
  if (number(status.availableReplicas) > number(status.readyReplicas))
    errors.push(invalidValue('status.availableReplicas', number(status.availableReplicas), `cannot be greater than ${ready}`));
  return errors;
}

export const collisionRules = (status: Fields, old: Fields): FieldError[] =>
  isSet(old.collisionCount) && number(status.collisionCount) < number(old.collisionCount)
    ? [invalidValue('status.collisionCount', number(status.collisionCount), 'cannot be decremented')]
    : [];
