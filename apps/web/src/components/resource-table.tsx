'use client';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useKey } from '@/lib/keys';
import { sortRows } from './sort-rows';
import { waitingBetween, waitingText } from './steady-order';

export interface Column<Row> {
  id: string;
  head: string;
  cell: (row: Row) => ReactNode;
  /** Sorts by this; unknown values last. */
  sortBy?: (row: Row) => string | number | null;
  align?: 'end';
  /** At 390 px: on the first line, at its end, or on the second line. */
  small?: 'main' | 'side' | 'under';
  /** Shown only from this width on, so that what matters more has room. */
  from?: 'sm' | 'wide' | '2xl';
  /** A CSS width for columns that would else wander. */
  width?: string;
}

export interface ResourceTableProps<Row> {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** `-name` for descending; kept in the URL as `sort` when the table is the page's own. */
  defaultSort?: string;
  urlSort?: boolean;
  /** Rows keep their places while the pointer or the focus is among them; what came meanwhile waits behind a button. */
  live?: boolean;
  /** Names the filter; a new one shows its rows at once. */
  view?: string;
  empty: ReactNode;
  isOpen?: (row: Row) => boolean;
  onOpen?: (row: Row) => void;
  stale?: boolean;
}

interface Held<Row> {
  keys: string[];
  rows: Map<string, Row>;
  view: string;
}

/** Written out, because a row that is placed as a block loses the role of its element. */
const roles = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

const smallClass = {
  main: 'max-sm:order-0 max-sm:min-w-0 max-sm:flex-1 max-sm:font-medium',
  side: 'max-sm:order-1',
  under: 'max-sm:order-3 max-sm:text-xs max-sm:text-muted',
};

const fromClass = { sm: 'max-sm:hidden', wide: 'max-wide:hidden', '2xl': 'max-2xl:hidden' };

/** The one table: columns, sorting, J K, rows that do not jump, two-line rows on narrow screens. */
export function ResourceTable<Row>(props: ResourceTableProps<Row>) {
  return props.urlSort ? <UrlSorted {...props} /> : <LocalSorted {...props} />;
}

function UrlSorted<Row>(props: ResourceTableProps<Row>) {
  const [sort, setSort] = useQueryState('sort', parseAsString.withDefault(props.defaultSort ?? ''));
  return <Table {...props} sort={sort} onSort={(next) => void setSort(next)} />;
}

function LocalSorted<Row>(props: ResourceTableProps<Row>) {
  const [sort, setSort] = useState(props.defaultSort ?? '');
  return <Table {...props} sort={sort} onSort={setSort} />;
}

