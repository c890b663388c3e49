import { equal } from '../../machinery/object.js';
import type { EndpointSlice, SliceEndpoint, SlicePort } from '../model/network.js';

const perSlice = 100;

/** What all slices of a service together are to say: endpoints with the same ports together. */
export interface Wanted {
  ports: SlicePort[] | null;
  endpoints: SliceEndpoint[];
}

export interface SliceChanges {
  create: { ports: SlicePort[] | null; endpoints: SliceEndpoint[] | null }[];
  update: { slice: EndpointSlice; endpoints: SliceEndpoint[] | null; ports: SlicePort[] | null }[];
  remove: EndpointSlice[];
}

/**
 * As few changes as possible: an endpoint stays in its slice, new ones fill what has room, up to 100 in each. A service without any has one empty slice.
 */
export function sliceChanges(current: readonly EndpointSlice[], wanted: readonly Wanted[]): SliceChanges {
  const changes: SliceChanges = { create: [], update: [], remove: [] };
  const left = new Set(current);
  for (const { ports, endpoints } of wanted) {
    const same = [...left].filter((slice) => equal(slice.ports ?? [], ports ?? []) && slice.endpoints !== null);
    const open = new Map(endpoints.map((each) => [identity(each), each]));
    const filled = same.map((slice) => ({ slice, endpoints: keep(slice, open) }));
    for (const each of filled) {
      for (const [key, endpoint] of open) {
        if (each.endpoints.length >= perSlice) break;
        each.endpoints.push(endpoint);
        open.delete(key);
      }
    }
    for (const each of filled) {
      if (each.endpoints.length === 0) continue;
      left.delete(each.slice);
      if (!equal(each.endpoints, each.slice.endpoints)) changes.update.push({ ...each, ports });
    }
    const more = [...open.values()];
    for (let at = 0; at < more.length; at += perSlice) changes.create.push({ ports, endpoints: more.slice(at, at + perSlice) });
  }
  const empty = wanted.every((each) => each.endpoints.length === 0);
  return empty ? oneEmpty(left) : reuse(changes, left);
}

function oneEmpty(left: ReadonlySet<EndpointSlice>): SliceChanges {
  const [first, ...others] = [...left];
  if (!first) return { create: [{ ports: null, endpoints: null }], update: [], remove: [] };
  const isEmpty = (first.endpoints ?? []).length === 0;
  return { create: [], update: isEmpty ? [] : [{ slice: first, endpoints: null, ports: null }], remove: others };
}

/** A slice that nobody needs takes what would need a new one. */
function reuse(changes: SliceChanges, left: ReadonlySet<EndpointSlice>): SliceChanges {
  const spare = [...left];
  const create = changes.create.filter((each) => {
    const slice = spare.shift();
    if (slice) changes.update.push({ slice, ...each });
    return slice === undefined;
  });
  return { create, update: changes.update, remove: spare };
}

const identity = ({ targetRef, addresses }: SliceEndpoint): string => targetRef?.uid ?? addresses.join();

function keep(slice: EndpointSlice, open: Map<string, SliceEndpoint>): SliceEndpoint[] {
  return (slice.endpoints ?? []).flatMap((each) => {
    const next = open.get(identity(each));
    open.delete(identity(each));
    return next ? [next] : [];
  });
}
