import { z } from 'zod';
import { Id, NamespaceName, Ref, Timestamp } from '../id.js';
import { route } from './route.js';

/** While it stands, robots and API tokens do not change the app; people in the dashboard are warned before they do. */
export const Hold = z
  .object({
    by: z.object({ id: Id, name: z.string() }),
    since: Timestamp,
    until: Timestamp.nullable().describe('null: until somebody lifts it.'),
    reason: z.string(),
    revision: z.number().describe('The revision that the hold was put on.'),
  })
  .meta({ id: 'Hold' });
export type Hold = z.infer<typeof Hold>;

/** `true` holds until it is lifted. */
export const HoldWish = z.union([
  z.literal(true),
  z.strictObject({
    until: z.iso.datetime().optional().describe('It ends by itself then; without it when somebody lifts it.'),
    reason: z.string().trim().min(3, 'say why').max(500).optional(),
  }),
]);
export type HoldWish = z.infer<typeof HoldWish>;

/** Somebody else who puts the app's objects as they want them, and whom Fairlead cannot hold. */
export const Keeper = z
  .object({
    object: z.string().describe('kind/name'),
    name: z.string().describe('"Argo CD application shop"'),
    pause: z.string().nullable().describe('The command that makes it stop; null where nothing runs by itself.'),
    note: z.string().nullable(),
  })
  .meta({ id: 'Keeper' });
export type Keeper = z.infer<typeof Keeper>;

export const liftHold = route({
  method: 'DELETE',
  path: '/projects/:project/apps/:app/hold',
  action: 'apps.hold.lift',
  summary: 'Lift the hold of an app, so that robots and API tokens may change it again. Not for robots.',
  access: { project: 'apps.rollback' },
  params: z.strictObject({ project: Ref, app: Ref }),
  query: z.strictObject({ cluster: Ref.optional(), namespace: NamespaceName.optional() }),
});
