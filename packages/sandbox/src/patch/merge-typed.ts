import { isRecord } from '@fairlead/kube/protocol';
import { type ListType, type MapType, reading, type Type, typeUnder } from '../schema/type.js';
import { itemElement, NoElement } from './path-element.js';

/** What is live with what is applied laid over it: maps key by key, lists with keys element by element, everything else replaced. */
export function mergedTyped(type: Type, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const { map, scalar, list } = reading(type, applied);
  if (map) {
    const [left, right] = [isRecord(live) ? live : {}, isRecord(applied) ? applied : {}];
    const isNothing = Object.keys(left).length === 0 && Object.keys(right).length === 0;
    return map.atomic || isNothing ? applied : mergedMaps(map, left, right);
  }
  if (scalar || !list) return applied;
  const [left, right] = [Array.isArray(live) ? live : [], Array.isArray(applied) ? applied : []];
  if (list.atomic || (left.length === 0 && right.length === 0)) return applied;
  return mergedLists(list, left, right);
}

function mergedMaps(map: MapType, live: Record<string, unknown>, applied: Record<string, unknown>): Record<string, unknown> {
  const made: Record<string, unknown> = { ...live };
  for (const key of Object.keys(applied)) {
    const type = typeUnder(map, key);
    made[key] = type ? mergedTyped(type, live[key], applied[key]) : applied[key];
  }
  return made;
}

/**
 * Elements that both have stand in the applied order; those that only live has stay behind the neighbour that they followed; new ones come where they
 * were applied.
 */
function mergedLists(list: ListType, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const left = live.map((item) => elementOf(list, item));
  const right = applied.map((item) => elementOf(list, item));
  const inLive = new Map<string, unknown>();
  left.forEach((element, index) => {
    // Of elements that cannot be told apart nothing is merged.
    inLive.set(element, inLive.has(element) ? undefined : live[index]);
  });
  const inApplied = new Map(right.map((element, index) => [element, applied[index]]));
  const shared = right.filter((element) => inLive.has(element));
  const done = new Set<string>();
  const made: unknown[] = [];
  const take = (element: string): void => {
    done.add(element);
    made.push(mergedTyped(list.items, inLive.get(element), inApplied.get(element)));
  };

  let [l, r, next] = [0, 0, 0];
  while (l < left.length || r < right.length) {
    const [here, there] = [left[l], right[r]];
    if (here !== undefined && there !== undefined) {
      if (here === there) {
        take(here);
        l += 1;
        r += 1;
        next += 1;
        continue;
      }
      // Its turn comes with the applied ones.
      if (inApplied.has(here) && next < shared.length && shared[next] !== here) {
        l += 1;
        continue;
      }
    }
    if (here !== undefined) {
      if (!inApplied.has(here)) {
        made.push(live[l]);
        l += 1;
        continue;
      }
      if (done.has(here)) l += 1;
    }
    if (there !== undefined) {
      take(there);
      r += 1;
      if (shared[next] === there) next += 1;
    }
  }
  return made;
}

function elementOf(list: ListType, item: unknown): string {
  try {
    return itemElement(list, item);
  } catch (error) {
    if (error instanceof NoElement) return `none:${JSON.stringify(item)}`;
    throw error;
  }
}
