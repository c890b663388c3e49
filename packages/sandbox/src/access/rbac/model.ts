import type { KubeObject } from '@fairlead/kube/protocol';
import { fields, list, strings, text } from '../../kinds/parts/values.js';

/** rbac/v1 PolicyRule; a list that is missing is empty. */
export interface Rule {
  verbs: readonly string[];
  apiGroups: readonly string[];
  resources: readonly string[];
  resourceNames: readonly string[];
  nonResourceURLs: readonly string[];
}

export interface Subject {
  kind: string;
  name: string;
  namespace: string;
}

export interface RoleRef {
  apiGroup: string;
  kind: string;
  name: string;
}

/** Stored roles never change, so what was read of one is kept with it. */
const read = new WeakMap<object, readonly Rule[]>();

export function rulesOf(role: KubeObject): readonly Rule[] {
  const known = read.get(role);
  if (known) return known;
  const rules = list(role.rules).map(ruleOf);
  read.set(role, rules);
  return rules;
}

export const ruleOf = (each: Readonly<Record<string, unknown>>): Rule => ({
  verbs: strings(each.verbs),
  apiGroups: strings(each.apiGroups),
  resources: strings(each.resources),
  resourceNames: strings(each.resourceNames),
  nonResourceURLs: strings(each.nonResourceURLs),
});

export const subjectsOf = (binding: KubeObject): Subject[] =>
  list(binding.subjects).map((each) => ({ kind: text(each.kind), name: text(each.name), namespace: text(each.namespace) }));

export function roleRefOf(binding: KubeObject): RoleRef {
  const ref = fields(binding.roleRef);
  return { apiGroup: text(ref.apiGroup), kind: text(ref.kind), name: text(ref.name) };
}
