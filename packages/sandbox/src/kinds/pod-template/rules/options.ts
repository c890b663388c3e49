import type { Fields } from '../../parts/values.js';

/** What the rules for a part of a pod must know of its whole. */
export interface PodFacts {
  /** A pod itself, not a template. */
  isPod: boolean;
  /** Of a pod; a template has none. */
  name: string;
  spec: Fields;
  /** Volumes that are as they should be, by name. */
  volumes: ReadonlyMap<string, Fields>;
  claims: readonly string[];
}
