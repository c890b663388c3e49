/**
 * Reading plain data as Go reads its structs: what is missing (or null, or of another type, which the decoder has refused before) is the zero value. So a rule
 * says what it means and nothing about what is not there.
 */
export type Fields = Record<string, unknown>;

const nothing: Fields = Object.freeze({});
const none: readonly never[] = Object.freeze([]);

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isSet = (value: unknown): boolean => value !== undefined && value !== null;
export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || value === 0;

export const fields = (value: unknown): Fields => (isFields(value) ? value : nothing);
export const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? (value as Fields[]) : none);
export const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : none);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const flag = (value: unknown): boolean => value === true;
export const stringMap = (value: unknown): Readonly<Record<string, string>> => fields(value) as Record<string, string>;

/** The object under that key, to be changed; made where there is none. */
export function within(parent: Fields, key: string): Fields {
  const found = parent[key];
  if (isFields(found)) return found;
  const made: Fields = {};
  parent[key] = made;
  return made;
}

/** Go's default of a pointer: only where nothing was said. */
export function setMissing(parent: Fields, key: string, value: unknown): void {
  if (!isSet(parent[key])) parent[key] = value;
}

/** Go's default of a plain value: also where its zero was said. */
export function setEmpty(parent: Fields, key: string, value: unknown): void {
  if (isEmpty(parent[key])) parent[key] = value;
}

export const items = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** As Go prints a map. */
export const sortedMap = (map: unknown): unknown =>
  isFields(map) ? Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1))) : (map ?? null);
