import { z } from 'zod';
import { Id, NamespaceName, Ref, Timestamp } from '../id.js';
import { PageQuery, page, route } from './route.js';

export const drillKinds = ['kill-pod', 'rollout', 'drain-node'] as const;
export type DrillKind = (typeof drillKinds)[number];

/** What the route answered in one second of a drill. */
const Second = z.object({ sent: z.number(), slowed: z.number(), failed: z.number() });

export const DrillReport = z.object({
  phase: z
    .enum(['before', 'acting', 'healing', 'after', 'over'])
    .describe('before: 3 s as it is. healing: until it serves as before. after: 10 s more.'),
  url: z.string().nullable().describe('The route that was asked; null for an app without one: nothing was asked.'),
  replicas: z.number().describe('Pods that were ready before.'),
  acted: z.string().nullable().describe('What was done, once it was.'),
  before: z.object({ sent: z.number(), failed: z.number(), medianMs: z.number().nullable() }),
  requests: z
    .object({
      sent: z.number(),
      failed: z.number().describe('No answer, or one of 500 and above.'),
      slowed: z.number().describe('Took more than three times the median before, and more than 100 ms.'),
      medianMs: z.number().nullable(),
      slowestMs: z.number().nullable(),
      longestGapMs: z.number().nullable().describe('The longest time from one good answer to the next; 100 ms is none.'),
    })
    .describe('From the act on, ten a second.'),
  failures: z.array(z.object({ what: z.string(), count: z.number() })).describe('How requests failed, most first.'),
  healedSeconds: z.number().nullable().describe('From the act until as many pods as before were ready again.'),
  seconds: z.array(Second).describe('Second by second, from the start.'),
  actedAtSecond: z.number().nullable().describe('In which of `seconds` the act was.'),
  verdict: z.string().nullable().describe('One sentence, once it is over.'),
  advice: z.array(z.string()).describe('What to change, if anything.'),
  eviction: z
    .object({
      node: z.string(),
      evicted: z.number(),
      refused: z.number().describe('How often the disruption budget said no (429); such a pod was asked for again.'),
      refusal: z.string().nullable().describe("The budget's last words."),
      left: z.array(z.string()).describe('Pods that the budget let not go within a minute.'),
      returned: z.number().nullable().describe('New pods on that node when it was over: it is not cordoned.'),
    })
    .nullish()
    .describe('Of the drill `drain-node`, once it acted.'),
});
export type DrillReport = z.infer<typeof DrillReport>;

export const Drill = z
  .object({
    id: Id,
    kind: z.enum(drillKinds),
    state: z.enum(['running', 'done', 'failed', 'interrupted']),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    startedBy: z.object({ id: Id, name: z.string() }),
    reason: z.string().nullable().describe('Why it failed or was interrupted.'),
    report: DrillReport.nullable().describe('While it runs: what is known so far, at most 2 s old.'),
  })
  .meta({ id: 'Drill' });
export type Drill = z.infer<typeof Drill>;

const appRef = z.strictObject({ project: Ref, app: Ref });
const Where = { cluster: Ref.optional(), namespace: NamespaceName.optional() };

export const startDrill = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/drills',
  action: 'apps.drills.start',
  summary:
    'Kill a pod of the app, roll it, or evict its pods from one node, while its route is asked ten times a second. One at a time. `drain-node` does not cordon the node, which no role of a project may: a replacement can come back to it.',
  access: { project: 'pods.delete' },
  params: appRef,
  query: z.strictObject(Where),
  body: z
    .strictObject({
      kind: z.enum(drillKinds),
      node: z.string().min(1).max(253).optional().describe('With `drain-node`: which one; without it the one with most of its pods.'),
    })
    .refine(({ kind, node }) => node === undefined || kind === 'drain-node', { path: ['node'], message: 'is for drain-node alone' }),
  response: Drill,
  status: 202,
});

export const listDrills = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/drills',
  action: 'apps.drills',
  summary: 'The drills of an app with their reports, newest first.',
  access: { project: 'apps.read' },
  params: appRef,
  query: PageQuery.extend(Where),
  response: page(Drill),
});

export const getDrill = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/drills/:drill',
  action: 'apps.drills.get',
  summary: 'One drill: its progress while it runs, then its report.',
  access: { project: 'apps.read' },
  params: z.strictObject({ project: Ref, app: Ref, drill: Id }),
  query: z.strictObject(Where),
  response: Drill,
});
