import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import { notNegative } from './rules.js';

const percent = /^[0-9]+%$/;
const words =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** ValidatePositiveIntOrPercent. */
export const intOrPercent = (value: unknown, path: string): FieldError[] =>
  typeof value === 'string' ? (percent.test(value) ? [] : [invalidValue(path, value, words)]) : notNegative(value, path);

export const atMost100Percent = (value: unknown, path: string): FieldError[] =>
  typeof value === 'string' && percent.test(value) && Number.parseInt(value, 10) > 100
    ? [invalidValue(path, value, 'must not be greater than 100%')]
    : [];

/** `25%` is 25; text that is neither is 0. */
export const intOrPercentValue = (value: unknown): number =>
  typeof value === 'string'
    ? Number.isNaN(Number.parseInt(value, 10))
      ? 0
      : Number.parseInt(value, 10)
    : typeof value === 'number'
      ? value
      : 0;
