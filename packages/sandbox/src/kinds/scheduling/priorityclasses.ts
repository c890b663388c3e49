import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { immutable, oneOf } from '../parts/rules.js';
import { flag, isSet, number, setMissing, text } from '../parts/values.js';

const highest = 1_000_000_000;
const ofTheSystem: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 };

export const priorityClasses: ResourceDefinition = define({
  group: 'scheduling.k8s.io',
  resource: 'priorityclasses',
  kind: 'PriorityClass',
  namespaced: false,
  shortNames: ['pc'],
  hasGeneration: true,
  nameProblem: firstProblem(isSubdomain),
  setDefaults: (priorityClass) => setMissing(priorityClass, 'preemptionPolicy', 'PreemptLowerPriority'),
  prepareForUpdate({ metadata }, old) {
    // It has a first generation and no other.
    metadata.generation = old.metadata.generation;
  },
  validateCreate: classRules,
  validateUpdate: (now, old) => [
    ...(number(now.value) === number(old.value) ? [] : [forbiddenField('value', 'may not be changed in an update.')]),
    ...immutable(now.preemptionPolicy === old.preemptionPolicy, now.preemptionPolicy ?? null, 'preemptionPolicy'),
  ],
  cells: ({ metadata, value, globalDefault, preemptionPolicy }, now) => [
    metadata.name,
    number(value),
    flag(globalDefault),
    since(metadata.creationTimestamp, now),
    text(preemptionPolicy),
  ],
});

function classRules({ metadata, value, globalDefault, preemptionPolicy }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const { name } = metadata;
  if (name.startsWith('system-')) {
    const known = ofTheSystem[name];
    const problem =
      known === undefined
        ? `${name} is not a known system priority class`
        : known !== number(value)
          ? `value of ${name} PriorityClass must be ${known}`
          : flag(globalDefault)
            ? `globalDefault of ${name} PriorityClass must be false`
            : undefined;
    if (problem)
      errors.push(
        forbiddenField('metadata.name', `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`),
      );
  } else if (number(value) > highest)
    errors.push(forbiddenField('value', `maximum allowed value of a user defined priority is ${highest}`));
  if (isSet(preemptionPolicy)) errors.push(...oneOf(preemptionPolicy, 'preemptionPolicy', ['PreemptLowerPriority', 'Never']));
  return errors;
}
