import { type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Api } from '../api/api.js';
import type { Controller, ControllerContext } from '../controllers/controller.js';
import { fields, list } from '../kinds/parts/values.js';
import { draft, equal, type Stored } from '../machinery/object.js';
import { controllerUser } from '../machinery/user.js';
import { rbacGroup } from './rbac/rules.js';

const clusterRoles = `clusterroles.${rbacGroup}`;
const writer = { user: controllerUser('clusterrole-aggregation-controller'), fieldManager: 'clusterrole-aggregation-controller' };

/** The rules of all roles that the selectors choose, each rule once, the roles in the order of their names for each selector. */
export function gatheredRules(api: Api, role: Stored): unknown[] {
  const selectors = list(fields(role.aggregationRule).clusterRoleSelectors) as readonly LabelSelector[];
  const rules: unknown[] = [];
  for (const selector of selectors) {
    for (const other of api.list(clusterRoles)) {
      if (other.metadata.name === role.metadata.name || !matchesLabelSelector(selector, other.metadata.labels)) continue;
      for (const rule of list(other.rules)) if (!rules.some((each) => equal(each, rule))) rules.push(draft(rule));
    }
  }
  return rules;
}

/** Fills the rules of roles that gather others. */
export function roleAggregation({ api }: ControllerContext): Controller {
  const gathering = (): string[] =>
    api
      .list(clusterRoles)
      .filter((role) => role.aggregationRule)
      .map(({ metadata }) => metadata.name);
  return {
    name: 'clusterrole-aggregation',
    watches: { [clusterRoles]: gathering },
    initialKeys: gathering,
    reconcile(name): undefined {
      const role = api.get(clusterRoles, '', name);
      if (role?.aggregationRule) gather(api, role);
    },
  };
}

export function gather(api: Api, role: Stored): void {
  const rules = gatheredRules(api, role);
  if (equal(rules, role.rules ?? [])) return;
  const put = (next: Record<string, unknown>): void => {
    next.rules = rules;
  };
  api.change(clusterRoles, '', role.metadata.name, put, writer);
}
