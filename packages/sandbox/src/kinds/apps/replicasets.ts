import type { KubeObject } from '@fairlead/kube';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { selectorText } from '../parts/selector-text.js';
import { scale } from '../parts/status-part.js';
import { fields, number, setMissing, text, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';

export const replicaSets: ResourceDefinition = define({
  group: 'apps',
  resource: 'replicasets',
  kind: 'ReplicaSet',
  shortNames: ['rs'],
  categories: ['all'],
  setDefaults(replicaSet) {
    const spec = within(replicaSet, 'spec');
    setMissing(spec, 'replicas', 1);
    setTemplateDefaults(within(spec, 'template'));
  },
  status: true,
  subresources: { scale: scale() },
  selectableFields: { 'status.replicas': ({ status }) => String(number(fields(status).replicas)) },
  cells: replicaSetCells,
});

function replicaSetCells({ metadata, spec, status }: KubeObject, now: number): Cell[] {
  const { replicas, selector, template } = fields(spec);
  return [
    text(metadata.name),
    number(replicas),
    number(fields(status).replicas),
    number(fields(status).readyReplicas),
    since(metadata.creationTimestamp, now),
    ...containerCells(fields(fields(template).spec).containers),
    selectorText(selector),
  ];
}
