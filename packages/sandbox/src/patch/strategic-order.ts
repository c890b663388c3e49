import { isRecord, type Status, status } from '@fairlead/kube/protocol';
import { ApiError } from '../machinery/api-error.js';
import { equal } from '../machinery/object.js';
import { goPrint } from './go-print.js';

type Keyed = Record<string, unknown>;

/** The merge key of an element, which it must have. */
export function keyOf(item: Keyed, mergeKey: string): unknown {
  if (mergeKey in item) return item[mergeKey];
  const { reason: _, ...rest } = status(500, '', `map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`);
  throw new ApiError(rest as Status);
}

/**
 * The merged elements in order: those of `order` as they stand there, the others as they stand in `server`; an other comes before one of the order only
 * where both are known to the server and it stood before it there.
 */
export function inElementOrder(
  merged: unknown[],
  order: readonly unknown[],
  server: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const key = (item: unknown): unknown => (mergeKey && isRecord(item) ? keyOf(item, mergeKey) : item);
  const placeIn = (list: readonly unknown[], item: unknown): number => list.findIndex((each) => equal(key(each), key(item)));
  const sorted = (items: unknown[], by: readonly unknown[]): unknown[] =>
    items
      .map((item) => ({ item, place: placeIn(by, item) }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  const listed = sorted(
    merged.filter((item) => placeIn(order, item) !== -1),
    order,
  );
  const others = sorted(
    merged.filter((item) => placeIn(order, item) === -1),
    server,
  );
  const made: unknown[] = [];
  for (const item of listed) {
    const place = placeIn(server, item);
    while (others.length > 0 && place !== -1) {
      const other = placeIn(server, others[0]);
      if (other === -1 || other > place) break;
      made.push(others.shift());
    }
    made.push(item);
  }
  return [...made, ...others];
}

/**
 * The order of the server that $setElementOrder goes by. The real one deletes in place and appends behind that, so that new elements stand where
 * deleted ones made room.
 */
export function serverOrder(before: unknown, change: unknown, mergeKey: string | undefined): unknown[] {
  if (!Array.isArray(before)) return [];
  if (!mergeKey || !Array.isArray(change)) return before;
  const order = [...before];
  let length = order.length;
  const placeOf = (item: Keyed): number =>
    order.slice(0, length).findIndex((each) => isRecord(each) && equal(each[mergeKey], item[mergeKey]));
  for (const item of change.filter(isRecord)) {
    if (item.$patch !== 'delete') continue;
    for (let place = placeOf(item); place !== -1; place = placeOf(item)) {
      order.copyWithin(place, place + 1, length);
      length -= 1;
    }
  }
  for (const item of change.filter(isRecord)) {
    if ('$patch' in item || length === order.length || placeOf(item) !== -1) continue;
    order[length] = item;
    length += 1;
  }
  return order;
}
