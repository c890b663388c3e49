interface Sortable<Row> {
  id: string;
  sortBy?: (row: Row) => string | number | null;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Rows by `sort` ("name", "-restarts"), unknown values last in both directions; otherwise as they came. Stable. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Sortable<Row>[], sort: string): readonly Row[] {
  const down = sort.startsWith('-');
  const sortBy = columns.find((column) => column.id === (down ? sort.slice(1) : sort))?.sortBy;
  if (!sortBy) return rows;
  return [...rows].sort((a, b) => {
    const left = sortBy(a);
    const right = sortBy(b);
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    const order = typeof left === 'number' && typeof right === 'number' ? left - right : collator.compare(String(left), String(right));
    return down ? -order : order;
  });
}
