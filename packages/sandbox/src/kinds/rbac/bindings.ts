import type { KubeObject } from '@fairlead/kube/protocol';
import { checkBinding } from '../../access/rbac/escalation.js';
import { roleRefOf, subjectsOf } from '../../access/rbac/model.js';
import { rbacGroup } from '../../access/rbac/rules.js';
import { type FieldError, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { subdomainProblem } from '../../machinery/name-problem.js';
import { equal } from '../../machinery/object.js';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { type Fields, items, list, setEmpty, text, within } from '../parts/values.js';
import { pathSegmentProblem } from './name.js';

const common = {
  group: rbacGroup,
  hasGeneration: false,
  nameProblem: pathSegmentProblem,
  setDefaults,
  validateUpdate,
  cells,
};

export const roleBindings: ResourceDefinition = define({
  ...common,
  resource: 'rolebindings',
  kind: 'RoleBinding',
  prepareForCreate: (binding, context) => checkBinding(binding, undefined, 'rolebindings', context),
  prepareForUpdate: (binding, old, context) => checkBinding(binding, old, 'rolebindings', context),
  validate: (binding) => bindingErrors(binding, ['Role', 'ClusterRole'], true),
});

export const clusterRoleBindings: ResourceDefinition = define({
  ...common,
  resource: 'clusterrolebindings',
  kind: 'ClusterRoleBinding',
  namespaced: false,
  prepareForCreate: (binding, context) => checkBinding(binding, undefined, 'clusterrolebindings', context),
  prepareForUpdate: (binding, old, context) => checkBinding(binding, old, 'clusterrolebindings', context),
  validate: (binding) => bindingErrors(binding, ['ClusterRole'], false),
});

function setDefaults(binding: KubeObject): void {
  setEmpty(within(binding, 'roleRef'), 'apiGroup', rbacGroup);
  for (const subject of items(binding.subjects))
    if (subject.kind === 'User' || subject.kind === 'Group') setEmpty(subject, 'apiGroup', rbacGroup);
}

function bindingErrors(binding: KubeObject, kinds: readonly string[], namespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const { apiGroup, kind, name } = roleRefOf(binding);
  if (apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]));
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds));
  const wrong = pathSegmentProblem(name);
  if (name === '') errors.push(required('roleRef.name'));
  else if (wrong) errors.push(invalidValue('roleRef.name', name, wrong));
  list(binding.subjects).forEach((subject, index) => {
    errors.push(...subjectErrors(subject, `subjects[${index}]`, namespaced));
  });
  return errors;
}

function subjectErrors(subject: Fields, at: string, namespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const [kind, name, apiGroup, namespace] = [subject.kind, subject.name, subject.apiGroup, subject.namespace].map(text) as [
    string,
    string,
    string,
    string,
  ];
  if (name === '') errors.push(required(`${at}.name`));
  switch (kind) {
    case 'ServiceAccount': {
      const wrong = name === '' ? undefined : subdomainProblem(name);
      if (wrong) errors.push(invalidValue(`${at}.name`, name, wrong));
      if (apiGroup !== '') errors.push(notSupported(`${at}.apiGroup`, apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(`${at}.namespace`));
      break;
    }
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) errors.push(notSupported(`${at}.apiGroup`, apiGroup, [rbacGroup]));
      break;
    default:
      errors.push(notSupported(`${at}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  }
  return errors;
}

function validateUpdate(binding: KubeObject, old: KubeObject): FieldError[] {
  const next = roleRefOf(binding);
  if (equal(next, roleRefOf(old))) return [];
  // Printed by the names that Go has for them.
  return [invalidValue('roleRef', { APIGroup: next.apiGroup, Kind: next.kind, Name: next.name }, 'cannot change roleRef')];
}

function cells(binding: KubeObject, now: number): Cell[] {
  const { kind, name } = roleRefOf(binding);
  const subjects = subjectsOf(binding);
  const of = (wanted: string): string =>
    subjects
      .filter((each) => each.kind === wanted)
      .map((each) => (wanted === 'ServiceAccount' ? `${each.namespace}/${each.name}` : each.name))
      .join(', ');
  return [
    binding.metadata.name,
    `${kind}/${name}`,
    since(binding.metadata.creationTimestamp, now),
    of('User'),
    of('Group'),
    of('ServiceAccount'),
  ];
}
