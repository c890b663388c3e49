import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { pathSegment } from '../networking/typed-reference.js';
import { isLabel } from '../parts/names.js';
import { amountOf, named } from '../parts/rules.js';
import { type Fields, fields, isFields, isSet, number, text } from '../parts/values.js';
import { containerResourceName } from '../pod-template/rules/resource-names.js';
import { referenceRules } from './reference-rules.js';

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
/** In the order in which the API server looks for them. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;

export function metricRules(metric: Fields, path: string): FieldError[] {
  const type = text(metric.type);
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric source type'));
  if (!types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  const said = sources.filter((source) => isFields(metric[source]));
  const [first] = said;
  if (first) errors.push(...sourceRules[first](fields(metric[first]), `${path}.${first}`));
  const expected = sources.find((source) => source.toLowerCase() === type.toLowerCase());
  if (!expected) errors.push(notSupported(`${path}.type`, type, types));
  else if (!isFields(metric[expected]))
    errors.push(required(`${path}.${expected}`, 'must populate information for the given metric source'));
  if (said.length !== 1)
    for (const source of said)
      if (source !== expected) errors.push(forbiddenField(`${path}.${source}`, 'must populate the given metric source only'));
  return errors;
}

const identifier = (metric: unknown, path: string): FieldError[] => {
  const name = text(fields(metric).name);
  return name === '' ? [required(`${path}.name`, 'must specify a metric name')] : pathSegment(name, `${path}.name`);
};

const sourceRules: Readonly<Record<(typeof sources)[number], (source: Fields, path: string) => FieldError[]>> = {
  object: (source, path) => [
    ...referenceRules(fields(source.describedObject), `${path}.describedObject`, 'empty'),
    ...identifier(source.metric, `${path}.metric`),
    ...targetRules(fields(source.target), `${path}.target`),
    ...(isSet(fields(source.target).value) || isSet(fields(source.target).averageValue)
      ? []
      : [required(`${path}.target.averageValue`, 'must set either a target value or averageValue')]),
  ],
  external: (source, path) => {
    const { value, averageValue } = fields(source.target);
    return [
      ...identifier(source.metric, `${path}.metric`),
      ...targetRules(fields(source.target), `${path}.target`),
      ...(isSet(value) || isSet(averageValue)
        ? []
        : [required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target')]),
      ...(isSet(value) && isSet(averageValue)
        ? [forbiddenField(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target')]
        : []),
    ];
  },
  pods: (source, path) => [
    ...identifier(source.metric, `${path}.metric`),
    ...targetRules(fields(source.target), `${path}.target`),
    ...(isSet(fields(source.target).averageValue)
      ? []
      : [required(`${path}.target.averageValue`, 'must specify a positive target averageValue')]),
  ],
  resource: (source, path) => [
    ...(text(source.name) === '' ? [required(`${path}.name`, 'must specify a resource name')] : []),
    ...resourceTarget(source, path),
  ],
  containerResource: (source, path) => [
    ...(text(source.name) === ''
      ? [required(`${path}.name`, 'must specify a resource name')]
      : containerResourceName(text(source.name), `${path}.name`)),
    ...(text(source.container) === ''
      ? [required(`${path}.container`, 'must specify a container')]
      : named(isLabel, text(source.container), `${path}.container`)),
    ...resourceTarget(source, path),
  ],
};

function resourceTarget(source: Fields, path: string): FieldError[] {
  const { averageUtilization, averageValue } = fields(source.target);
  const errors = targetRules(fields(source.target), `${path}.target`);
  if (!isSet(averageUtilization) && !isSet(averageValue))
    errors.push(required(`${path}.target.averageUtilization`, 'must set either a target raw value or a target utilization'));
  if (isSet(averageUtilization) && isSet(averageValue))
    errors.push(forbiddenField(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization'));
  return errors;
}

function targetRules({ type, value, averageValue, averageUtilization }: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (text(type) === '') errors.push(required(`${path}.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(text(type)))
    errors.push(invalidValue(`${path}.type`, text(type), 'must be either Utilization, Value, or AverageValue'));
  if (isSet(value) && amountOf(value) <= 0n) errors.push(invalidValue(`${path}.value`, value, 'must be positive'));
  if (isSet(averageValue) && amountOf(averageValue) <= 0n)
    errors.push(invalidValue(`${path}.averageValue`, averageValue, 'must be positive'));
  if (isSet(averageUtilization) && number(averageUtilization) < 1)
    errors.push(invalidValue(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'));
  return errors;
}
