import { type KubeObject, matchesRequirements, parseFieldSelector, parseLabelSelector, SelectorError } from '@fairlead/kube/protocol';
import { badRequest } from '../machinery/api-error.js';
import { keyProblem, valueProblem } from '../machinery/name-problem.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { inVersion } from './version-view.js';

/** What a list, a watch or a deletecollection is narrowed to. */
export interface Selection {
  /** Nothing is selected away. */
  everything: boolean;
  /** Takes a stored object. */
  matches(object: KubeObject): boolean;
}

export const everything: Selection = { everything: true, matches: () => true };

/** From the two parameters, and the name in the old paths of watches. Throws 400 in the API server's words. */
export function selection(definition: ResourceDefinition, labels: string | undefined, fields: string | undefined, name = ''): Selection {
  const requirements = labelRequirements(labels ?? '');
  const terms = fieldTerms(definition, fields ?? '');
  if (name !== '') terms.push({ value: ({ metadata }) => metadata.name, operator: '=', wanted: name });
  if (requirements.length === 0 && terms.length === 0) return everything;
  const fieldsMatch = (object: KubeObject): boolean =>
    terms.every(({ value, operator, wanted }) => (value(object) === wanted) === (operator === '='));
  return {
    everything: false,
    matches: (object) =>
      matchesRequirements(requirements, object.metadata.labels) && (terms.length === 0 || fieldsMatch(inVersion(definition, object))),
  };
}

function labelRequirements(text: string) {
  try {
    return parseLabelSelector(text, { key: keyProblem, value: valueProblem });
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

interface Term {
  value(object: KubeObject): string;
  operator: '=' | '!=';
  wanted: string;
}

function fieldTerms(definition: ResourceDefinition, text: string): Term[] {
  const parsed = parseFieldSelector(text);
  if (!parsed) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  return parsed.map(({ field, operator, value: wanted }) => ({ value: fieldOf(definition, field), operator, wanted }));
}

function fieldOf(definition: ResourceDefinition, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return ({ metadata }) => metadata.name;
  if (field === 'metadata.namespace' && definition.namespaced) return ({ metadata }) => metadata.namespace ?? '';
  const known = definition.selectableFields;
  const found = known && Object.hasOwn(known, field) ? known[field] : undefined;
  if (found) return found;
  if (known) throw badRequest(`field label not supported: ${field}`);
  throw badRequest(`${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`);
}
