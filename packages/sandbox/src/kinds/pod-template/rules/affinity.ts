import { type FieldError, forbiddenField, invalidValue, required } from '../../../machinery/field-error.js';
import { isLabel } from '../../parts/names.js';
import { labelKey, labelSelector, named } from '../../parts/rules.js';
import { type Fields, fields, isFields, list, number, stringMap, strings, text } from '../../parts/values.js';
import { nodeSelectorRules, nodeSelectorTerm } from './node-selector.js';

const hard = 'requiredDuringSchedulingIgnoredDuringExecution';
const soft = 'preferredDuringSchedulingIgnoredDuringExecution';

export function affinityRules(affinity: unknown, path: string): FieldError[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = fields(affinity);
  return [
    ...(isFields(nodeAffinity) ? nodes(nodeAffinity, `${path}.nodeAffinity`) : []),
    ...(isFields(podAffinity) ? pods(podAffinity, `${path}.podAffinity`) : []),
    ...(isFields(podAntiAffinity) ? pods(podAntiAffinity, `${path}.podAntiAffinity`) : []),
  ];
}

const weight = (value: unknown, path: string): FieldError[] =>
  number(value) <= 0 || number(value) > 100 ? [invalidValue(`${path}.weight`, number(value), 'must be in the range 1-100')] : [];

const nodes = (affinity: Fields, path: string): FieldError[] => [
  ...(isFields(affinity[hard]) ? nodeSelectorRules(fields(affinity[hard]), `${path}.${hard}`) : []),
  ...list(affinity[soft]).flatMap((each, index) => [
    ...weight(each.weight, `${path}.${soft}[${index}]`),
    ...nodeSelectorTerm(fields(each.preference), `${path}.${soft}[${index}].preference`, false),
  ]),
];

const pods = (affinity: Fields, path: string): FieldError[] => [
  ...list(affinity[hard]).flatMap((term, index) => podTerm(term, `${path}.${hard}[${index}]`)),
  ...list(affinity[soft]).flatMap((each, index) => [
    ...weight(each.weight, `${path}.${soft}[${index}]`),
    ...podTerm(fields(each.podAffinityTerm), `${path}.${soft}[${index}].podAffinityTerm`),
  ]),
];

const podTerm = (term: Fields, path: string): FieldError[] => [
  ...labelSelector(term.labelSelector, `${path}.labelSelector`),
  ...labelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
  ...strings(term.namespaces).flatMap((name) => named(isLabel, name, `${path}.namespace`)),
  ...matchLabelKeys(term, path),
  ...(text(term.topologyKey) === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []),
  ...labelKey(text(term.topologyKey), `${path}.topologyKey`),
];

/** Keys whose values are taken from the pod itself. */
export function matchLabelKeys(term: Fields, path: string): FieldError[] {
  const [match, mismatch] = [strings(term.matchLabelKeys), strings(term.mismatchLabelKeys)];
  const errors = [
    ...keysOf(match, term.labelSelector, `${path}.matchLabelKeys`),
    ...keysOf(mismatch, term.labelSelector, `${path}.mismatchLabelKeys`),
  ];
  if (isFields(term.labelSelector)) {
    const selected = new Set(Object.keys(stringMap(term.labelSelector.matchLabels)));
    for (const { key } of list(term.labelSelector.matchExpressions)) {
      const index = match.indexOf(text(key));
      if (index !== -1 && selected.has(text(key)))
        errors.push(invalidValue(`${path}[${index}]`, text(key), 'exists in both matchLabelKeys and labelSelector'));
      selected.add(text(key));
    }
  }
  match.forEach((key, index) => {
    if (mismatch.includes(key))
      errors.push(invalidValue(`${path}.matchLabelKeys[${index}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  });
  return errors;
}

function keysOf(keys: readonly string[], selector: unknown, path: string): FieldError[] {
  if (keys.length === 0) return [];
  if (!isFields(selector)) return [forbiddenField(path, 'must not be specified when labelSelector is not set')];
  return keys.flatMap((key, index) => labelKey(key, `${path}[${index}]`));
}
