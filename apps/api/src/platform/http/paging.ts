import { AppError } from '../app-error.js';

/** One page of a list by keys that sort: asks for one row more than `limit`, and names the last row as the next cursor. */
export function pageOf<Row, Item>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  itemOf: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(itemOf),
    next: rows.length > limit && last !== undefined ? Buffer.from(cursorOf(last)).toString('base64url') : null,
  };
}

/** The key in a cursor that `pageOf` made. @throws AppError invalid_request */
export function readCursor(cursor: string | undefined, shape: RegExp): string | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!shape.test(text))
    throw new AppError('invalid_request', {}, { issues: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
  return text;
}

export const nameCursor = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
export const idCursor = /^[0-9a-f-]{36}$/;
