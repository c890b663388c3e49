import { compareQuantities, parseQuantity, toMillicores } from '@fairlead/kube/protocol';
import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../../machinery/field-error.js';
import { keyProblem } from '../../machinery/name-problem.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { type Fields, fields, items, list, stringMap, text } from '../parts/values.js';
import { limitNameErrors } from './resource-names.js';

type Quantities = Readonly<Record<string, string>>;

export const limitRanges: ResourceDefinition = define({
  resource: 'limitranges',
  kind: 'LimitRange',
  shortNames: ['limits'],
  hasGeneration: false,
  setDefaults: ({ spec }) => {
    for (const limit of items(fields(spec).limits)) setLimitDefaults(limit);
  },
  validate: ({ spec }) => limitErrors(list(fields(spec).limits)),
  cells: ({ metadata }) => [metadata.name, text(metadata.creationTimestamp)],
});

/** For containers: the maximum is the default, the default is what is asked for, or else the minimum. */
function setLimitDefaults(limit: Fields): void {
  if (limit.type !== 'Container') return;
  const defaults = { ...stringMap(limit.max), ...stringMap(limit.default) };
  const requests = { ...stringMap(limit.min), ...defaults, ...stringMap(limit.defaultRequest) };
  if (Object.keys(defaults).length > 0) limit.default = defaults;
  if (Object.keys(requests).length > 0) limit.defaultRequest = requests;
}

const types = new Set(['Pod', 'Container', 'PersistentVolumeClaim']);

function limitErrors(limits: readonly Fields[]): FieldError[] {
  const seen = limits.map(({ type }) => text(type));
  return limits.flatMap((limit, index) => {
    const at = `spec.limits[${index}]`;
    const type = text(limit.type);
    const errors: FieldError[] = [];
    const problem = keyProblem(type);
    if (problem) errors.push(invalidValue(`${at}.type`, type, problem));
    else if (!type.includes('/') && !types.has(type))
      errors.push(invalidValue(`${at}.type`, type, 'must be a standard limit type or fully qualified'));
    if (seen.indexOf(type) < index) errors.push(duplicate(`${at}.type`, type));
    return [...errors, ...nameErrors(limit, type, at), ...valueErrors(limit, type, at)];
  });
}

function nameErrors(limit: Fields, type: string, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string): void => {
    for (const name of Object.keys(stringMap(limit[field]))) errors.push(...limitNameErrors(type, name, `${at}.${field}[${name}]`));
  };
  check('max');
  check('min');
  for (const field of ['default', 'defaultRequest']) {
    if (type !== 'Pod') check(field);
    else if (Object.keys(stringMap(limit[field])).length > 0)
      errors.push(forbiddenField(`${at}.${field}`, "may not be specified when `type` is 'Pod'"));
  }
  if (type === 'PersistentVolumeClaim' && stringMap(limit.min).storage === undefined && stringMap(limit.max).storage === undefined)
    errors.push(required(`${at}.limits`, 'either minimum or maximum storage value is required, but neither was provided'));
  check('maxLimitRequestRatio');
  return errors;
}

function valueErrors(limit: Fields, type: string, at: string): FieldError[] {
  const of = (field: string): Quantities => stringMap(limit[field]);
  const [min, max, ratios] = [of('min'), of('max'), of('maxLimitRequestRatio')];
  const [defaults, requests] = type === 'Pod' ? [{}, {}] : [of('default'), of('defaultRequest')];
  const errors: FieldError[] = [];
  const above = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && compareQuantities(a, b) > 0;
  const names = new Set([min, max, defaults, requests, ratios].flatMap((each) => Object.keys(each)));
  for (const name of names) {
    const [least, most, normal, asked, ratio] = [min[name], max[name], defaults[name], requests[name], ratios[name]];
    const refuse = (field: string, value: unknown, why: string): number => errors.push(invalidValue(`${at}.${field}[${name}]`, value, why));
    if (above(least, most)) refuse('min', least, `min value ${least} is greater than max value ${most}`);
    if (above(least, asked)) refuse('defaultRequest', asked, `min value ${least} is greater than default request value ${asked}`);
    if (above(asked, most)) refuse('defaultRequest', asked, `default request value ${asked} is greater than max value ${most}`);
    if (above(asked, normal))
      refuse('defaultRequest', asked, `default request value ${asked} is greater than default limit value ${normal}`);
    if (above(least, normal)) refuse('default', least, `min value ${least} is greater than default value ${normal}`);
    if (above(normal, most)) refuse('default', most, `default value ${normal} is greater than max value ${most}`);
    if (ratio === undefined) continue;
    if (parseQuantity(ratio) < 10n ** 9n) refuse('maxLimitRequestRatio', ratio, `ratio ${ratio} is less than 1`);
    if (least === undefined || most === undefined) continue;
    const highest = toMillicores(most) / toMillicores(least);
    if (toMillicores(ratio) / 1000 > highest)
      refuse('maxLimitRequestRatio', ratio, `ratio ${ratio} is greater than max/min = ${highest.toFixed(6)}`);
  }
  return errors;
}
