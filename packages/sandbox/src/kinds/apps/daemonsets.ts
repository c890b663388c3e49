import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { atMost100Percent, intOrPercent, intOrPercentValue } from '../parts/int-or-percent.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { immutable, notNegative } from '../parts/rules.js';
import { labelsText, selectorText } from '../parts/selector-text.js';
import { type Fields, fields, isFields, number, setEmpty, setMissing, text, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { alwaysRestarted, isUsableSelector, selectedRules, selectorRules, templateRules } from '../pod-template/rules/template.js';
import { podWarnings } from '../pod-template/warnings.js';
import { collisionRules, countRules } from './replica-counts.js';

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
];
/** Counts the templates there have been; today's way is a ControllerRevision. */
const templateGeneration = 'deprecated.daemonset.template.generation';

export const daemonSets: ResourceDefinition = define({
  group: 'apps',
  resource: 'daemonsets',
  kind: 'DaemonSet',
  shortNames: ['ds'],
  categories: ['all'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults(daemonSet) {
    const spec = within(daemonSet, 'spec');
    setTemplateDefaults(within(spec, 'template'));
    const strategy = within(spec, 'updateStrategy');
    setEmpty(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      const rollingUpdate = within(strategy, 'rollingUpdate');
      setMissing(rollingUpdate, 'maxUnavailable', 1);
      setMissing(rollingUpdate, 'maxSurge', 0);
    }
    setMissing(spec, 'revisionHistoryLimit', 10);
  },
  prepareForCreate(daemonSet) {
    dropDisabledOfTemplate(fields(daemonSet.spec).template);
    setTemplateGeneration(daemonSet, 1);
  },
  prepareForUpdate(daemonSet, old) {
    const [template, before] = [fields(daemonSet.spec).template, fields(old.spec).template];
    dropDisabledOfTemplate(template);
    setTemplateGeneration(daemonSet, Number(old.metadata.annotations?.[templateGeneration] ?? 0) + (equal(template, before) ? 0 : 1));
  },
  validate: ({ spec }) => daemonSetRules(fields(spec)),
  validateUpdate: ({ spec }, { spec: old }) =>
    immutable(equal(fields(spec).selector, fields(old).selector), fields(spec).selector ?? null, 'spec.selector'),
  warnings: ({ spec }, old) =>
    old && equal(fields(spec).template, fields(old.spec).template) ? [] : podWarnings(fields(fields(spec).template), 'spec.template'),
  status: {
    validateUpdate: ({ status }, { status: old }) => [
      ...countRules(fields(status), counts, []),
      ...collisionRules(fields(status), fields(old)),
    ],
  },
  cells: ({ metadata, spec, status: given }, now) => {
    const [status, template] = [fields(given), fields(fields(fields(spec).template).spec)];
    return [
      metadata.name,
      number(status.desiredNumberScheduled),
      number(status.currentNumberScheduled),
      number(status.numberReady),
      number(status.updatedNumberScheduled),
      number(status.numberAvailable),
      labelsText(template.nodeSelector),
      since(metadata.creationTimestamp, now),
      ...containerCells(template.containers),
      selectorText(fields(spec).selector),
    ];
  },
});

function setTemplateGeneration({ metadata }: KubeObject, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(generation) };
}

function daemonSetRules(spec: Fields): FieldError[] {
  const template = fields(spec.template);
  return [
    ...(isUsableSelector(spec.selector) ? selectedRules(spec.selector, template, 'spec.template') : []),
    ...selectorRules(spec.selector, 'spec.selector', 'daemonset', false),
    ...templateRules(template, 'spec.template'),
    ...alwaysRestarted(template, 'spec.template', 'DaemonSet'),
    ...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...strategyRules(fields(spec.updateStrategy), 'spec.updateStrategy'),
    ...notNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
}

function strategyRules({ type, rollingUpdate }: Fields, path: string): FieldError[] {
  const { maxUnavailable, maxSurge } = fields(rollingUpdate);
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') {
    const shown = isFields(rollingUpdate) ? { MaxUnavailable: maxUnavailable ?? 0, MaxSurge: maxSurge ?? 0 } : null;
    return [notSupported(path, { Type: text(type), RollingUpdate: shown }, ['RollingUpdate', 'OnDelete'])];
  }
  const at = `${path}.rollingUpdate`;
  const [unavailable, surge] = [intOrPercentValue(maxUnavailable) !== 0, intOrPercentValue(maxSurge) !== 0];
  return [
    ...intOrPercent(maxUnavailable, `${at}.maxUnavailable`),
    ...intOrPercent(maxSurge, `${at}.maxSurge`),
    ...atMost100Percent(maxUnavailable, `${at}.maxUnavailable`),
    ...atMost100Percent(maxSurge, `${at}.maxSurge`),
    ...(unavailable && surge ? [invalidValue(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')] : []),
    ...(!unavailable && !surge ? [required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')] : []),
  ];
}