function Table<Row>({
  label,
  rows,
  keyOf,
  columns,
  live,
  view = '',
  empty,
  isOpen,
  onOpen,
  stale,
  sort,
  onSort,
}: ResourceTableProps<Row> & { sort: string; onSort: (sort: string) => void }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [held, setHeld] = useState<Held<Row> | null>(null);
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const wanted = useMemo(() => new Map(sorted.map((row) => [keyOf(row), row])), [sorted, keyOf]);
  const viewKey = `${view} ${sort}`;
  const now = (): Held<Row> => ({ keys: [...wanted.keys()], rows: wanted, view: viewKey });
  // Another sort or filter shows its rows at once, and so does a list that was empty; then those are held.
  if (held && (held.view !== viewKey || (held.keys.length === 0 && wanted.size > 0))) setHeld(now());
  const holding = live && held !== null && held.view === viewKey && held.keys.length > 0 ? held : null;
  const waiting = holding ? waitingText(waitingBetween(holding.keys, [...wanted.keys()])) : null;
  const shown = holding ? holding.keys : [...wanted.keys()];
  const hold = () => setHeld(holding ?? now());
  const letGo = (event: { currentTarget: Element }) => {
    if (!event.currentTarget.contains(document.activeElement)) setHeld(null);
  };
  useRowKeys(body);

  if (shown.length === 0) return <>{empty}</>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that a hand is here
    <div
      className={`relative overflow-x-auto ${stale ? 'hatched' : ''}`}
      onPointerEnter={live ? (event) => (event.pointerType === 'mouse' ? hold() : undefined) : undefined}
      onPointerLeave={live ? letGo : undefined}
      onFocus={live ? hold : undefined}
      onBlur={live ? (event) => (event.currentTarget.contains(event.relatedTarget) ? undefined : setHeld(null)) : undefined}
    >
      <table
        {...roles.table}
        aria-label={label}
        aria-rowcount={shown.length}
        data-table
        className="w-full border-collapse text-sm max-sm:block"
      >
        <thead {...roles.rowgroup} className="max-sm:sr-only">
          <tr {...roles.row}>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody {...roles.rowgroup} ref={body} className="max-sm:block">
          {shown.map((key) => {
            const row = wanted.get(key) ?? holding?.rows.get(key);
            if (row === undefined) return null;
            return <TableRow key={key} row={row} columns={columns} gone={!wanted.has(key)} open={isOpen?.(row) ?? false} onOpen={onOpen} />;
          })}
        </tbody>
      </table>
      {waiting ? (
        // Over the head, so that no row moves under the hand.
        <div className="flex items-center gap-2 rounded-chip bg-busy-tint px-3 text-xs max-sm:py-2 sm:absolute sm:end-1 sm:top-1 sm:h-6">
          <span>{waiting}</span>
          <button type="button" className="font-medium text-link underline" onClick={() => setHeld(now())}>
            Show
          </button>
        </div>
      ) : null}
    </div>
  );
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort: string; onSort: (sort: string) => void }) {
  const direction = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : undefined;
  const Arrow = direction === 'descending' ? ArrowDown : ArrowUp;
  return (
    <th
      {...roles.columnheader}
      scope="col"
      aria-sort={column.sortBy ? (direction ?? 'none') : undefined}
      style={column.width ? { width: column.width } : undefined}
      className={`h-8 whitespace-nowrap border-b px-3 font-medium text-muted text-xs ${column.align === 'end' ? 'text-end' : 'text-start'} ${column.from ? fromClass[column.from] : ''}`}
    >
      {column.sortBy ? (
        <button
          type="button"
          className="inline-flex min-h-6 items-center gap-1 hover:text-text"
          onClick={() => onSort(direction === 'ascending' ? `-${column.id}` : column.id)}
        >
          {column.head}
          {direction ? <Arrow size={14} strokeWidth={1.75} aria-hidden /> : null}
        </button>
      ) : (
        column.head || <span className="sr-only">Acts</span>
      )}
    </th>
  );
}

function TableRow<Row>({
  row,
  columns,
  gone,
  open,
  onOpen,
}: {
  row: Row;
  columns: readonly Column<Row>[];
  gone: boolean;
  open: boolean;
  onOpen?: (row: Row) => void;
}) {
  return (
    <tr
      {...roles.row}
      data-row
      tabIndex={-1}
      aria-selected={onOpen ? open : undefined}
      onKeyDown={
        onOpen
          ? (event) => {
              if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row);
            }
          : undefined
      }
      className={`h-10 border-b last:border-b-0 hover:bg-hover focus-visible:outline-offset-[-2px] sm:pointer-coarse:h-12 max-sm:flex max-sm:h-auto max-sm:flex-wrap max-sm:items-center max-sm:gap-x-3 max-sm:gap-y-0.5 max-sm:px-3 max-sm:py-2 max-sm:before:order-2 max-sm:before:basis-full max-sm:before:content-[''] ${open ? 'bg-selection' : ''} ${gone ? 'text-muted line-through' : ''}`}
    >
      {columns.map((column) => (
        <td
          key={column.id}
          {...roles.cell}
          className={`px-3 py-1 max-sm:p-0 ${column.align === 'end' ? 'whitespace-nowrap text-end tabular-nums' : ''} ${smallClass[column.small ?? 'under']} ${column.from ? fromClass[column.from] : ''}`}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** J and K, and the arrows within the table, walk over the rows; Enter follows the row's link. */
function useRowKeys(body: React.RefObject<HTMLTableSectionElement | null>) {
  const move = (step: number) => () => {
    const mine = body.current;
    if (!mine) return;
    const active = document.activeElement;
    const table = active?.closest('[data-table]') ?? document.querySelector('main [data-table]');
    if (!table?.contains(mine)) return;
    const rows = [...mine.querySelectorAll<HTMLElement>('[data-row]')];
    const at = rows.findIndex((row) => row.contains(active));
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    (next?.querySelector<HTMLElement>('a, button') ?? next)?.focus();
  };
  useKey('j', move(1));
  useKey('k', move(-1));
}
