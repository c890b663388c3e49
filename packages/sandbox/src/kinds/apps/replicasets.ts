import type { KubeObject } from '@fairlead/kube/protocol';
import { equal } from '../../machinery/object.js';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { podMakerWarnings } from '../parts/name-warnings.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { immutable, notNegative } from '../parts/rules.js';
import { selectorText } from '../parts/selector-text.js';
import { scale } from '../parts/status-part.js';
import { fields, number, setMissing, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { selectorRules } from '../pod-template/rules/template.js';
import { podWarnings } from '../pod-template/warnings.js';
import { replicaTemplateRules } from './deployments.js';
import { countRules } from './replica-counts.js';

export const replicaSetCounts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'];

export const replicaSets: ResourceDefinition = define({
  group: 'apps',
  resource: 'replicasets',
  kind: 'ReplicaSet',
  shortNames: ['rs'],
  categories: ['all'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults(replicaSet) {
    const spec = within(replicaSet, 'spec');
    setMissing(spec, 'replicas', 1);
    const template = within(spec, 'template');
    setTemplateDefaults(template);
  },
  prepareForCreate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  prepareForUpdate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  validate({ spec: given }) {
    const spec = fields(given);
    return [
      ...notNegative(spec.replicas, 'spec.replicas'),
      ...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
      ...selectorRules(spec.selector, 'spec.selector', 'deployment'),
      ...replicaTemplateRules(spec.selector, fields(spec.template)),
    ];
  },
  validateUpdate: ({ spec }, { spec: old }) =>
    immutable(equal(fields(spec).selector, fields(old).selector), fields(spec).selector ?? null, 'spec.selector'),
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
  cells: replicaSetCells,
});

function replicaSetCells({ metadata, spec, status }: KubeObject, now: number): Cell[] {
  const { replicas, selector, template } = fields(spec);
  return [
    metadata.name,
    number(replicas),
    number(fields(status).replicas),
    number(fields(status).readyReplicas),
    since(metadata.creationTimestamp, now),
    ...containerCells(fields(fields(template).spec).containers),
    selectorText(selector),
  ];
}
