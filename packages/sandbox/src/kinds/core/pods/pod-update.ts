import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, required } from '../../../machinery/field-error.js';
import { draft, equal } from '../../../machinery/object.js';
import { changedText } from '../../parts/changed-text.js';
import { type Fields, fields, isSet, items, list, number, stringMap, text } from '../../parts/values.js';

const maxSeconds = 2 ** 31 - 1;
const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

/** ValidatePodUpdate: most of a pod is what it is. */
export function podUpdateRules({ spec: now }: KubeObject, { spec: before }: KubeObject): FieldError[] {
  const [spec, old] = [fields(now), fields(before)];
  const errors: FieldError[] = [];
  for (const key of ['containers', 'initContainers']) {
    if (list(spec[key]).length !== list(old[key]).length)
      return [...errors, forbiddenField(`spec.${key}`, 'pod updates may not add or remove containers')];
    list(spec[key]).forEach(({ image }, index) => {
      const at = `spec.${key}[${index}].image`;
      if (text(image) === '') errors.push(required(at));
      if (text(image).trim() !== text(image)) errors.push(invalidValue(at, text(image), 'must not have leading or trailing whitespace'));
    });
  }
  const deadline = deadlineErrors(spec.activeDeadlineSeconds, old.activeDeadlineSeconds);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(...tolerationErrors(list(spec.tolerations), list(old.tolerations)), ...gateErrors(spec, old));
  if (equal(spec, old)) return errors;

  const rest = withoutChangeable(spec, old);
  if (list(old.schedulingGates).length > 0) errors.push(...gatedErrors(rest, old));
  if (!equal(rest, old))
    errors.push(forbiddenField('spec', `pod updates may not change fields other than ${changeable}\n${changedText('PodSpec', old, rest)}`));
  return errors;
}

function deadlineErrors(now: unknown, before: unknown): { errors: FieldError[]; stop: boolean } {
  const at = 'spec.activeDeadlineSeconds';
  if (!isSet(now)) {
    const lost = isSet(before) ? [invalidValue(at, null, 'must not update from a positive integer to nil value')] : [];
    return { errors: lost, stop: false };
  }
  if (number(now) < 0 || number(now) > maxSeconds)
    return { errors: [invalidValue(at, now, `must be between 0 and ${maxSeconds}, inclusive`)], stop: true };
  if (isSet(before) && number(before) < number(now))
    return { errors: [invalidValue(at, now, 'must be less than or equal to previous value')], stop: true };
  return { errors: [], stop: false };
}

function tolerationErrors(now: readonly Fields[], before: readonly Fields[]): FieldError[] {
  const timeless = ({ tolerationSeconds: _, ...rest }: Fields): Fields => rest;
  const kept = before.every((old) => now.some((each) => equal(timeless(each), timeless(old))));
  return kept ? [] : [forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}

function gateErrors(spec: Fields, old: Fields): FieldError[] {
  const before = list(old.schedulingGates).map(({ name }) => name);
  return list(spec.schedulingGates).flatMap(({ name }, index) =>
    before.includes(name)
      ? []
      : [forbiddenField(`spec.schedulingGates[${index}].name`, `only deletion is allowed, but found new scheduling gate '${text(name)}'`)],
  );
}

/** The new spec with all that may change as it was. */
function withoutChangeable(spec: Fields, old: Fields): Fields {
  const rest = draft(spec);
  for (const key of ['containers', 'initContainers'])
    items(rest[key]).forEach((container, index) => {
      container.image = list(old[key])[index]?.image;
    });
  for (const key of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']) {
    if (isSet(old[key])) rest[key] = old[key];
    else delete rest[key];
  }
  if (number(old.terminationGracePeriodSeconds) < 0 && rest.terminationGracePeriodSeconds === 1)
    rest.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
  return rest;
}

/** While it waits behind a gate, where it may go can still be narrowed. */
function gatedErrors(rest: Fields, old: Fields): FieldError[] {
  const errors: FieldError[] = [];
  if (!equal(rest.nodeSelector, old.nodeSelector)) {
    const kept = Object.entries(stringMap(old.nodeSelector)).every(([key, value]) => stringMap(rest.nodeSelector)[key] === value);
    if (!kept)
      errors.push(
        invalidValue('spec.nodeSelector', rest.nodeSelector, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'),
      );
    if (isSet(old.nodeSelector)) rest.nodeSelector = old.nodeSelector;
    else delete rest.nodeSelector;
  }
  const [now, before] = [fields(fields(rest.affinity).nodeAffinity), fields(fields(old.affinity).nodeAffinity)];
  if (equal(now, before)) return errors;
  errors.push(...affinityErrors(now, before));
  const { nodeAffinity: _, ...others } = fields(rest.affinity);
  const affinity = isSet(fields(old.affinity).nodeAffinity) ? { ...others, nodeAffinity: before } : others;
  if (Object.keys(affinity).length > 0 || isSet(old.affinity)) rest.affinity = affinity;
  else delete rest.affinity;
  return errors;
}

function affinityErrors(now: Fields, before: Fields): FieldError[] {
  const key = 'requiredDuringSchedulingIgnoredDuringExecution';
  const at = `spec.affinity.nodeAffinity.${key}.nodeSelectorTerms`;
  const [terms, old] = [list(fields(now[key]).nodeSelectorTerms), list(fields(before[key]).nodeSelectorTerms)];
  if (old.length > 0 && old.length !== terms.length)
    return [invalidValue(at, terms, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  return old.flatMap((term, index) => {
    const kept = ['matchExpressions', 'matchFields'].every((part) =>
      list(term[part]).every((each, position) => equal(each, list(terms[index]?.[part])[position])),
    );
    return kept ? [] : [invalidValue(`${at}[${index}]`, terms[index], 'only additions are allowed (no mutations or deletions)')];
  });
}
