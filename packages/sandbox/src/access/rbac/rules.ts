import type { Api } from '../../api/api.js';
import type { UserInfo } from '../../machinery/user.js';
import type { Attributes } from '../../server/access.js';
import { BindingIndex, type Grant } from './bindings.js';
import { ruleAllows } from './match.js';
import { type RoleRef, type Rule, rulesOf } from './model.js';

export const rbacGroup = 'rbac.authorization.k8s.io';

export interface Decision {
  allowed: boolean;
  /** By what; or, when refused, what could not be found out. */
  reason: string;
}

/** RBAC over the objects of one API: who may do what, and which rules somebody has. */
export class RuleResolver {
  private readonly bindings: BindingIndex;

  constructor(private readonly api: Api) {
    this.bindings = new BindingIndex(api);
  }

  /** The first rule that allows it. Members of system:masters may do everything. */
  authorize(user: UserInfo, asked: Attributes): Decision {
    if (user.groups.includes('system:masters')) return { allowed: true, reason: '' };
    const problems: string[] = [];
    for (const grant of this.bindings.of(user, asked.namespace)) {
      const rules = this.rulesOfGrant(grant, problems);
      if (rules.some((rule) => ruleAllows(rule, asked))) return { allowed: true, reason: `RBAC: allowed by ${describe(grant)}` };
    }
    return { allowed: false, reason: problems.length > 0 ? `RBAC: ${aggregate(problems)}` : '' };
  }

  /** All rules of a user in a namespace (''  for the cluster's own), with what could not be resolved. */
  rulesFor(user: UserInfo, namespace: string): { rules: Rule[]; problem: string } {
    const problems: string[] = [];
    const rules = this.bindings.of(user, namespace).flatMap((grant) => this.rulesOfGrant(grant, problems));
    return { rules, problem: aggregate(problems) };
  }

  /** The rules of the role that a binding in `namespace` names; undefined when it is not there. */
  rulesOfRole({ kind, name }: RoleRef, namespace: string): readonly Rule[] | undefined {
    const [resource, home] = kind === 'Role' ? ['roles', namespace] : ['clusterroles', ''];
    const role = this.api.get(`${resource}.${rbacGroup}`, home, name);
    return role && rulesOf(role);
  }

  private rulesOfGrant({ role, namespace }: Grant, problems: string[]): readonly Rule[] {
    if (role.kind !== 'Role' && role.kind !== 'ClusterRole') {
      problems.push(`unsupported role reference kind: ${JSON.stringify(role.kind)}`);
      return [];
    }
    const rules = this.rulesOfRole(role, namespace);
    if (rules) return rules;
    problems.push(`${role.kind.toLowerCase()}.${rbacGroup} ${JSON.stringify(role.name)} not found`);
    return [];
  }
}

const resolvers = new WeakMap<Api, RuleResolver>();

/** The one of this API, made when it is first asked for. */
export function ruleResolver(api: Api): RuleResolver {
  const known = resolvers.get(api) ?? new RuleResolver(api);
  resolvers.set(api, known);
  return known;
}

/** One as it is; several, each once, in brackets. */
function aggregate(problems: readonly string[]): string {
  const once = [...new Set(problems)];
  return once.length > 1 ? `[${once.join(', ')}]` : (once[0] ?? '');
}

function describe({ binding, namespace, role, subject }: Grant): string {
  const quoted = (text: string): string => JSON.stringify(text);
  const what = namespace === '' ? `ClusterRoleBinding ${quoted(binding)}` : `RoleBinding ${quoted(`${binding}/${namespace}`)}`;
  const name = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  return `${what} of ${role.kind} ${quoted(role.name)} to ${subject.kind} ${quoted(name)}`;
}
