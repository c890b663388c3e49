import type { Attributes } from '../../server/access.js';
import type { Rule } from './model.js';

/** plugin/pkg/auth/authorizer/rbac.RuleAllows. */
export function ruleAllows(rule: Rule, asked: Attributes): boolean {
  if (!hasOrAll(rule.verbs, asked.verb)) return false;
  if (!asked.isResourceRequest) return rule.nonResourceURLs.some((url) => urlMatches(url, asked.path));
  return (
    hasOrAll(rule.apiGroups, asked.apiGroup) &&
    resourceMatches(rule.resources, asked.resource, asked.subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(asked.name))
  );
}

const hasOrAll = (set: readonly string[], value: string): boolean => set.includes('*') || set.includes(value);

function resourceMatches(resources: readonly string[], resource: string, subresource: string): boolean {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some((each) => each === '*' || each === combined || (subresource !== '' && each === `*/${subresource}`));
}

/** `*`, the path itself, or a prefix before a star at the end. */
export const urlMatches = (url: string, path: string): boolean =>
  url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
