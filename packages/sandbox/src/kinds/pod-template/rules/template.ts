import { type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { isQualifiedName } from '../../parts/names.js';
import { labelMap, labelSelector, named } from '../../parts/rules.js';
import { type Fields, fields, isSet, list, stringMap } from '../../parts/values.js';
import { podSpecRules } from './pod-spec.js';

/** ValidatePodTemplateSpec. */
export function templateRules(template: Fields, path: string): FieldError[] {
  const { labels, annotations } = fields(template.metadata);
  const spec = fields(template.spec);
  return [
    ...labelMap(labels, `${path}.labels`),
    ...annotationRules(annotations, `${path}.annotations`),
    ...podSpecRules(spec, `${path}.spec`, { isPod: false }),
    ...(list(spec.ephemeralContainers).length > 0
      ? [forbiddenField(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
      : []),
  ];
}

export const annotationRules = (annotations: unknown, path: string): FieldError[] =>
  Object.keys(stringMap(annotations)).flatMap((key) => named(isQualifiedName, key.toLowerCase(), path).map((each) => shownAs(each, key)));

const shownAs = (error: FieldError, key: string): FieldError => ({
  ...error,
  body: error.body.replace(/^Invalid value: "[^"]*"/, () => `Invalid value: ${JSON.stringify(key)}`),
});

/** A selector that must select something. `kind` is what the API server calls the one that has it. */
export function selectorRules(selector: unknown, path: string, kind: string, mustBeThere = true): FieldError[] {
  if (!isSet(selector)) return mustBeThere ? [required(path)] : [];
  const errors = labelSelector(selector, path);
  return isEmptySelector(selector) ? [...errors, invalidValue(path, selector, `empty selector is invalid for ${kind}`)] : errors;
}

const isEmptySelector = (selector: unknown): boolean => {
  const { matchLabels, matchExpressions } = fields(selector);
  return Object.keys(fields(matchLabels)).length + list(matchExpressions).length === 0;
};

/** Whether the selector can be evaluated at all: the API server answers an unfit one with another refusal. */
export const isUsableSelector = (selector: unknown): boolean => !isSet(selector) || labelSelector(selector, '').length === 0;

/** What the selector selects must be what the template makes. */
export function selectedRules(selector: unknown, template: Fields, path: string): FieldError[] {
  if (isSet(selector) && isEmptySelector(selector)) return [];
  const labels = fields(template.metadata).labels;
  if (isSet(selector) && matchesLabelSelector(selector as LabelSelector, stringMap(labels))) return [];
  return [invalidValue(`${path}.metadata.labels`, labels ?? null, '`selector` does not match template `labels`')];
}

/** Pods that are to live on. */
export function alwaysRestarted(template: Fields, path: string, kind: string): FieldError[] {
  const { restartPolicy, activeDeadlineSeconds } = fields(template.spec);
  return [
    ...(restartPolicy === 'Always' ? [] : [notSupported(`${path}.spec.restartPolicy`, restartPolicy, ['Always'])]),
    ...(isSet(activeDeadlineSeconds)
      ? [forbiddenField(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)]
      : []),
  ];
}
