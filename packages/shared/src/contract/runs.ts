import { z } from 'zod';
import { Id, NamespaceName, Ref, Timestamp } from '../id.js';
import { Wait } from './rollouts.js';
import { PageQuery, page, route } from './route.js';

const words = z.array(z.string().max(4096)).min(1).max(100);

/** One command that was run once in the app's own setting: its image, variables, configuration, secrets and volumes. */
export const Run = z
  .object({
    id: Id,
    kind: z.enum(['to-end', 'interactive']),
    state: z
      .enum(['waiting', 'running', 'succeeded', 'failed', 'stopped', 'lost'])
      .describe('stopped: by a person, or because nobody used it. lost: it could no longer be followed; `reason` says why.'),
    image: z.string(),
    command: z.array(z.string()).nullable().describe("null: the app's own, or the image's."),
    args: z.array(z.string()).nullable(),
    notes: z.array(z.string()).describe("What of the app's own setting it goes without, and why."),
    job: z.string().describe('The Job in the namespace of the app.'),
    pod: z.string().nullable().describe('null before there is one.'),
    container: z.string().describe('Its one container: what a terminal attaches to.'),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    seconds: z.number().nullable(),
    exitCode: z.number().nullable(),
    reason: z.string().nullable().describe('Why it waits, failed or was ended, in a sentence.'),
    startedBy: z.object({ id: Id, name: z.string() }),
    log: z
      .object({ until: Timestamp, truncated: z.boolean().describe('Only its last 256 kB were kept.') })
      .nullable()
      .describe('Its log is kept here until then; null while it runs, for an interactive one, and when there was none to keep.'),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof Run>;

const appRef = z.strictObject({ project: Ref, app: Ref });
const runRef = z.strictObject({ project: Ref, app: Ref, run: Id });
const Where = z.strictObject({ cluster: Ref.optional(), namespace: NamespaceName.optional() });

export const startRun = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/runs',
  action: 'apps.runs.start',
  summary: "Run a command once in a pod of the app's own template that takes no requests and counts for no size.",
  access: { project: 'apps.run' },
  params: appRef,
  query: Where.extend({ wait: Wait.optional().describe('Answer when it has ended, or after this time: 60s, 2m.') }),
  body: z.strictObject({
    kind: z
      .enum(['to-end', 'interactive'])
      .default('to-end')
      .describe('to-end: its log is kept. interactive: with a terminal to attach to; removed 20 s after the last one has left.'),
    image: z.string().min(1).max(500).regex(/^\S+$/, 'must not contain white space').optional().describe("Default: the app's own."),
    command: words.optional().describe("Default: the app's own; for an interactive one a shell."),
    args: words.optional().describe("Default: the app's own, unless a command is given."),
    deadlineSeconds: z.number().int().min(10).max(86_400).default(3_600).describe('The cluster ends it after so long.'),
  }),
  response: Run,
  status: 202,
});

export const listRuns = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/runs',
  action: 'apps.runs',
  summary: 'Commands that were run once, newest first. Kept for 30 days.',
  access: { project: 'apps.read' },
  params: appRef,
  query: PageQuery.extend(Where.shape),
  response: page(Run),
});

export const getRun = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/runs/:run',
  action: 'apps.runs.get',
  summary: 'One run: how far it is, or how it ended.',
  access: { project: 'apps.read' },
  params: runRef,
  query: Where,
  response: Run,
});

export const getRunLog = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/runs/:run/log',
  action: 'apps.runs.log',
  summary: "The last 256 kB of a run's log: from its pod while that is there, then as it was kept, for seven days.",
  access: { project: 'pods.logs' },
  params: runRef,
  query: Where,
  response: z.object({
    text: z.string(),
    truncated: z.boolean().describe('There was more before.'),
    kept: z.boolean().describe('It is over, and this is what was kept.'),
  }),
});

export const stopRun = route({
  method: 'DELETE',
  path: '/projects/:project/apps/:app/runs/:run',
  action: 'apps.runs.stop',
  summary: 'End it now. What it wrote so far is kept. One that has ended stays as it is.',
  access: { project: 'apps.run' },
  params: runRef,
  query: Where,
  response: Run,
});
