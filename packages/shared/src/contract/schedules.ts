import { z } from 'zod';
import { NamespaceName, Ref, Timestamp } from '../id.js';
import { Accepted } from './app.js';
import { Wait } from './rollouts.js';
import { route } from './route.js';

/** One Job that a schedule made, or that somebody made of it by hand. */
export const ScheduledRun = z
  .object({
    name: z.string().describe('Of the Job.'),
    manual: z.boolean().describe('Made by "run now" or `kubectl create job --from`, not by the clock.'),
    state: z.enum(['waiting', 'running', 'succeeded', 'failed']).describe('waiting: no pod of it runs yet.'),
    startedAt: Timestamp.describe('When the Job was made.'),
    endedAt: Timestamp.nullable(),
    seconds: z.number().nullable().describe('From the start to the end.'),
    cause: z.string().nullable().describe('Why it failed, or why it does not run yet, in a sentence.'),
    exitCode: z.number().nullable().describe('Of the pod that ended last.'),
    pods: z.array(z.string()).describe('Those that are still there, newest first: where its logs are.'),
  })
  .meta({ id: 'ScheduledRun' });
export type ScheduledRun = z.infer<typeof ScheduledRun>;

export const ScheduleView = z
  .object({
    name: z.string().describe('Of the CronJob.'),
    cron: z.string(),
    words: z.string().nullable().describe('"every day at 03:00"; null for what cannot be read.'),
    timeZone: z.string().nullable().describe("null: the one of the cluster's controller, which is nearly always UTC and reckoned so here."),
    suspended: z.boolean(),
    overlap: z.enum(['Allow', 'Forbid', 'Replace']).describe('What happens when one still runs at the time of the next.'),
    startingDeadlineSeconds: z.number().nullable().describe('A run that could not start in time is left out after so long.'),
    keep: z.object({ succeeded: z.number(), failed: z.number() }).describe('How many ended Jobs stay.'),
    lastScheduledAt: Timestamp.nullable(),
    next: z.array(Timestamp).describe('The next five times; empty while it is suspended, and for `@every`.'),
    runs: z.array(ScheduledRun).describe('Those whose Jobs are still there, newest first.'),
  })
  .meta({ id: 'Schedule' });
export type ScheduleView = z.infer<typeof ScheduleView>;

const appRef = z.strictObject({ project: Ref, app: Ref });
const Where = z.strictObject({ cluster: Ref.optional(), namespace: NamespaceName.optional() });
const Acting = Where.extend({ wait: Wait.optional().describe('Answer when the rollout has ended, or after this time: 60s, 2m.') });

export const getSchedule = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/schedule',
  action: 'apps.schedule',
  summary: 'The schedule of an app in words, its next times and its last runs, as the cluster has it now. 404 for an app without one.',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  response: ScheduleView,
});

export const runScheduleNow = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/schedule/run',
  action: 'apps.schedule.run',
  summary: 'Make a Job of the schedule now, as `kubectl create job --from=cronjob/…` does; also while it is suspended.',
  access: { project: 'apps.change' },
  params: appRef,
  query: Where,
  response: ScheduledRun,
  status: 201,
});

export const suspendSchedule = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/schedule/suspend',
  action: 'apps.schedule.suspend',
  summary: 'Make no more Jobs until it is resumed; those that run go on. A revision, with undo.',
  access: { project: 'apps.change' },
  params: appRef,
  query: Acting,
  response: Accepted,
  status: 202,
});

export const resumeSchedule = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/schedule/resume',
  action: 'apps.schedule.resume',
  summary: 'Follow the schedule again. A revision, with undo.',
  access: { project: 'apps.change' },
  params: appRef,
  query: Acting,
  response: Accepted,
  status: 202,
});
