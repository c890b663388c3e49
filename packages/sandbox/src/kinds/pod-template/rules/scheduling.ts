import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { isLabelValue, isQualifiedName } from '../../parts/names.js';
import { labelKey, labelSelector, mustBeOneOf, named, positive } from '../../parts/rules.js';
import { isSet, list, number, text } from '../../parts/values.js';
import { matchLabelKeys } from './affinity.js';

export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export const tolerationRules = (tolerations: unknown, path: string): FieldError[] =>
  list(tolerations).flatMap((each, index) => {
    const at = `${path}[${index}]`;
    const [key, operator, value, effect] = [text(each.key), text(each.operator), text(each.value), text(each.effect)];
    const errors = key === '' ? [] : labelKey(key, `${at}.key`);
    if (key === '' && operator !== 'Exists')
      errors.push(
        invalidValue(
          `${at}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (isSet(each.tolerationSeconds) && effect !== 'NoExecute')
      errors.push(invalidValue(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === '' || operator === 'Equal') {
      const problems = isLabelValue(value);
      if (problems.length > 0) errors.push(invalidValue(`${at}.operator`, value, problems.join(';')));
    } else if (operator === 'Exists') {
      if (value !== '') errors.push(invalidValue(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']));
    if (effect !== '' && !taintEffects.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, taintEffects));
    return errors;
  });

export const spreadRules = (constraints: unknown, path: string): FieldError[] =>
  list(constraints).flatMap((each, index) => {
    const at = `${path}[${index}]`;
    const [key, action] = [text(each.topologyKey), text(each.whenUnsatisfiable)];
    const errors = positive(number(each.maxSkew), `${at}.maxSkew`);
    if (key === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    errors.push(...mustBeOneOf(action, `${at}.whenUnsatisfiable`, ['DoNotSchedule', 'ScheduleAnyway']));
    const rest = list(constraints).slice(index + 1);
    if (rest.some((other) => text(other.topologyKey) === key && text(other.whenUnsatisfiable) === action))
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`));
    if (isSet(each.minDomains)) {
      errors.push(...positive(number(each.minDomains), `${at}.minDomains`));
      if (action !== 'DoNotSchedule')
        errors.push(
          invalidValue(`${at}.minDomains`, each.minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`),
        );
    }
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy'])
      if (isSet(each[policy])) errors.push(...mustBeOneOf(each[policy], `${at}.${policy}`, ['Honor', 'Ignore']));
    return [...errors, ...matchLabelKeys(each, at), ...labelSelector(each.labelSelector, `${at}.labelSelector`)];
  });

export function gateRules(gates: unknown, path: string): FieldError[] {
  const seen = new Set<string>();
  return list(gates).flatMap(({ name }, index) => {
    const errors = named(isQualifiedName, text(name), `${path}[${index}]`);
    if (seen.has(text(name))) errors.push(duplicate(`${path}[${index}]`, text(name)));
    seen.add(text(name));
    return errors;
  });
}
