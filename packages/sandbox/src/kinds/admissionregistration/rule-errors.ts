import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { type Fields, fields, isSet, list, strings, text } from '../parts/values.js';
import { pathSegmentProblem } from '../rbac/name.js';
import { labelSelectorErrors } from '../rbac/selector-errors.js';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];
const matchPolicies = ['Equivalent', 'Exact'];

/** admissionregistration's validateMatchResources. */
export function matchErrors(value: unknown, at: string): FieldError[] {
  if (!isSet(value)) return [];
  const match = fields(value);
  const errors: FieldError[] = [];
  if (!isSet(match.matchPolicy)) errors.push(required(`${at}.matchPolicy`));
  else if (!matchPolicies.includes(text(match.matchPolicy)))
    errors.push(notSupported(`${at}.matchPolicy`, match.matchPolicy, matchPolicies));
  for (const selector of ['namespaceSelector', 'objectSelector'])
    errors.push(...labelSelectorErrors(fields(match[selector]), `${at}.${selector}`));
  for (const rules of ['resourceRules', 'excludeResourceRules']) {
    list(match[rules]).forEach((rule, index) => {
      errors.push(...ruleErrors(rule, `${at}.${rules}[${index}]`));
    });
  }
  return errors;
}

function ruleErrors(rule: Fields, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = strings(rule.resourceNames);
  names.forEach((name, index) => {
    const problem = pathSegmentProblem(name);
    if (problem) errors.push(invalidValue(`${at}.resourceNames[${index}]`, name, problem));
    if (names.indexOf(name) < index) errors.push(duplicate(`${at}.resourceNames[${index}]`, name));
  });
  errors.push(...wildcardErrors(rule.operations, `${at}.operations`, 'operations'));
  strings(rule.operations).forEach((operation, index) => {
    if (!operations.includes(operation)) errors.push(notSupported(`${at}.operations[${index}]`, operation, operations));
  });
  errors.push(...wildcardErrors(rule.apiGroups, `${at}.apiGroups`, 'API groups'));
  errors.push(...wildcardErrors(rule.apiVersions, `${at}.apiVersions`, 'API versions'));
  strings(rule.apiVersions).forEach((version, index) => {
    if (version === '') errors.push(required(`${at}.apiVersions[${index}]`));
  });
  errors.push(...resourceErrors(strings(rule.resources), `${at}.resources`));
  if (isSet(rule.scope) && !scopes.includes(text(rule.scope))) errors.push(notSupported(`${at}.scope`, rule.scope, scopes));
  return errors;
}

function wildcardErrors(value: unknown, at: string, what: string): FieldError[] {
  const given = strings(value);
  if (given.length === 0) return [required(at)];
  return given.length > 1 && given.includes('*') ? [invalidValue(at, given, `if '*' is present, must not specify other ${what}`)] : [];
}

function resourceErrors(resources: readonly string[], at: string): FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [required(at)] : [];
  resources.forEach((each, index) => {
    const [resource = '', subresource] = each.split('/', 2);
    if (each === '') errors.push(required(`${at}[${index}]`));
    if (subresource === undefined) return;
    const before = resources.slice(0, index);
    for (const wider of [`${resource}/*`, `*/${subresource}`])
      if (before.includes(wider)) errors.push(invalidValue(`${at}[${index}]`, each, `if '${wider}' is present, must not specify ${each}`));
  });
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalidValue(at, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && resources.some((each) => each !== '*' && !each.includes('/')))
    errors.push(invalidValue(at, resources, "if '*' is present, must not specify other resources without subresources"));
  return errors;
}

export function setMatchDefaults(value: unknown): void {
  const match = value as Fields | undefined;
  if (!match) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  for (const rules of [match.resourceRules, match.excludeResourceRules]) for (const rule of list(rules)) rule.scope ??= '*';
}
