import { duplicate, type FieldError, invalidValue, notSupported, required, tooMany } from '../../machinery/field-error.js';
import { isQualifiedName } from '../parts/names.js';
import { named, notNegative } from '../parts/rules.js';
import { type Fields, fields, isFields, isSet, list, number, text } from '../parts/values.js';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const most = { rules: 20, values: 255 } as const;
const listed = (words: readonly string[]): string => `valid values: [${words.map((word) => JSON.stringify(word)).join(' ')}]`;

/** `Invalid value: …` without a value, as the API server tells it of whole rules. */
const wrong = (path: string, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field: path,
  body: `Invalid value: ${detail}`,
});

export function failurePolicyRules(spec: Fields, path: string): FieldError[] {
  const rules = list(fields(spec.podFailurePolicy).rules);
  const pod = fields(fields(spec.template).spec);
  const names = [...list(pod.containers), ...list(pod.initContainers)].map(({ name }) => text(name));
  return [
    ...(rules.length > most.rules ? [tooMany(`${path}.rules`, rules.length, most.rules)] : []),
    ...rules.flatMap((rule, index) => failureRule(rule, `${path}.rules[${index}]`, spec, names)),
  ];
}

function failureRule(rule: Fields, path: string, spec: Fields, names: readonly string[]): FieldError[] {
  const [action, codes, conditions] = [text(rule.action), rule.onExitCodes, list(rule.onPodConditions)];
  const errors: FieldError[] = [];
  if (action === '') errors.push(required(`${path}.action`, listed(actions)));
  else if (action === 'FailIndex' && !isSet(spec.backoffLimitPerIndex))
    errors.push(invalidValue(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
  if (isFields(codes)) errors.push(...exitCodes(codes, `${path}.onExitCodes`, names));
  errors.push(...conditionPatterns(conditions, `${path}.onPodConditions`));
  if (isFields(codes) && conditions.length > 0)
    errors.push(wrong(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!isFields(codes) && conditions.length === 0)
    errors.push(wrong(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
  return errors;
}

function exitCodes(codes: Fields, path: string, names: readonly string[]): FieldError[] {
  const [operator, values] = [text(codes.operator), Array.isArray(codes.values) ? (codes.values as number[]) : []];
  const errors: FieldError[] = [];
  if (operator === '') errors.push(required(`${path}.operator`, listed(['In', 'NotIn'])));
  else if (operator !== 'In' && operator !== 'NotIn') errors.push(notSupported(`${path}.operator`, operator, ['In', 'NotIn']));
  if (isSet(codes.containerName) && !names.includes(text(codes.containerName))) {
    const words = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalidValue(`${path}.containerName`, codes.containerName, words));
  }
  if (values.length === 0) errors.push(invalidValue(`${path}.values`, codes.values ?? null, 'at least one value is required'));
  else if (values.length > most.values) errors.push(tooMany(`${path}.values`, values.length, most.values));
  values.forEach((value, index) => {
    if (operator === 'In' && value === 0) errors.push(invalidValue(`${path}.values[${index}]`, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) !== index) errors.push(duplicate(`${path}.values[${index}]`, value));
  });
  if (values.some((value, index) => value < (values[index - 1] ?? value)))
    errors.push(invalidValue(`${path}.values`, values, 'must be ordered'));
  return errors;
}

const conditionPatterns = (patterns: readonly Fields[], path: string): FieldError[] => [
  ...(patterns.length > most.rules ? [tooMany(path, patterns.length, most.rules)] : []),
  ...patterns.flatMap(({ type, status }, index) => [
    ...named(isQualifiedName, text(type), `${path}[${index}].type`),
    ...(['False', 'True', 'Unknown'].includes(text(status))
      ? []
      : [notSupported(`${path}[${index}].status`, status, ['False', 'True', 'Unknown'])]),
  ]),
];

export function successPolicyRules(spec: Fields, path: string): FieldError[] {
  const rules = list(fields(spec.successPolicy).rules);
  const completions = number(spec.completions);
  const errors: FieldError[] = [];
  if (rules.length === 0)
    errors.push(required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > most.rules) errors.push(tooMany(`${path}.rules`, rules.length, most.rules));
  rules.forEach(({ succeededCount: count, succeededIndexes: indexes }, index) => {
    const at = `${path}.rules[${index}]`;
    if (!isSet(count) && !isSet(indexes)) errors.push(required(at, 'at least one of succeededCount or succeededIndexes must be specified'));
    const covered = isSet(indexes) ? indexCount(text(indexes), completions) : 0;
    if (typeof covered === 'string')
      errors.push(invalidValue(`${at}.succeededIndexes`, indexes, `error parsing succeededIndexes: ${covered}`));
    if (!isSet(count)) return;
    errors.push(...notNegative(count, `${at}.succeededCount`));
    const fewer = (bound: number, what: string): void => {
      errors.push(invalidValue(`${at}.succeededCount`, count, `must be less than or equal to ${bound} (${what})`));
    };
    if (number(count) > completions) fewer(completions, 'the number of specified completions');
    if (isSet(indexes) && typeof covered === 'number' && number(count) > covered)
      fewer(covered, 'the number of indexes in the specified succeededIndexes field');
  });
  return errors;
}

/** How many indexes `0-2,5` names, or what is wrong with it. */
export function indexCount(indexes: string, completions: number): number | string {
  if (indexes === '') return 0;
  let [count, last] = [0, -1];
  for (const interval of indexes.split(',')) {
    const ends = interval.split('-');
    if (ends.length > 2)
      return `the fragment ${JSON.stringify(interval)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    for (const end of ends) {
      if (!/^\d+$/.test(end)) return `cannot convert string to integer for index: ${JSON.stringify(end)}`;
      if (Number(end) >= completions) return `too large index: ${JSON.stringify(end)}`;
    }
    const [from, to] = [Number(ends[0]), Number(ends[1] ?? ends[0])];
    if (ends.length === 2 && from >= to) return `non-increasing order, previous: ${from}, current: ${to}`;
    if (from <= last) return `non-increasing order, previous: ${last}, current: ${from}`;
    count += to - from + 1;
    last = to;
  }
  return count;
}
