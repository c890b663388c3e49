import type { AppRow } from '@fairlead/shared';

type Named = Pick<AppRow, 'key' | 'name' | 'projectId'>;

/** What names an app in an address: its name, or its id where the project has the name in two places or it is that of a page. */
export function appRef(row: Named, rows: readonly Named[]): string {
  return row.name === 'new' || rows.some((other) => other.key !== row.key && other.projectId === row.projectId && other.name === row.name)
    ? row.key
    : row.name;
}
