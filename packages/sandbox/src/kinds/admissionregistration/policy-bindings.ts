import type { KubeObject } from '@fairlead/kube/protocol';
import { duplicate, type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { subdomainProblem } from '../../machinery/name-problem.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { selectorText } from '../parts/selector-text.js';
import { fields, isSet, strings, text, within } from '../parts/values.js';
import { pathSegmentProblem } from '../rbac/name.js';
import { labelSelectorErrors } from '../rbac/selector-errors.js';
import { matchErrors, setMatchDefaults } from './rule-errors.js';

const actions = ['Audit', 'Deny', 'Warn'];

export const validatingAdmissionPolicyBindings: ResourceDefinition = define({
  group: 'admissionregistration.k8s.io',
  resource: 'validatingadmissionpolicybindings',
  kind: 'ValidatingAdmissionPolicyBinding',
  namespaced: false,
  categories: ['api-extensions'],
  unconditionalUpdate: false,
  setDefaults: (binding) => setMatchDefaults(within(binding, 'spec').matchResources),
  validate: bindingErrors,
  cells: ({ metadata, spec }, now) => [
    metadata.name,
    text(fields(spec).policyName),
    paramText(fields(spec).paramRef),
    since(metadata.creationTimestamp, now),
  ],
});

function bindingErrors({ spec: given }: KubeObject): FieldError[] {
  const spec = fields(given);
  const errors: FieldError[] = [];
  const policy = text(spec.policyName);
  const wrong = subdomainProblem(policy);
  if (policy === '') errors.push(required('spec.policyName'));
  else if (wrong) errors.push(invalidValue('spec.policyName', policy, wrong));
  if (isSet(spec.paramRef)) errors.push(...paramErrors(fields(spec.paramRef)));
  errors.push(...matchErrors(spec.matchResources, 'spec.matchResources'));
  return [...errors, ...actionErrors(strings(spec.validationActions))];
}

function paramErrors({ name, selector, parameterNotFoundAction }: Readonly<Record<string, unknown>>): FieldError[] {
  const errors: FieldError[] = [];
  const both = 'name and selector are mutually exclusive';
  if (text(name) !== '') {
    const problem = pathSegmentProblem(text(name));
    if (problem) errors.push(invalidValue('spec.paramRef.name', name, problem));
    if (isSet(selector)) errors.push(forbiddenField('spec.paramRef.name', both));
  }
  if (isSet(selector)) {
    errors.push(...labelSelectorErrors(fields(selector), 'spec.paramRef.selector'));
    if (text(name) !== '') errors.push(forbiddenField('spec.paramRef.selector', both));
  }
  if (text(name) === '' && !isSet(selector)) errors.push(required('spec.paramRef', 'one of name or selector must be specified'));
  const action = text(parameterNotFoundAction);
  if (action === '') errors.push(required('spec.paramRef.parameterNotFoundAction'));
  else if (action !== 'Deny' && action !== 'Allow')
    errors.push(notSupported('spec.paramRef.parameterNotFoundAction', action, ['Deny', 'Allow']));
  return errors;
}

function actionErrors(given: readonly string[]): FieldError[] {
  const at = 'spec.validationActions';
  const errors: FieldError[] = [];
  given.forEach((action, index) => {
    if (!actions.includes(action)) errors.push(notSupported(`${at}[${index}]`, action, actions));
    if (given.indexOf(action) < index) errors.push(duplicate(`${at}[${index}]`, action));
  });
  if (given.includes('Deny') && given.includes('Warn')) {
    const why =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalidValue(at, given, why));
  }
  if (given.length === 0) errors.push(required(at, 'at least one validation action is required'));
  return errors;
}

function paramText(value: unknown): string {
  if (!isSet(value)) return '<unset>';
  const { name, namespace, selector } = fields(value);
  if (text(name) !== '') return `${text(namespace) || '*'}/${text(name)}`;
  return isSet(selector) ? selectorText(selector) : '<unset>';
}
