import { type Fields, fields, items, text } from '../../kinds/parts/values.js';

export interface Finding {
  reason: string;
  detail: string;
}

/** Nothing to say is nothing found. */
export const bad = (reason: string, detail: string): Finding | undefined => (detail === '' ? undefined : { reason, detail });

/** Init containers first, ephemeral ones last. */
export const containersOf = (spec: Fields): Fields[] => [
  ...items(spec.initContainers),
  ...items(spec.containers),
  ...items(spec.ephemeralContainers),
];

export const quotedList = (values: readonly string[]): string => values.map((each) => JSON.stringify(each)).join(', ');
export const sortedSet = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** `container "a"`, `containers "a", "b"`. */
export const named = (what: string, found: readonly Fields[]): string =>
  `${what}${found.length > 1 ? 's' : ''} ${quotedList(found.map(({ name }) => text(name)))}`;

export interface Setters {
  /** `pod and containers "a", "b"`; empty when nobody. */
  text: string;
}

/** Whose securityContext is wrong: the pod's, its containers'. */
export function settersOf(spec: Fields, isWrong: (context: Fields) => boolean): Setters {
  const who = isWrong(fields(spec.securityContext)) ? ['pod'] : [];
  const found = containersOf(spec).filter((each) => isWrong(fields(each.securityContext)));
  if (found.length > 0) who.push(named('container', found));
  return { text: who.join(' and ') };
}
