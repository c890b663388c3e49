import type { KubeObject } from '@fairlead/kube';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { selectorText } from '../parts/selector-text.js';
import { scale } from '../parts/status-part.js';
import { fields, number, setEmpty, setMissing, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';

export const deployments: ResourceDefinition = define({
  group: 'apps',
  resource: 'deployments',
  kind: 'Deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  setDefaults(deployment) {
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
  },
  status: {
    prepareForUpdate(deployment, old) {
      deployment.metadata.labels = old.metadata.labels;
    },
  },
  subresources: { scale: scale() },
  cells: deploymentCells,
});

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
