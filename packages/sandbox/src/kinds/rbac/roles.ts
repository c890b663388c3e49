import type { KubeObject } from '@fairlead/kube/protocol';
import { checkRole } from '../../access/rbac/escalation.js';
import { rbacGroup } from '../../access/rbac/rules.js';
import { type FieldError, invalidValue, required } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { type Fields, fields, isSet, list, strings, text } from '../parts/values.js';
import { pathSegmentProblem } from './name.js';
import { labelSelectorErrors } from './selector-errors.js';

const common = {
  group: rbacGroup,
  hasGeneration: false,
  nameProblem: pathSegmentProblem,
  cells: ({ metadata }: KubeObject) => [metadata.name, text(metadata.creationTimestamp)],
};

export const roles: ResourceDefinition = define({
  ...common,
  resource: 'roles',
  kind: 'Role',
  prepareForCreate: (role, context) => checkRole(role, undefined, 'roles', context),
  prepareForUpdate: (role, old, context) => checkRole(role, old, 'roles', context),
  setDefaults: rulesAreAList,
  validate: ({ rules }) => ruleErrors(rules, true),
});

export const clusterRoles: ResourceDefinition = define({
  ...common,
  resource: 'clusterroles',
  kind: 'ClusterRole',
  namespaced: false,
  prepareForCreate: (role, context) => checkRole(role, undefined, 'clusterroles', context),
  prepareForUpdate: (role, old, context) => checkRole(role, old, 'clusterroles', context),
  setDefaults: rulesAreAList,
  validate: ({ rules, aggregationRule }) => [...ruleErrors(rules, false), ...aggregationErrors(aggregationRule)],
});

/** Go prints `rules: null` where there are none. */
function rulesAreAList(role: KubeObject): void {
  if (!Array.isArray(role.rules)) role.rules = null;
}

const ruleErrors = (rules: unknown, namespaced: boolean): FieldError[] =>
  list(rules).flatMap((rule, index) => oneRule(rule, `rules[${index}]`, namespaced));

function oneRule(rule: Fields, at: string, namespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (strings(rule.verbs).length === 0) errors.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
  const urls = strings(rule.nonResourceURLs);
  if (urls.length > 0) {
    const refuse = (why: string): number => errors.push(invalidValue(`${at}.nonResourceURLs`, urls, why));
    if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
    const others = [rule.apiGroups, rule.resources, rule.resourceNames].some((each) => strings(each).length > 0);
    if (others) refuse('rules cannot apply to both regular resources and non-resource URLs');
    return errors;
  }
  if (strings(rule.apiGroups).length === 0) errors.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
  if (strings(rule.resources).length === 0) errors.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

function aggregationErrors(rule: unknown): FieldError[] {
  if (!isSet(rule)) return [];
  const at = 'aggregationRule.clusterRoleSelectors';
  const selectors = list(fields(rule).clusterRoleSelectors);
  if (selectors.length === 0) return [required(at, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  return selectors.flatMap((selector, index) => {
    const errors = labelSelectorErrors(selector, `${at}[${index}]`);
    return errors.length > 0 ? [...errors, invalidValue(`${at}[${index}]`, null, 'invalid label selector.')] : [];
  });
}
