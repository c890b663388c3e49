import type { KubeObject } from '@fairlead/kube/protocol';
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { keyProblem } from '../../machinery/name-problem.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { type Fields, fields, isSet, list, setMissing, text, within } from '../parts/values.js';
import { expressionErrors, type PolicyEnvironment, policyEnvironment } from './policy-environment.js';
import { matchErrors, setMatchDefaults } from './rule-errors.js';

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

export const validatingAdmissionPolicies: ResourceDefinition = define({
  group: 'admissionregistration.k8s.io',
  resource: 'validatingadmissionpolicies',
  kind: 'ValidatingAdmissionPolicy',
  namespaced: false,
  categories: ['api-extensions'],
  unconditionalUpdate: false,
  status: true,
  setDefaults(policy) {
    const spec = within(policy, 'spec');
    setMissing(spec, 'failurePolicy', 'Fail');
    setMatchDefaults(spec.matchConstraints);
  },
  validate: policyErrors,
  cells: ({ metadata, spec }, now) => {
    const { validations, paramKind } = fields(spec);
    const { apiVersion, kind } = fields(paramKind);
    return [
      metadata.name,
      list(validations).length,
      isSet(paramKind) ? `${text(apiVersion)}/${text(kind)}` : '<unset>',
      since(metadata.creationTimestamp, now),
    ];
  },
});

function policyErrors({ metadata, spec: given }: KubeObject): FieldError[] {
  const spec = fields(given);
  const errors: FieldError[] = [];
  if (!['Fail', 'Ignore'].includes(text(spec.failurePolicy)))
    errors.push(notSupported('spec.failurePolicy', spec.failurePolicy, ['Fail', 'Ignore']));
  if (isSet(spec.paramKind)) errors.push(...paramKindErrors(fields(spec.paramKind)));
  if (!isSet(spec.matchConstraints)) errors.push(required('spec.matchConstraints'));
  else {
    errors.push(...matchErrors(spec.matchConstraints, 'spec.matchConstraints'));
    if (list(fields(spec.matchConstraints).resourceRules).length === 0) errors.push(required('spec.matchConstraints.resourceRules'));
  }
  const environment = policyEnvironment(isSet(spec.paramKind));
  errors.push(...conditionErrors(list(spec.matchConditions), environment));
  list(spec.variables).forEach((variable, index) => {
    errors.push(...variableErrors(variable, `spec.variables[${index}]`, environment));
  });
  if (list(spec.validations).length === 0 && list(spec.auditAnnotations).length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    return [...errors, required('spec.validations', why), required('spec.auditAnnotations', why)];
  }
  list(spec.validations).forEach((validation, index) => {
    errors.push(...validationErrors(validation, `spec.validations[${index}]`, environment));
  });
  return [...errors, ...auditErrors(list(spec.auditAnnotations), metadata.name ?? '', environment)];
}

function paramKindErrors({ apiVersion, kind }: Fields): FieldError[] {
  const errors: FieldError[] = [];
  if (text(apiVersion) === '') errors.push(required('spec.paramKind.apiVersion'));
  if (text(kind) === '') errors.push(required('spec.paramKind.kind'));
  return errors;
}

function conditionErrors(conditions: readonly Fields[], environment: PolicyEnvironment): FieldError[] {
  const names = conditions.map(({ name }) => text(name));
  return conditions.flatMap(({ expression }, index) => {
    const at = `spec.matchConditions[${index}]`;
    const errors: FieldError[] = [];
    const source = text(expression).trim();
    if (source === '') errors.push(required(`${at}.expression`));
    else errors.push(...expressionErrors(environment.conditions, source, ['bool'], `${at}.expression`));
    const name = names[index] ?? '';
    const problem = keyProblem(name);
    if (name === '') errors.push(required(`${at}.name`));
    else if (problem) errors.push(invalidValue(`${at}.name`, name, problem));
    if (name !== '' && names.indexOf(name) < index) errors.push(duplicate(`${at}.name`, name));
    return errors;
  });
}

function variableErrors({ name, expression }: Fields, at: string, environment: PolicyEnvironment): FieldError[] {
  const errors: FieldError[] = [];
  if (text(name).trim() === '') errors.push(required(`${at}.name`, 'name is not specified'));
  else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(text(name))) errors.push(invalidValue(`${at}.name`, name, 'must be a valid CEL identifier'));
  if (text(expression).trim() === '') errors.push(required(`${at}.expression`, 'expression is not specified'));
  else {
    const found = expressionErrors(environment.expressions, text(expression), undefined, `${at}.expression`);
    errors.push(...found);
    if (found.length === 0) environment.declare(text(name), text(expression));
  }
  return errors;
}

function validationErrors(
  { expression, message, messageExpression, reason }: Fields,
  at: string,
  environment: PolicyEnvironment,
): FieldError[] {
  const errors: FieldError[] = [];
  if (text(expression).trim() === '') errors.push(required(`${at}.expression`, 'expression is not specified'));
  else errors.push(...expressionErrors(environment.expressions, text(expression), ['bool'], `${at}.expression`));
  const source = text(messageExpression);
  if (source !== '' && source.trim() === '') errors.push(invalidValue(`${at}.messageExpression`, source, 'must be non-empty if specified'));
  else if (source !== '') errors.push(...expressionErrors(environment.messages, source, ['string'], `${at}.messageExpression`));
  const words = text(message);
  if (words !== '' && words.trim() === '') errors.push(invalidValue(`${at}.message`, words, 'must be non-empty if specified'));
  else if (/[\r\n]/.test(words.trim())) errors.push(invalidValue(`${at}.message`, words, 'must not contain line breaks'));
  if (isSet(reason) && !reasons.includes(text(reason))) errors.push(notSupported(`${at}.reason`, reason, reasons));
  return errors;
}

function auditErrors(annotations: readonly Fields[], name: string, environment: PolicyEnvironment): FieldError[] {
  const keys = annotations.map(({ key }) => text(key));
  return annotations.flatMap(({ valueExpression }, index) => {
    const at = `spec.auditAnnotations[${index}]`;
    const errors: FieldError[] = [];
    const problem = keyProblem(`${name}/${keys[index]}`);
    if (problem) errors.push(invalidValue(`${at}.key`, `${name}/${keys[index]}`, problem));
    const source = text(valueExpression).trim();
    if (source === '') errors.push(required(`${at}.valueExpression`, 'valueExpression is not specified'));
    else errors.push(...expressionErrors(environment.expressions, source, ['string', 'null_type'], `${at}.valueExpression`));
    if (keys.indexOf(keys[index] ?? '') < index) errors.push(duplicate(`${at}.key`, keys[index]));
    return errors;
  });
}
