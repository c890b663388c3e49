import { type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import { type Fields, fields, isSet, list, strings, text } from '../../kinds/parts/values.js';
import type { AdmissionRequest } from '../admission.js';

/** Whether a policy or its binding is about this request: MatchResources. */
export function matchesRequest(match: Fields, request: AdmissionRequest, api: Api): boolean {
  if (!namespaceMatches(match.namespaceSelector, request, api)) return false;
  if (!objectMatches(match.objectSelector, request)) return false;
  if (list(match.excludeResourceRules).some((rule) => ruleMatches(rule, request))) return false;
  const rules = list(match.resourceRules);
  // A binding without rules takes what its policy takes.
  return rules.length === 0 || rules.some((rule) => ruleMatches(rule, request));
}

function ruleMatches(rule: Fields, { operation, definition, subresource, name, namespace, object }: AdmissionRequest): boolean {
  const has = (values: unknown, wanted: string): boolean => strings(values).some((each) => each === '*' || each === wanted);
  const names = strings(rule.resourceNames);
  const scope = text(rule.scope) || '*';
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, definition.group) &&
    has(rule.apiVersions, definition.version) &&
    strings(rule.resources).some((each) => resourceMatches(each, definition.resource, subresource)) &&
    (scope === '*' || (scope === 'Namespaced') === (namespace !== '')) &&
    (names.length === 0 || names.includes(name || (object?.metadata?.name ?? '')))
  );
}

function resourceMatches(pattern: string, resource: string, subresource: string): boolean {
  const [wanted = '', part = ''] = pattern.split('/', 2);
  return (wanted === '*' || wanted === resource) && (part === '*' || part === subresource);
}

/** A namespace is chosen by its own labels, what is in it by its namespace's; everything else always. */
function namespaceMatches(selector: unknown, request: AdmissionRequest, api: Api): boolean {
  if (!isSet(selector) || Object.keys(fields(selector)).length === 0) return true;
  const { definition, namespace, object, oldObject } = request;
  if (definition.group === '' && definition.resource === 'namespaces') return selects(selector, (object ?? oldObject)?.metadata.labels);
  if (namespace === '') return true;
  return selects(selector, api.get('namespaces', '', namespace)?.metadata.labels);
}

function objectMatches(selector: unknown, { object, oldObject }: AdmissionRequest): boolean {
  if (!isSet(selector) || Object.keys(fields(selector)).length === 0) return true;
  return [object, oldObject].some((each) => each?.metadata !== undefined && selects(selector, each.metadata.labels));
}

const selects = (selector: unknown, labels: Record<string, string> | undefined): boolean =>
  matchesLabelSelector(selector as LabelSelector, labels);
