import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from '../../../machinery/field-error.js';
import { amountOf, negativeWords } from '../../parts/rules.js';
import { fields, list, text } from '../../parts/values.js';
import { containerResourceName, isHugePages, isInteger, mayOvercommit, resourceName } from './resource-names.js';

type NameRule = (name: string, path: string) => FieldError[];

const podLevel = ['cpu', 'hugepages-', 'memory'];
export const podResourceName: NameRule = (name, path) => {
  const errors = resourceName(name, path);
  if (errors.length > 0 || isHugePages(name) || podLevel.includes(name)) return errors;
  return [notSupported(path, name, podLevel)];
};

export function quantityRule(name: string, value: unknown, path: string): FieldError[] {
  const amount = amountOf(value);
  const errors: FieldError[] = [];
  if (amount < 0n) errors.push(invalidValue(path, String(value), negativeWords));
  if (isInteger(name) && amount % 10n ** 9n !== 0n) errors.push(invalidValue(path, value, 'must be an integer'));
  return errors;
}

/** ValidateContainerResourceRequirements; with another rule for names, what a whole pod asks for. */
export function resourceRules(
  requirements: unknown,
  path: string,
  claims: readonly string[],
  nameRule: NameRule = containerResourceName,
): FieldError[] {
  const { limits, requests, claims: asked } = fields(requirements);
  const errors: FieldError[] = [];
  const names = [...Object.keys(fields(limits)), ...Object.keys(fields(requests))];
  for (const [name, limit] of Object.entries(fields(limits))) {
    const at = `${path}.limits[${name}]`;
    errors.push(...nameRule(name, at), ...quantityRule(name, limit, at), ...hugePages(name, limit, at));
  }
  for (const [name, request] of Object.entries(fields(requests))) {
    const at = `${path}.requests[${name}]`;
    errors.push(...nameRule(name, at), ...quantityRule(name, request, at));
    const limit = fields(limits)[name];
    if (limit !== undefined) {
      const [asks, most] = [amountOf(request), amountOf(limit)];
      const shown = String(request);
      if (asks !== most && !mayOvercommit(name))
        errors.push(invalidValue(`${path}.requests`, shown, `must be equal to ${name} limit of ${String(limit)}`));
      else if (asks > most)
        errors.push(invalidValue(`${path}.requests`, shown, `must be less than or equal to ${name} limit of ${String(limit)}`));
    } else if (!mayOvercommit(name)) errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    errors.push(...hugePages(name, request, at));
  }
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    errors.push(forbiddenField(path, 'HugePages require cpu or memory'));
  return [...errors, ...claimRules(asked, `${path}.claims`, claims)];
}

function hugePages(name: string, value: unknown, path: string): FieldError[] {
  if (!isHugePages(name)) return [];
  const [amount, size] = [amountOf(value), amountOf(name.slice('hugepages-'.length))];
  if (size > 0n && amount > 0n && amount % size === 0n) return [];
  return [invalidValue(path, String(value), `${String(value)} is not positive integer multiple of ${name}`)];
}

function claimRules(asked: unknown, path: string, claims: readonly string[]): FieldError[] {
  const seen = new Set<string>();
  return list(asked).flatMap((claim, index) => {
    const [name, at] = [text(claim.name), `${path}[${index}]`];
    if (name === '') return [required(at)];
    const errors = seen.has(name) ? [duplicate(at, name)] : [];
    seen.add(name);
    if (!claims.includes(name)) {
      const known = claims.length === 0 ? ' which is empty' : `: ${[...claims].sort().join(', ')}`;
      const missing = notFoundValue(at, name);
      errors.push({ ...missing, body: `${missing.body}: must be one of the names in pod.spec.resourceClaims${known}` });
    }
    return errors;
  });
}
