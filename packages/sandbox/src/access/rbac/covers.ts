import { urlMatches } from './match.js';
import type { Rule } from './model.js';

const nothing: Rule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };

/** What `wanted` allows and `owned` does not, one small rule for each verb and thing. */
export function missingRights(owned: readonly Rule[], wanted: readonly Rule[]): Rule[] {
  return wanted.flatMap(brokenDown).filter((part) => !owned.some((rule) => covers(rule, part)));
}

function brokenDown({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): Rule[] {
  const parts: Rule[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const part = { ...nothing, verbs: [verb], apiGroups: [group], resources: [resource] };
        if (resourceNames.length === 0) parts.push(part);
        else for (const name of resourceNames) parts.push({ ...part, resourceNames: [name] });
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs) parts.push({ ...nothing, verbs: [verb], nonResourceURLs: [url] });
  return parts;
}

function covers(rule: Rule, part: Rule): boolean {
  const all = (set: readonly string[], asked: readonly string[]): boolean => set.includes('*') || asked.every((each) => set.includes(each));
  return (
    all(rule.verbs, part.verbs) &&
    all(rule.apiGroups, part.apiGroups) &&
    part.resources.every((each) => coversResource(rule.resources, each)) &&
    part.nonResourceURLs.every((url) => rule.nonResourceURLs.some((each) => urlMatches(each, url))) &&
    (rule.resourceNames.length === 0 ||
      (part.resourceNames.length > 0 && part.resourceNames.every((each) => rule.resourceNames.includes(each))))
  );
}

function coversResource(owned: readonly string[], resource: string): boolean {
  if (owned.includes('*') || owned.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash !== -1 && owned.includes(`*/${resource.slice(slash + 1)}`);
}

/** CompactRules and CompactString: the verbs of one resource together, a line for each, sorted. */
export function describeRules(rules: readonly Rule[]): string[] {
  const simple = new Map<string, Rule>();
  const lines: string[] = [];
  for (const rule of rules) {
    if (rule.nonResourceURLs.length > 0) {
      lines.push(line(rule));
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const known = simple.get(key);
    simple.set(key, known ? { ...known, verbs: [...known.verbs, ...rule.verbs] } : rule);
  }
  return [...new Set([...lines, ...[...simple.values()].map(line)])].sort();
}

function line({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: Rule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  };
  const said = Object.entries(parts).filter(([, values]) => values.length > 0);
  return `{${said.map(([name, values]) => `${name}:${goStrings(values)}`).join(', ')}}`;
}

/** Go's %q of a slice. */
export const goStrings = (values: readonly string[]): string => `[${values.map((each) => JSON.stringify(each)).join(' ')}]`;
