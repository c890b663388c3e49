import { isRecord } from '@fairlead/kube/protocol';
import { type ListType, reading } from '../schema/type.js';

/** One step of a path as FieldsV1 writes it: `f:spec`, `k:{"name":"web"}`, `v:"example.com/a"`. */
type PathElement = string;

export const fieldElement = (name: string): PathElement => `f:${name}`;

export class NoElement extends Error {}

/** The step to an element of a list that is no single whole. Throws NoElement for one that cannot be told from the others. */
export function itemElement({ keys, items }: ListType, item: unknown): PathElement {
  if (keys.length === 0) {
    if (isRecord(item)) throw new NoElement("associative list without keys has an element that's a map type");
    if (Array.isArray(item)) throw new NoElement('not supported: associative list with lists as elements');
    if (item === null || item === undefined) throw new NoElement("associative list without keys has an element that's an explicit null");
    return `v:${goJson(item)}`;
  }
  if (item === null || item === undefined) throw new NoElement('associative list with keys may not have a null element');
  if (!isRecord(item)) throw new NoElement('associative list with keys may not have non-map elements');
  const found: string[] = [];
  for (const key of keys.length > 1 ? [...keys].sort() : keys) {
    const value = item[key] === undefined ? reading(items, item).map?.fields.get(key)?.default : item[key];
    if (value !== undefined) found.push(`${JSON.stringify(key)}:${goJson(value)}`);
  }
  if (found.length === 0) {
    const list = keys.map((key) => JSON.stringify(key)).join(' ');
    throw new NoElement(
      `associative list with keys has an element that omits all key fields [${list}] (and doesn't have default values for any key fields)`,
    );
  }
  return `k:{${found.join(',')}}`;
}

/** `.spec.containers[name="web"].image`, `.metadata.finalizers[="example.com/a"]`. */
export const shownPath = (path: readonly PathElement[]): string => path.map(shownElement).join('');

export function shownElement(element: PathElement): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${rest}`;
    case 'v':
      return `[=${shownValue(JSON.parse(rest))}]`;
    case 'k': {
      const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
      return `[${keys.map(([key, value]) => `${key}=${shownValue(value)}`).join(',')}]`;
    }
    default:
      return `[${rest}]`;
  }
}

const shownValue = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** JSON as Go writes it: safe inside HTML. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
