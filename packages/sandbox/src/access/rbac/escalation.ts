import type { KubeObject } from '@fairlead/kube/protocol';
import { forbidden, notFound } from '../../machinery/api-error.js';
import { equal } from '../../machinery/object.js';
import type { UserInfo } from '../../machinery/user.js';
import type { WriteContext } from '../../registry/definition.js';
import type { Attributes } from '../../server/access.js';
import { describeRules, goStrings, missingRights } from './covers.js';
import { type Rule, roleRefOf, ruleOf, rulesOf } from './model.js';
import { rbacGroup, ruleResolver } from './rules.js';

const everything: readonly Rule[] = [
  ruleOf({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }),
  ruleOf({ verbs: ['*'], nonResourceURLs: ['*'] }),
];

/** Nobody writes a role with more rights than their own, unless they may `escalate` it. @throws ApiError (403) */
export function checkRole(role: KubeObject, old: KubeObject | undefined, resource: 'roles' | 'clusterroles', context: WriteContext): void {
  const { user } = context;
  const { name, namespace = '' } = role.metadata;
  if (user.groups.includes('system:masters') || may('escalate', resource, old ? name : '', namespace, context)) return;
  if (old && onlyForTheCollector(role, old)) return;
  const refuse = (why: string): never => {
    throw forbidden({ group: rbacGroup, resource }, name, why);
  };
  const problem = escalation(user, list(role), namespace, context);
  if (problem) refuse(problem);
  const aggregates = [role, old].some((each) => hasAggregation(each));
  if (aggregates && escalation(user, everything, namespace, context))
    refuse('must have cluster-admin privileges to use the aggregationRule');
}

/** Nobody binds a role with more rights than their own, unless they may `bind` it. @throws ApiError (403, 404) */
export function checkBinding(
  binding: KubeObject,
  old: KubeObject | undefined,
  resource: 'rolebindings' | 'clusterrolebindings',
  context: WriteContext,
): void {
  const { user, api } = context;
  const { name, namespace = '' } = binding.metadata;
  if (user.groups.includes('system:masters') || (old && onlyForTheCollector(binding, old))) return;
  const role = roleRefOf(binding);
  const known = role.kind === 'Role' || role.kind === 'ClusterRole';
  if (known && may('bind', role.kind === 'Role' ? 'roles' : 'clusterroles', role.name, namespace, context, role.apiGroup)) return;
  // A reference that validation refuses is left to it.
  if (!known || role.name === '') return;
  const rules = ruleResolver(api).rulesOfRole(role, namespace);
  // The real one says it so, with the resource of the request.
  if (!rules) throw notFound({ group: rbacGroup, resource }, role.name);
  const problem = escalation(user, rules, namespace, context);
  if (problem) throw forbidden({ group: rbacGroup, resource }, name, problem);
}

const list = (role: KubeObject): readonly Rule[] => rulesOf({ ...role });

function escalation(user: UserInfo, wanted: readonly Rule[], namespace: string, { api }: WriteContext): string | undefined {
  const { rules, problem } = ruleResolver(api).rulesFor(user, namespace);
  const missing = missingRights(rules, wanted);
  if (missing.length === 0) return undefined;
  const who = `user ${JSON.stringify(user.name)} (groups=${goStrings(user.groups)})`;
  const lines = describeRules(missing).join('\n');
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines}${problem ? `; resolution errors: [${problem}]` : ''}`;
}

function may(verb: string, resource: string, name: string, namespace: string, { api, user }: WriteContext, group = rbacGroup): boolean {
  const asked: Attributes = {
    isResourceRequest: true,
    verb,
    path: '',
    apiGroup: group,
    apiVersion: '*',
    namespace,
    resource,
    subresource: '',
    name,
  };
  return ruleResolver(api).authorize(user, asked).allowed;
}

/** Owners and finalizers may change without a look at rights, so that an object can go. */
function onlyForTheCollector(next: KubeObject, old: KubeObject): boolean {
  const free = ({ metadata, ...rest }: KubeObject): object => {
    const { ownerReferences: _, finalizers: __, managedFields: ___, resourceVersion: ____, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  return equal(free(next), free(old));
}

const hasAggregation = (role: KubeObject | undefined): boolean => {
  const { clusterRoleSelectors } = (role?.aggregationRule ?? {}) as { clusterRoleSelectors?: unknown[] };
  return (clusterRoleSelectors ?? []).length > 0;
};
