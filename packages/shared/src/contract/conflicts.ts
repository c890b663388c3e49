import { z } from 'zod';

/** Who set a field, as the object's managedFields have it. */
export const FieldOwner = z.object({
  manager: z.string().describe('The field manager: "kubectl-edit".'),
  name: z.string().describe('The same for people: "kubectl edit", "Argo CD", "a horizontal pod autoscaler".'),
  operation: z.enum(['Apply', 'Update']).nullable(),
  subresource: z.string().nullable().describe('"scale", where it was set by that.'),
  at: z.string().nullable(),
});
export type FieldOwner = z.infer<typeof FieldOwner>;

export const conflictChoices = ['take-over', 'leave'] as const;

/** A decision about fields that somebody else has set: of one field, or of all such fields of an object. */
export const ConflictChoice = z.strictObject({
  object: z.string().min(1).max(320).describe('kind/name'),
  field: z.string().min(1).max(1000).optional().describe('As the plan names it; without it all of the object.'),
  choice: z
    .enum(conflictChoices)
    .describe('take-over: the app has its way. leave: the app neither sends nor watches the field any more, until it is taken over.'),
});
export type ConflictChoice = z.infer<typeof ConflictChoice>;

/** A field that the app wants otherwise than somebody else has set it. */
export const FieldConflict = z
  .object({
    object: z.string().describe('kind/name'),
    field: z.string().describe('"spec.template.spec.containers[web].image"'),
    wanted: z.string().describe('What the app would put there. Values of variables and Secrets are not shown.'),
    found: z.string().describe('What lives.'),
    owner: FieldOwner,
    choice: z.enum(conflictChoices).nullable().describe('null: to be decided before the change can be made.'),
  })
  .meta({ id: 'FieldConflict' });
export type FieldConflict = z.infer<typeof FieldConflict>;

/** A field that the app leaves to whoever had set it. Stands in the revision, and in those after it. */
export const LeftField = z
  .object({
    object: z.string(),
    field: z.string(),
    owner: FieldOwner.pick({ manager: true, name: true }),
    since: z.string(),
  })
  .meta({ id: 'LeftField' });
export type LeftField = z.infer<typeof LeftField>;

export const ConflictChoices = z
  .array(ConflictChoice)
  .max(500)
  .default([])
  .describe('What to do with fields that somebody else has set in the cluster; one that is not named here is a 409 field_conflict.');
