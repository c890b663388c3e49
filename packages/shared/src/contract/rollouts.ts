import { z } from 'zod';
import { NamespaceName, Ref, Timestamp } from '../id.js';
import { Cause } from './cause.js';
import { PageQuery, page, route } from './route.js';

/** What became of a revision in its cluster. */
export const Rollout = z
  .object({
    revision: z.number(),
    state: z
      .enum(['running', 'serving', 'failed', 'superseded'])
      .describe(
        'serving: its pods are ready, the old ones gone, and its route was asked. superseded: another revision came before it ended.',
      ),
    startedAt: Timestamp,
    readyAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    secondsToReady: z.number().nullable().describe('From the click to the last pod ready.'),
    cause: Cause.nullable().describe('Why it failed; while it runs, what holds it up at the moment.'),
    answer: z
      .object({ url: z.string(), status: z.number().nullable(), ms: z.number().nullable(), error: z.string().nullable() })
      .nullable()
      .describe('What the route answered when Fairlead asked it; null for an app without one.'),
    wentBack: z.number().nullable().describe('The revision by which Fairlead went back to the last one that served.'),
  })
  .meta({ id: 'Rollout' });
export type Rollout = z.infer<typeof Rollout>;

/** `60s`, `2m`; at most five minutes. Read as milliseconds. */
export const Wait = z
  .string()
  .regex(/^\d{1,3}(s|m)$/, 'must be a time such as 60s or 2m')
  .transform((text) => Number(text.slice(0, -1)) * (text.endsWith('m') ? 60_000 : 1_000))
  .refine((ms) => ms <= 300_000, 'must not be more than 5m');

const Where = { cluster: Ref.optional(), namespace: NamespaceName.optional() };

export const listRollouts = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/rollouts',
  action: 'apps.rollouts',
  summary: 'What became of each revision, newest first.',
  access: { project: 'apps.read' },
  params: z.strictObject({ project: Ref, app: Ref }),
  query: PageQuery.extend(Where),
  response: page(Rollout),
});

export const getRollout = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/rollouts/:revision',
  action: 'apps.rollouts.get',
  summary: 'The verdict on one revision. With `wait` the answer comes when it has ended, or after that time with `running`.',
  access: { project: 'apps.read' },
  params: z.strictObject({ project: Ref, app: Ref, revision: z.coerce.number().int().min(1) }),
  query: z.strictObject({ ...Where, wait: Wait.optional() }),
  response: Rollout,
});
