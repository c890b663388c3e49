import type { KubeObject } from '@fairlead/kube/protocol';
import { parseQuantity } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue, required } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { canonicalQuantity } from '../parts/quantity-form.js';
import { type Fields, fields, isSet, list, stringMap, strings, text } from '../parts/values.js';
import { isCountedInWholes, isQuotaName, isScope, quotaNameErrors, scopeFits } from './resource-names.js';

export const resourceQuotas: ResourceDefinition = define({
  resource: 'resourcequotas',
  kind: 'ResourceQuota',
  shortNames: ['quota'],
  hasGeneration: false,
  status: true,
  validate: ({ spec }) => specErrors(fields(spec)),
  validateUpdate({ spec }, old) {
    const sorted = (value: unknown): string[] => [...new Set(strings(fields(value).scopes))].sort();
    return equal(sorted(spec), sorted(old.spec)) ? [] : [invalidValue('spec.scopes', fields(spec).scopes, 'field is immutable')];
  },
  cells,
});

function specErrors(spec: Fields): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, value] of Object.entries(stringMap(spec.hard))) {
    const at = `spec.hard[${name}]`;
    errors.push(...quotaNameErrors(name, at));
    const nanos = parseQuantity(value);
    if (nanos < 0n) errors.push(invalidValue(at, canonicalQuantity(value), 'must be greater than or equal to 0'));
    if (isCountedInWholes(name) && nanos % 10n ** 9n !== 0n) errors.push(invalidValue(at, canonicalQuantity(value), 'must be an integer'));
  }
  return [...errors, ...scopeErrors(spec), ...selectorErrors(spec)];
}

function scopeErrors(spec: Fields): FieldError[] {
  const scopes = strings(spec.scopes);
  const errors: FieldError[] = [];
  for (const scope of scopes) {
    if (!isScope(scope)) errors.push(invalidValue('spec.scopes', scopes, 'unsupported scope'));
    errors.push(...unfit(scope, spec, () => invalidValue('spec.scopes', scopes, 'unsupported scope applied to resource')));
  }
  if (conflicting(scopes)) errors.push(invalidValue('spec.scopes', scopes, 'conflicting scopes'));
  return errors;
}

const conflicting = (scopes: readonly string[]): boolean =>
  (scopes.includes('BestEffort') && scopes.includes('NotBestEffort')) ||
  (scopes.includes('Terminating') && scopes.includes('NotTerminating'));

const unfit = (scope: string, { hard }: Fields, error: () => FieldError): FieldError[] =>
  Object.keys(stringMap(hard)).flatMap((name) => (isQuotaName(name) && !scopeFits(scope, name) ? [error()] : []));

const mustExist =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

function selectorErrors(spec: Fields): FieldError[] {
  if (!isSet(spec.scopeSelector)) return [];
  const at = 'spec.scopeSelector.matchExpressions';
  const errors: FieldError[] = [];
  const expressions = list(fields(spec.scopeSelector).matchExpressions);
  for (const { scopeName, operator, values: given } of expressions) {
    const [scope, values] = [text(scopeName), strings(given)];
    if (!isScope(scope)) errors.push(invalidValue(`${at}.scopeName`, scope, 'unsupported scope'));
    errors.push(...unfit(scope, spec, () => invalidValue(at, spec.scopeSelector, 'unsupported scope applied to resource')));
    if (isScope(scope) && scope !== 'PriorityClass' && scope !== 'VolumeAttributesClass' && operator !== 'Exists')
      errors.push(invalidValue(`${at}.operator`, operator, mustExist));
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        errors.push(required(`${at}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        errors.push(
          invalidValue(`${at}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"),
        );
    } else errors.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'));
  }
  if (conflicting(expressions.map(({ scopeName }) => text(scopeName))))
    errors.push(invalidValue(at, spec.scopes ?? null, 'conflicting scopes'));
  return errors;
}

function cells({ metadata, status }: KubeObject, now: number): Cell[] {
  const [hard, used] = [stringMap(fields(status).hard), stringMap(fields(status).used)];
  const shown = (names: readonly string[]): string => names.map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`).join(', ');
  const names = Object.keys(hard).sort();
  const isLimit = (name: string): boolean => name.startsWith('limits.');
  return [
    metadata.name,
    shown(names.filter((each) => !isLimit(each))),
    shown(names.filter(isLimit)),
    since(metadata.creationTimestamp, now),
  ];
}
