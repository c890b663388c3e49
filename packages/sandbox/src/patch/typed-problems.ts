import { isRecord } from '@fairlead/kube/protocol';
import { type ListType, type MapType, reading, type Scalar, type Type } from '../schema/type.js';
import { goPrint, goType } from './go-print.js';
import { itemElement, NoElement, shownElement } from './path-element.js';

/** What keeps a value from being one of this type, each with its path, in the words of structured-merge-diff. */
export function typedProblems(type: Type, value: unknown, path = ''): string[] {
  const { map, scalar, list } = reading(type, value);
  if (value === null || value === undefined) return [];
  if (map) return isRecord(value) ? mapProblems(map, value, path) : [`${path}: expected map, got &{${goPrint(value)}}`];
  if (scalar) {
    const problem = scalarProblem(scalar, value);
    return problem ? [`${path}: ${problem}`] : [];
  }
  if (!list) return [];
  return Array.isArray(value) ? listProblems(list, value, path) : [`${path}: expected list, got &{${goPrint(value)}}`];
}

function mapProblems(map: MapType, value: Record<string, unknown>, path: string): string[] {
  const problems: string[] = [];
  for (const key of Object.keys(value)) {
    const field = map.fields.get(key);
    const type = field?.type ?? map.values;
    // The first field that is not declared ends the search among its neighbours.
    if (!type) return [...problems, `${path}.${key}: field not declared in schema`];
    problems.push(...typedProblems(type, value[key], `${path}.${key}`));
  }
  return problems;
}

function listProblems(list: ListType, value: readonly unknown[], path: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    let shown = `[${index}]`;
    if (!list.atomic) {
      try {
        const element = itemElement(list, item);
        shown = shownElement(element);
        if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${shown}`);
        seen.add(element);
      } catch (error) {
        if (!(error instanceof NoElement)) throw error;
        return [...problems, `${path}: element ${index}: ${error.message}`];
      }
    }
    problems.push(...typedProblems(list.items, item, `${path}${shown}`));
  }
  return problems;
}

function scalarProblem(scalar: Scalar, value: unknown): string | undefined {
  const isScalar = typeof value !== 'object';
  switch (scalar) {
    case 'int32':
    case 'int64':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
    case 'bytes':
      return typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goValue(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goPrint(value)}}`;
    default:
      return isScalar ? undefined : `expected any scalar, got &{${goPrint(value)}}`;
  }
}

/** %#v, as far as it is short. */
function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goValue).join(', ')}}`;
  if (!isRecord(value)) return value === null ? 'interface {}(nil)' : JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${goValue(value[key])}`);
  return `map[string]interface {}{${entries.join(', ')}}`;
}
