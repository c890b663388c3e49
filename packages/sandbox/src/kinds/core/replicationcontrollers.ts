import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { countRules } from '../apps/replica-counts.js';
import { replicaSetCounts } from '../apps/replicasets.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { podMakerWarnings } from '../parts/name-warnings.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { notNegative } from '../parts/rules.js';
import { labelsText } from '../parts/selector-text.js';
import { scale } from '../parts/status-part.js';
import { type Fields, fields, isFields, isSet, number, setMissing, stringMap, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { templateRules } from '../pod-template/rules/template.js';
import { podWarnings } from '../pod-template/warnings.js';

export const replicationControllers: ResourceDefinition = define({
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  shortNames: ['rc'],
  categories: ['all'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults(controller) {
    const spec = within(controller, 'spec');
    setMissing(spec, 'replicas', 1);
    if (!isFields(spec.template)) return;
    setTemplateDefaults(spec.template);
    const { labels } = fields(spec.template.metadata);
    if (!isSet(labels)) return;
    if (Object.keys(fields(spec.selector)).length === 0) spec.selector = { ...stringMap(labels) };
    if (Object.keys(controller.metadata.labels ?? {}).length === 0) controller.metadata.labels = { ...stringMap(labels) };
  },
  prepareForCreate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  prepareForUpdate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  validate: ({ spec }) => controllerRules(fields(spec)),
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : podMakerWarnings(metadata.name)),
    ...(old && old.metadata.generation === metadata.generation ? [] : podWarnings(fields(fields(spec).template), 'spec.template')),
  ],
  status: {
    validateUpdate: ({ status }) =>
      countRules(fields(status), replicaSetCounts, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  },
  subresources: { scale: scale() },
  selectableFields: { 'status.replicas': ({ status }) => String(number(fields(status).replicas)) },
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    number(fields(spec).replicas),
    number(fields(status).replicas),
    number(fields(status).readyReplicas),
    since(metadata.creationTimestamp, now),
    ...containerCells(fields(fields(fields(spec).template).spec).containers),
    labelsText(fields(spec).selector),
  ],
});

function controllerRules(spec: Fields): FieldError[] {
  const selector = stringMap(spec.selector);
  const errors = notNegative(spec.minReadySeconds, 'spec.minReadySeconds');
  if (Object.keys(selector).length === 0) errors.push(required('spec.selector'));
  errors.push(...notNegative(spec.replicas, 'spec.replicas'));
  if (!isFields(spec.template)) return [...errors, required('spec.template')];
  const { labels } = fields(spec.template.metadata);
  const matches = Object.entries(selector).every(([key, value]) => stringMap(labels)[key] === value);
  if (!matches) errors.push(invalidValue('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'));
  errors.push(...templateRules(spec.template, 'spec.template'));
  const { restartPolicy, activeDeadlineSeconds } = fields(spec.template.spec);
  if (restartPolicy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  if (isSet(activeDeadlineSeconds))
    errors.push(
      forbiddenField('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in ReplicationController is not Supported'),
    );
  return errors;
}
