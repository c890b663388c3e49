import { z } from 'zod';

// How many pods of an app there are, where, when, and how they end.

const percent = z.number().int().min(1).max(1000);

export const Autoscaling = z
  .strictObject({
    minReplicas: z.number().int().min(1).max(1000),
    maxReplicas: z.number().int().min(1).max(1000),
    cpuPercent: percent.optional().describe('Of what the pods request, on average.'),
    memoryPercent: percent.optional().describe('Of what the pods request, on average.'),
  })
  .refine((scaling) => scaling.maxReplicas >= scaling.minReplicas, { path: ['maxReplicas'], message: 'must not be less than minReplicas' })
  .refine((scaling) => scaling.cpuPercent !== undefined || scaling.memoryPercent !== undefined, {
    path: ['cpuPercent'],
    message: 'give a target for CPU or memory',
  });

const cronField = String.raw`[\d*/,\-A-Za-z?]+`;

export const Schedule = z.strictObject({
  cron: z
    .string()
    .max(100)
    .regex(
      new RegExp(`^(${cronField}( ${cronField}){4}|@(yearly|annually|monthly|weekly|daily|midnight|hourly))$`),
      'must be five cron fields, such as "0 3 * * *"',
    )
    .describe('CronJob: schedule.'),
  timeZone: z.string().max(100).optional().describe('CronJob: timeZone, such as Europe/Berlin; without it the one of the cluster.'),
  suspended: z.boolean().default(false).describe('CronJob: suspend.'),
  overlap: z.enum(['Allow', 'Forbid', 'Replace']).default('Forbid').describe('CronJob: concurrencyPolicy.'),
  retries: z.number().int().min(0).max(100).default(2).describe('Job: backoffLimit.'),
  deadlineSeconds: z.number().int().min(1).max(604_800).optional().describe('Job: activeDeadlineSeconds.'),
  keep: z.number().int().min(0).max(50).default(3).describe('CronJob: how many finished and failed jobs stay.'),
});

export const Placement = z.strictObject({
  nodeLabels: z.record(z.string().max(317), z.string().max(63)).optional().describe('Pod: nodeSelector.'),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().max(317),
        value: z.string().max(63).optional(),
        effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
      }),
    )
    .max(20)
    .optional()
    .describe('Pod: tolerations.'),
  spread: z.enum(['preferred', 'required', 'none']).default('preferred').describe('Pods on different nodes.'),
});

export const Disruption = z.union([
  z.strictObject({
    maxUnavailable: z.union([z.number().int().min(0).max(1000), z.string().regex(/^(100|\d{1,2})%$/, 'must be a percentage')]),
  }),
  z.strictObject({ none: z.literal(true), reason: z.string().trim().min(3, 'say why').max(500) }),
]);

export const Termination = z.strictObject({
  graceSeconds: z.number().int().min(0).max(3600).optional().describe('Pod: terminationGracePeriodSeconds.'),
  drainSeconds: z
    .number()
    .int()
    .min(0)
    .max(600)
    .optional()
    .describe(
      'preStop: how long a pod goes on answering after it was told to end, while routes forget it. Default 5 where there is a port.',
    ),
});
