import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, notSupported } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { atMost100Percent, intOrPercent, intOrPercentValue } from '../parts/int-or-percent.js';
import { podMakerWarnings } from '../parts/name-warnings.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { immutable, notNegative } from '../parts/rules.js';
import { selectorText } from '../parts/selector-text.js';
import { scale } from '../parts/status-part.js';
import { type Fields, fields, isFields, isSet, number, setEmpty, setMissing, text, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { alwaysRestarted, isUsableSelector, selectedRules, selectorRules, templateRules } from '../pod-template/rules/template.js';
import { podWarnings } from '../pod-template/warnings.js';
import { collisionRules, countRules } from './replica-counts.js';

const counts = ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'];

export const deployments: ResourceDefinition = define({
  group: 'apps',
  resource: 'deployments',
  kind: 'Deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults: setDeploymentDefaults,
  prepareForCreate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  prepareForUpdate(deployment, old) {
    dropDisabledOfTemplate(fields(deployment.spec).template);
    // A change of its annotations is a change, too: the controller copies them.
    const same = equal(deployment.spec, old.spec) && equal(deployment.metadata.annotations ?? {}, old.metadata.annotations ?? {});
    deployment.metadata.generation = (old.metadata.generation ?? 0) + (same ? 0 : 1);
  },
  validate: ({ spec }) => deploymentRules(fields(spec)),
  validateUpdate: ({ spec }, { spec: old }) =>
    immutable(equal(fields(spec).selector, fields(old).selector), fields(spec).selector ?? null, 'spec.selector'),
  warnings: (deployment, old) => [
    ...(old ? [] : podMakerWarnings(deployment.metadata.name)),
    ...(old && old.metadata.generation === deployment.metadata.generation
      ? []
      : podWarnings(fields(fields(deployment.spec).template), 'spec.template')),
  ],
  status: {
    prepareForUpdate(deployment, old) {
      deployment.metadata.labels = old.metadata.labels;
    },
    validateUpdate: ({ status }, { status: old }) => [
      ...countRules(fields(status), counts, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
      ...collisionRules(fields(status), fields(old)),
    ],
  },
  subresources: { scale: scale() },
  cells: deploymentCells,
});

function setDeploymentDefaults(deployment: KubeObject): void {
  const spec = within(deployment, 'spec');
  setMissing(spec, 'replicas', 1);
  setTemplateDefaults(within(spec, 'template'));
  const strategy = within(spec, 'strategy');
  setEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rollingUpdate = within(strategy, 'rollingUpdate');
    setMissing(rollingUpdate, 'maxUnavailable', '25%');
    setMissing(rollingUpdate, 'maxSurge', '25%');
  }
  setMissing(spec, 'revisionHistoryLimit', 10);
  setMissing(spec, 'progressDeadlineSeconds', 600);
}

function deploymentRules(spec: Fields): FieldError[] {
  const template = fields(spec.template);
  const [deadline, minReady] = [spec.progressDeadlineSeconds, number(spec.minReadySeconds)];
  return [
    ...notNegative(spec.replicas, 'spec.replicas'),
    ...selectorRules(spec.selector, 'spec.selector', 'deployment'),
    ...replicaTemplateRules(spec.selector, template),
    ...strategyRules(fields(spec.strategy), 'spec.strategy'),
    ...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...notNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...notNegative(deadline, 'spec.progressDeadlineSeconds'),
    ...(isSet(deadline) && number(deadline) <= minReady
      ? [invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
      : []),
  ];
}

/** ValidatePodTemplateSpecForReplicaSet. */
export function replicaTemplateRules(selector: unknown, template: Fields): FieldError[] {
  if (!isUsableSelector(selector)) return [invalidValue('spec.selector', selector, 'invalid label selector')];
  return [
    ...selectedRules(selector, template, 'spec.template'),
    ...templateRules(template, 'spec.template'),
    ...alwaysRestarted(template, 'spec.template', 'ReplicaSet'),
  ];
}

function strategyRules(strategy: Fields, path: string): FieldError[] {
  const { type, rollingUpdate } = strategy;
  const at = `${path}.rollingUpdate`;
  switch (type) {
    case 'Recreate':
      return isFields(rollingUpdate) ? [forbiddenField(at, "may not be specified when strategy `type` is 'Recreate'")] : [];
    case 'RollingUpdate': {
      const { maxUnavailable, maxSurge } = fields(rollingUpdate);
      const errors = [...intOrPercent(maxUnavailable, `${at}.maxUnavailable`), ...intOrPercent(maxSurge, `${at}.maxSurge`)];
      if (intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0)
        errors.push(invalidValue(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
      return [...errors, ...atMost100Percent(maxUnavailable, `${at}.maxUnavailable`)];
    }
    default: {
      const update = isFields(rollingUpdate)
        ? { MaxUnavailable: rollingUpdate.maxUnavailable ?? 0, MaxSurge: rollingUpdate.maxSurge ?? 0 }
        : null;
      return [notSupported(path, { Type: text(type), RollingUpdate: update }, ['Recreate', 'RollingUpdate'])];
    }
  }
}

function deploymentCells({ metadata, spec, status }: KubeObject, now: number): Cell[] {
  const { replicas, selector, template } = fields(spec);
  const { readyReplicas, updatedReplicas, availableReplicas } = fields(status);
  return [
    metadata.name,
    `${number(readyReplicas)}/${number(replicas)}`,
    number(updatedReplicas),
    number(availableReplicas),
    since(metadata.creationTimestamp, now),
    ...containerCells(fields(fields(template).spec).containers),
    selectorText(selector),
  ];
}
