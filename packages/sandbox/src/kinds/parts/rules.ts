import { parseQuantity } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { isLabelValue, isPortName, isQualifiedName, type NameRule } from './names.js';
import { fields, list, stringMap, strings, text } from './values.js';

/** Small rules that many kinds share. Each answers what is wrong with `value` at `path`. */
export const negativeWords = 'must be greater than or equal to 0';
export const immutableWords = 'field is immutable';

export const named = (rule: NameRule, value: string, path: string): FieldError[] =>
  rule(value).map((each) => invalidValue(path, value, each));

export const needed = (value: string, path: string, rule: NameRule): FieldError[] =>
  value === '' ? [required(path)] : named(rule, value, path);

export const notNegative = (value: unknown, path: string): FieldError[] =>
  typeof value === 'number' && value < 0 ? [invalidValue(path, value, negativeWords)] : [];

export const positive = (value: number, path: string): FieldError[] =>
  value <= 0 ? [invalidValue(path, value, 'must be greater than zero')] : [];

export const within = (value: unknown, low: number, high: number, path: string): FieldError[] =>
  typeof value === 'number' && (value < low || value > high)
    ? [invalidValue(path, value, `must be between ${low} and ${high}, inclusive`)]
    : [];

/** One of a few words; required where it is empty, unless `optional`. */
export function oneOf(value: unknown, path: string, supported: readonly string[], optional = false): FieldError[] {
  const word = text(value);
  if (word === '') return optional ? [] : [required(path)];
  return supported.includes(word) ? [] : [notSupported(path, word, supported)];
}

/** The same, where nothing at all is no word either. */
export const mustBeOneOf = (value: unknown, path: string, supported: readonly string[]): FieldError[] =>
  supported.includes(text(value)) ? [] : [notSupported(path, text(value), supported)];

export const portNumber = (value: number, path: string): FieldError[] => within(value, 1, 65_535, path);

export const portNumberOrName = (value: unknown, path: string): FieldError[] =>
  typeof value === 'string' ? named(isPortName, value, path) : portNumber(typeof value === 'number' ? value : 0, path);

export const labelKey = (value: string, path: string): FieldError[] => named(isQualifiedName, value, path);

export const labelMap = (labels: unknown, path: string): FieldError[] =>
  Object.entries(stringMap(labels)).flatMap(([key, value]) => [...labelKey(key, path), ...named(isLabelValue, value, path)]);

/** ValidateLabelSelector. */
export function labelSelector(selector: unknown, path: string): FieldError[] {
  const { matchLabels, matchExpressions } = fields(selector);
  const errors = labelMap(matchLabels, `${path}.matchLabels`);
  list(matchExpressions).forEach((each, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const values = strings(each.values);
    switch (each.operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0)
          errors.push(forbiddenField(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        break;
      default:
        errors.push(invalidValue(`${at}.operator`, text(each.operator), 'not a valid selector operator'));
    }
    errors.push(...labelKey(text(each.key), `${at}.key`));
    values.forEach((value, position) => {
      errors.push(...named(isLabelValue, value, `${at}.values[${position}]`));
    });
  });
  return errors;
}

/** A quantity's amount in billionths; 0 where it is none. */
export function amountOf(value: unknown): bigint {
  if (typeof value !== 'string' && typeof value !== 'number') return 0n;
  try {
    return parseQuantity(value);
  } catch {
    return 0n;
  }
}

/** `field is immutable`, where two values are not the same. */
export const immutable = (isSame: boolean, value: unknown, path: string): FieldError[] =>
  isSame ? [] : [invalidValue(path, value, immutableWords)];
