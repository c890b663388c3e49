interface Named {
  key: string;
  name: string;
}

/** What stands for an app in an address: its name, or its id where a name would not be enough (twice in the project, or "new"). */
export function appRef(row: Named, all: readonly Named[]): string {
  return row.name === 'new' || all.some((other) => other.name === row.name && other.key !== row.key) ? row.key : row.name;
}
