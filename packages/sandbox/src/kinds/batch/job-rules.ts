import { type FieldError, invalidValue, notSupported, required, tooLong } from '../../machinery/field-error.js';
import { isSubdomain } from '../parts/names.js';
import { named, notNegative } from '../parts/rules.js';
import { type Fields, fields, isFields, isSet, number, text } from '../parts/values.js';
import { templateRules } from '../pod-template/rules/template.js';
import { failurePolicyRules, successPolicyRules } from './job-policies.js';

const maxParallelism = 100_000;
const manyCompletions = 100_000;
const parallelismForMany = 10_000;

/** What a Job and the template of a CronJob are both asked: validateJobSpec. */
export function jobSpecRules(spec: Fields, path: string): FieldError[] {
  const errors = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ].flatMap((key) => notNegative(spec[key], `${path}.${key}`));
  if (isSet(spec.maxFailedIndexes) && !isSet(spec.backoffLimitPerIndex))
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (isSet(spec.managedBy)) errors.push(...managerRules(text(spec.managedBy), `${path}.managedBy`));
  errors.push(...modeRules(spec, path));
  if (isFields(spec.podFailurePolicy)) errors.push(...failurePolicyRules(spec, `${path}.podFailurePolicy`));
  if (isFields(spec.successPolicy)) {
    if (spec.completionMode !== 'Indexed')
      errors.push(invalidValue(`${path}.successPolicy`, shownSuccessPolicy(spec.successPolicy), 'requires indexed completion mode'));
    else errors.push(...successPolicyRules(spec, `${path}.successPolicy`));
  }
  errors.push(...replacementRules(spec, `${path}.podReplacementPolicy`));
  const template = fields(spec.template);
  return [
    ...errors,
    ...templateRules(template, `${path}.template`),
    ...restartRules(spec, fields(template.spec), `${path}.template.spec.restartPolicy`),
  ];
}

function modeRules(spec: Fields, path: string): FieldError[] {
  const { completionMode: mode, completions, parallelism, backoffLimitPerIndex, maxFailedIndexes } = spec;
  const errors: FieldError[] = [];
  if (isSet(mode) && mode !== 'NonIndexed' && mode !== 'Indexed')
    errors.push(notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  if (mode === 'Indexed') {
    const tooMany = (key: string, most: number, more = ''): void => {
      if (isSet(spec[key]) && number(spec[key]) > most)
        errors.push(invalidValue(`${path}.${key}`, spec[key], `must be less than or equal to ${most}${more}`));
    };
    if (!isSet(completions)) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
    tooMany('parallelism', maxParallelism, ' when completion mode is Indexed');
    if (isSet(completions) && isSet(maxFailedIndexes) && number(maxFailedIndexes) > number(completions))
      errors.push(invalidValue(`${path}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'));
    tooMany('maxFailedIndexes', manyCompletions);
    if (number(completions) > manyCompletions && isSet(backoffLimitPerIndex)) {
      const used = ` when completions are above ${manyCompletions} and used with backoff limit per index`;
      if (!isSet(maxFailedIndexes))
        errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${manyCompletions}`));
      if (isSet(parallelism)) tooMany('parallelism', parallelismForMany, used);
      tooMany('maxFailedIndexes', parallelismForMany, used);
    }
  }
  if (!isSet(mode) || mode === 'NonIndexed')
    for (const key of ['backoffLimitPerIndex', 'maxFailedIndexes'])
      if (isSet(spec[key])) errors.push(invalidValue(`${path}.${key}`, spec[key], 'requires indexed completion mode'));
  return errors;
}

/** `example.com/controller`. */
export function domainPath(value: string, path: string): FieldError[] {
  if (value === '') return [required(path)];
  const slash = value.indexOf('/');
  const [host, rest] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (slash === -1 || host === '' || rest === '')
    return [invalidValue(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = named(isSubdomain, host, path);
  const allowed = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
  if (!new RegExp(`^${allowed}$`).test(rest))
    errors.push(invalidValue(path, rest, `Invalid path (regex used for validation is '${allowed}')`));
  return errors;
}

const managerRules = (manager: string, path: string): FieldError[] => [
  ...domainPath(manager, path),
  ...(manager.length > 63 ? [tooLong(path, 63)] : []),
];

function replacementRules({ podReplacementPolicy: policy, podFailurePolicy }: Fields, path: string): FieldError[] {
  const supported = isFields(podFailurePolicy) ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return isSet(policy) && !supported.includes(text(policy)) ? [notSupported(path, policy, supported)] : [];
}

function restartRules(spec: Fields, pod: Fields, path: string): FieldError[] {
  const policy = text(pod.restartPolicy);
  if (policy === 'Always' || policy === '') return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])];
  return isFields(spec.podFailurePolicy) && policy !== 'Never'
    ? [invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}

function shownSuccessPolicy(policy: Fields): object {
  const rules = Array.isArray(policy.rules) ? (policy.rules as Fields[]) : null;
  return {
    Rules: rules?.map(({ succeededIndexes, succeededCount }) => ({
      SucceededIndexes: succeededIndexes ?? null,
      SucceededCount: succeededCount ?? null,
    })),
  };
}
