import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { fields, isFields, isSet, list, number, text } from '../parts/values.js';
import { metricRules } from './metric-rules.js';
import { referenceRules } from './reference-rules.js';

const maxPeriodSeconds = 1800;
const maxWindowSeconds = 3600;

export function autoscalerRules({ spec: given }: KubeObject, old?: KubeObject): FieldError[] {
  const spec = fields(given);
  const { minReplicas: min } = spec;
  const max = number(spec.maxReplicas);
  const target = fields(spec.scaleTargetRef);
  const before = fields(fields(old?.spec).scaleTargetRef);
  const known = old !== undefined && before.apiVersion === target.apiVersion && before.kind === target.kind;
  const errors: FieldError[] = [];
  if (isSet(min) && number(min) < 1) errors.push(invalidValue('spec.minReplicas', min, 'must be greater than or equal to 1'));
  if (max < 1) errors.push(invalidValue('spec.maxReplicas', max, 'must be greater than 0'));
  if (isSet(min) && max < number(min)) errors.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  errors.push(
    ...referenceRules(target, 'spec.scaleTargetRef', known ? 'any' : target.kind === 'ReplicationController' ? 'empty' : 'group'),
  );
  const metrics = list(spec.metrics);
  errors.push(...metrics.flatMap((metric, index) => metricRules(metric, `spec.metrics[${index}]`)));
  if (min === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors.push(forbiddenField('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas'));
  for (const way of ['scaleUp', 'scaleDown']) errors.push(...behaviorRules(fields(spec.behavior)[way], `spec.behavior.${way}`));
  return errors;
}

function behaviorRules(rules: unknown, path: string): FieldError[] {
  if (!isFields(rules)) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies } = rules;
  const errors: FieldError[] = [];
  const at = `${path}.stabilizationWindowSeconds`;
  if (isSet(window) && number(window) < 0) errors.push(invalidValue(at, window, 'must be greater than or equal to zero'));
  if (isSet(window) && number(window) > maxWindowSeconds)
    errors.push(invalidValue(at, window, `must be less than or equal to ${maxWindowSeconds}`));
  if (isSet(selectPolicy) && !['Disabled', 'Max', 'Min'].includes(text(selectPolicy)))
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']));
  if (list(policies).length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'));
  list(policies).forEach(({ type, value, periodSeconds }, index) => {
    const place = `${path}.policies[${index}]`;
    if (type !== 'Pods' && type !== 'Percent') errors.push(notSupported(`${place}.type`, text(type), ['Percent', 'Pods']));
    if (number(value) <= 0) errors.push(invalidValue(`${place}.value`, number(value), 'must be greater than zero'));
    if (number(periodSeconds) <= 0) errors.push(invalidValue(`${place}.periodSeconds`, number(periodSeconds), 'must be greater than zero'));
    if (number(periodSeconds) > maxPeriodSeconds)
      errors.push(invalidValue(`${place}.periodSeconds`, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`));
  });
  return errors;
}
