import type { KubeObject, Manifest } from '@fairlead/kube';
import { type ConflictChoice, type FieldConflict, LeftField } from '@fairlead/shared';
import { z } from 'zod';
import { titleOf } from '../render/identity.js';
import { choiceOf } from './conflicts.js';
import { hasField, without } from './field-path.js';

const Stored = z.array(LeftField);

/** What a revision leaves to others; a row from before there was that leaves nothing. */
export const leftOf = (row: { leftFields: unknown }): LeftField[] => (row.leftFields === null ? [] : Stored.parse(row.leftFields));

/**
 * The object as it is sent: without the fields that are left to others, so that server-side apply owns none of them. One that does not live is
 * sent whole, for nobody has set anything of it.
 */
export function withoutLeft(object: Manifest, live: KubeObject | null, left: readonly LeftField[]): Manifest {
  if (!live) return object;
  const title = titleOf(object);
  return without(object, new Set(left.filter((each) => each.object === title).map(({ field }) => field)));
}

/** Is the field, or what it is part of, left to somebody? */
export const isLeft = (left: readonly LeftField[], object: string, field: string): boolean =>
  left.some(
    (each) => each.object === object && (each.field === field || field.startsWith(`${each.field}.`) || field.startsWith(`${each.field}[`)),
  );

/** Of what stands, without what is taken over again and what the app does not want any more. */
export const stillLeft = (standing: readonly LeftField[], wanted: readonly Manifest[], choices: readonly ConflictChoice[]): LeftField[] =>
  standing.filter((each) => {
    const object = wanted.find((manifest) => titleOf(manifest) === each.object);
    return object && hasField(object, each.field) && choiceOf(each, choices) !== 'take-over';
  });

/** What stands and what was left now. */
export const withChosen = (standing: readonly LeftField[], conflicts: readonly FieldConflict[], now: Date): LeftField[] => [
  ...standing,
  ...conflicts
    .filter(({ choice }) => choice === 'leave')
    .map(({ object, field, owner: { manager, name } }) => ({ object, field, owner: { manager, name }, since: now.toISOString() })),
];

const names = (left: readonly LeftField[]): string[] => left.map(({ object, field }) => `${object} ${field}`).sort();

/** The same fields, whoever has them and since when. */
export const sameLeft = (a: readonly LeftField[], b: readonly LeftField[]): boolean => names(a).join('\n') === names(b).join('\n');

/** "left to kubectl edit: spec.replicas of Deployment/web"; what is taken over again too. */
export function leftWords(before: readonly LeftField[], after: readonly LeftField[]): string[] {
  const known = new Set(names(before));
  const kept = new Set(names(after));
  return [
    ...after
      .filter((each) => !known.has(`${each.object} ${each.field}`))
      .map(({ object, field, owner }) => `left to ${owner.name}: ${field} of ${object}`),
    ...before.filter((each) => !kept.has(`${each.object} ${each.field}`)).map(({ object, field }) => `taken over: ${field} of ${object}`),
  ];
}
