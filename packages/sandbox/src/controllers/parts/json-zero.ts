/** Go's `omitempty`: a status's zeros are not written, but for those that always are. */
export function omitEmpty<T extends object>(values: T, always: readonly (keyof T)[] = []): T {
  const kept: Partial<T> = {};
  for (const key of Object.keys(values) as (keyof T)[]) {
    const value = values[key];
    const empty = value === undefined || value === 0 || value === '' || value === null || (Array.isArray(value) && value.length === 0);
    if (!empty || always.includes(key)) kept[key] = value;
  }
  return kept as T;
}
