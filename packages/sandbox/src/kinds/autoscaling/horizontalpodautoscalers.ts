import type { KubeObject } from '@fairlead/kube/protocol';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { notNegative } from '../parts/rules.js';
import { type Fields, fields, isFields, isSet, list, setMissing, within } from '../parts/values.js';
import { autoscalerCells } from './hpa-cells.js';
import { autoscalerRules } from './hpa-rules.js';
import { fromV2, toV2 } from './hpa-versions.js';

const common = {
  group: 'autoscaling',
  resource: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
} as const;

/** The version in which they are stored. */
export const autoscalers: ResourceDefinition = define({
  ...common,
  version: 'v2',
  setDefaults: setAutoscalerDefaults,
  prepareForCreate: dropTolerance,
  prepareForUpdate: dropTolerance,
  validateCreate: (autoscaler) => autoscalerRules(autoscaler),
  validateUpdate: (autoscaler, old) => autoscalerRules(autoscaler, old),
  status: {
    validateUpdate: ({ status }) =>
      ['currentReplicas', 'desiredReplicas'].flatMap((key) => notNegative(fields(status)[key], `status.${key}`)),
  },
  cells: autoscalerCells,
});

/** What v1 cannot say stands in its annotations. */
export const autoscalersV1: ResourceDefinition = define({
  ...common,
  version: 'v1',
  convert: { toStored: toV2, fromStored: fromV2 },
  status: true,
  cells: (autoscaler, now) => autoscalerCells(toV2(autoscaler), now),
});

function setAutoscalerDefaults(autoscaler: KubeObject): void {
  const spec = within(autoscaler, 'spec');
  setMissing(spec, 'minReplicas', 1);
  if (list(spec.metrics).length === 0)
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
  if (!isFields(spec.behavior)) return;
  const fast = [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ];
  setRules(within(spec.behavior, 'scaleUp'), fast, 0);
  setRules(within(spec.behavior, 'scaleDown'), [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}

function setRules(rules: Fields, policies: readonly object[], window?: number): void {
  setMissing(rules, 'selectPolicy', 'Max');
  if (window !== undefined) setMissing(rules, 'stabilizationWindowSeconds', window);
  if (!isSet(rules.policies)) rules.policies = policies;
}

/** HPAConfigurableTolerance is switched off. */
function dropTolerance({ spec }: KubeObject): void {
  const { behavior } = fields(spec);
  for (const way of ['scaleUp', 'scaleDown']) {
    const rules = fields(behavior)[way];
    if (isFields(rules)) delete rules.tolerance;
  }
}
