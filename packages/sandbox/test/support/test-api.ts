import type { AdmissionPlugin } from '../../src/admission/admission.js';
import { createApi, type RequestApi } from '../../src/api/create-api.js';
import { VirtualClock } from '../../src/machinery/virtual-clock.js';
import type { ResourceDefinition } from '../../src/registry/definition.js';

export interface TestApi {
  api: RequestApi;
  clock: VirtualClock;
  random: () => number;
}

/** The API from the inside over these kinds, at 2026-01-01T00:00:00Z, with chance that repeats. */
export function testApi(definitions: readonly ResourceDefinition[], admission: readonly AdmissionPlugin[] = []): TestApi {
  const clock = new VirtualClock();
  const random = repeatable(1);
  return { api: createApi({ clock, random, definitions, admission }), clock, random };
}

/** mulberry32: the same numbers for the same seed. */
export function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
