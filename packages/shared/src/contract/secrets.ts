import { z } from 'zod';
import { Timestamp } from '../id.js';
import { Accepted, Acting, appRef, idempotencyKey, Where } from './app.js';
import { OwnSecret } from './app-spec-parts.js';
import { route } from './route.js';

/** One secret of an app as it is told: that it is there, never what it is. */
export const AppSecret = z
  .object({
    name: z.string(),
    hash: z
      .string()
      .describe('The first eight digits of the keyed hash of its value: it tells one value from another, and nothing of either.'),
    env: z.boolean(),
    path: z.string().nullable(),
    setAt: Timestamp.describe('When this value was given.'),
    setBy: z.string(),
    revision: z.number().describe('The first revision that used this value.'),
  })
  .meta({ id: 'AppSecret' });
export type AppSecret = z.infer<typeof AppSecret>;

export const listAppSecrets = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/secrets',
  action: 'apps.secrets.list',
  summary: "The app's own secrets by name, with who set them and when. Values are write-only.",
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  response: z.object({ items: z.array(AppSecret), next: z.null() }),
});

const { name, env, path } = OwnSecret.shape;

export const changeAppSecrets = route({
  method: 'PATCH',
  path: '/projects/:project/apps/:app/secrets',
  action: 'apps.secrets.change',
  summary: 'Set, replace or remove secrets of the app; the others stay. A new value rolls the pods, the same value again changes nothing.',
  access: { project: 'apps.change' },
  headers: { ...idempotencyKey, 'If-Match': 'Optional: only if this revision stands.' },
  params: appRef,
  query: Acting,
  body: z
    .strictObject({
      set: z
        .array(
          z.strictObject({
            name,
            value: z.string().max(65_536).optional().describe('Left out: the one that stands, used otherwise.'),
            env: env.unwrap().optional().describe('A variable of this name; by default as it stands, and for a new one yes.'),
            path: path.unwrap().nullable().optional().describe('A file at this path; null: none.'),
          }),
        )
        .max(50)
        .default([]),
      remove: z.array(z.string().max(100)).max(50).default([]),
    })
    .refine((body) => body.set.length + body.remove.length > 0, 'give what to set or what to remove'),
  response: Accepted,
  status: 202,
});
