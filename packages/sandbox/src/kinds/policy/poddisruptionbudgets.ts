import { type FieldError, invalidValue, notSupported } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { atMost100Percent, intOrPercent } from '../parts/int-or-percent.js';
import { labelSelector, notNegative } from '../parts/rules.js';
import { type Fields, fields, isSet, number, text } from '../parts/values.js';

const eviction = ['AlwaysAllow', 'IfHealthyBudget'];

export const podDisruptionBudgets: ResourceDefinition = define({
  group: 'policy',
  resource: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  shortNames: ['pdb'],
  unconditionalUpdate: false,
  hasGeneration: true,
  validate: ({ spec }) => budgetRules(fields(spec)),
  status: {
    validateUpdate: ({ status }) =>
      ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'].flatMap((key) =>
        notNegative(fields(status)[key], `status.${key}`),
      ),
  },
  cells: ({ metadata, spec, status }, now) => {
    const { minAvailable, maxUnavailable } = fields(spec);
    return [
      metadata.name,
      isSet(minAvailable) ? String(minAvailable) : 'N/A',
      isSet(maxUnavailable) ? String(maxUnavailable) : 'N/A',
      number(fields(status).disruptionsAllowed),
      since(metadata.creationTimestamp, now),
    ];
  },
});

function budgetRules({ minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy }: Fields): FieldError[] {
  const errors: FieldError[] = [];
  if (isSet(minAvailable) && isSet(maxUnavailable)) {
    const shown = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    errors.push(invalidValue('spec', shown, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const [value, key] of [
    [minAvailable, 'minAvailable'],
    [maxUnavailable, 'maxUnavailable'],
  ] as const)
    if (isSet(value)) errors.push(...intOrPercent(value, `spec.${key}`), ...atMost100Percent(value, `spec.${key}`));
  errors.push(...labelSelector(selector, 'spec.selector'));
  if (isSet(policy) && !eviction.includes(text(policy))) errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, eviction));
  return errors;
}
