import { type FieldError, forbiddenField, invalidValue, notSupported } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isQualifiedName, isSubdomain } from '../parts/names.js';
import { named } from '../parts/rules.js';
import { type Fields, fields, isSet, number, text } from '../parts/values.js';

export const leases: ResourceDefinition = define({
  group: 'coordination.k8s.io',
  resource: 'leases',
  kind: 'Lease',
  unconditionalUpdate: false,
  createOnUpdate: true,
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  prepareForCreate({ spec }) {
    // CoordinatedLeaderElection is switched off.
    delete fields(spec).strategy;
    delete fields(spec).preferredHolder;
  },
  validate: ({ spec }) => leaseRules(fields(spec)),
  cells: ({ metadata, spec }, now) => [metadata.name, text(fields(spec).holderIdentity), since(metadata.creationTimestamp, now)],
});

function leaseRules({ leaseDurationSeconds: seconds, leaseTransitions: transitions, strategy, preferredHolder }: Fields): FieldError[] {
  const errors: FieldError[] = [];
  if (isSet(seconds) && number(seconds) <= 0) errors.push(invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  if (isSet(transitions) && number(transitions) < 0)
    errors.push(invalidValue('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
  if (isSet(strategy)) {
    if (text(strategy).includes('/')) errors.push(...named(isQualifiedName, text(strategy), 'spec.strategy.strategy'));
    else if (strategy !== 'OldestEmulationVersion')
      errors.push(notSupported('spec.strategy.strategy', strategy, ['OldestEmulationVersion']));
  }
  if (text(preferredHolder) !== '' && text(strategy) === '')
    errors.push(forbiddenField('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
  return errors;
}
