import { z } from 'zod';
import { AppName, Id, Name, NamespaceName, Ref, Timestamp } from '../id.js';
import { AppSpec } from './app-spec.js';
import { SecretValues } from './app-spec-parts.js';
import { Cause } from './cause.js';
import { ConflictChoices, FieldConflict, LeftField } from './conflicts.js';
import { Hold, Keeper } from './holds.js';
import { Rollout, Wait } from './rollouts.js';

export const appStates = [
  'serving',
  'rolling-out',
  'degraded',
  'failing',
  'asleep',
  'paused',
  'scheduled',
  'suspended',
  'unknown',
] as const;
/** It is as it is wanted. */
export const restingStates: ReadonlySet<(typeof appStates)[number]> = new Set(['serving', 'asleep', 'scheduled', 'suspended']);

/** What the cluster says of an app, now. Told by the topics `apps` and `app`. */
export const AppStatus = z.object({
  state: z.enum(appStates),
  cause: Cause.nullable(),
  replicas: z.object({ wanted: z.number(), total: z.number(), updated: z.number(), ready: z.number() }).nullable(),
  rollout: z
    .object({
      revision: z.number(),
      state: z.enum(['running', 'done', 'failed']),
      startedAt: z.string(),
      endedAt: z.string().nullable(),
      message: z.string(),
    })
    .nullable()
    .describe('The newest rollout that this Fairlead saw.'),
  address: z.string().nullable().describe('URL of the route, when there is one.'),
  internalAddress: z.string().nullable().describe('DNS name and port inside the cluster.'),
  images: z.array(z.string()),
  drift: z
    .array(
      z.object({
        object: z.string().describe('kind/name'),
        field: z.string(),
        wanted: z.string(),
        found: z.string(),
        by: z.string().nullable().describe('The field manager that set it, once it was asked.'),
        at: z.string().nullable(),
      }),
    )
    .describe('Fields of ours that somebody changed in the cluster since the revision was applied.'),
  asked: z.boolean().describe('The cluster has not yet answered the newest revision.'),
});
export type AppStatus = z.infer<typeof AppStatus>;

const Author = z.object({ id: Id.nullable(), kind: z.enum(['user', 'robot', 'system']), name: z.string() });

export const Revision = z
  .object({
    number: z.number(),
    cause: z.enum([
      'create',
      'change',
      'image',
      'scale',
      'rollback',
      'undo',
      'import',
      'adopt',
      'delete',
      'sleep',
      'wake',
      'suspend',
      'resume',
    ]),
    summary: z.string().describe('In words: "3 → 5 replicas".'),
    author: Author,
    createdAt: Timestamp,
    state: z.enum(['pending', 'applying', 'applied', 'failed', 'interrupted']),
    appliedAt: Timestamp.nullable(),
    error: z.string().nullable(),
    rolledBackFrom: z.number().nullable(),
  })
  .meta({ id: 'Revision' });
export type Revision = z.infer<typeof Revision>;

/** What Fairlead does with an app by itself. */
export const AppPolicies = z.object({
  drift: z
    .enum(['correct', 'show', 'off'])
    .describe('correct: what somebody changed in the cluster is put back at once, at most three times in ten minutes. show: on demand.'),
  wayBack: z.enum(['auto', 'off']).describe('auto: a rollout that fails goes back to the last revision that served.'),
});

export const App = z
  .object({
    id: Id,
    name: AppName,
    project: z.object({ id: Id, name: Name }),
    cluster: z.object({ id: Id, name: Name }),
    namespace: NamespaceName,
    spec: AppSpec,
    revision: Revision,
    status: AppStatus.nullable().describe('null: the cluster has not been heard yet.'),
    objects: z.array(z.object({ apiVersion: z.string(), kind: z.string(), name: z.string() })),
    policies: AppPolicies,
    left: z.array(LeftField).describe('Fields that the app leaves to others who had set them.'),
    hold: Hold.nullable(),
    workload: z.object({ kind: z.string(), name: z.string() }).nullable().describe('The one workload that scale and image act on.'),
    asleep: z
      .object({
        since: Timestamp,
        by: z.string(),
        size: z.number().nullable().describe('The replicas that waking brings back; null: what its manifests say.'),
      })
      .nullable()
      .describe('Put to sleep, or scaled to 0: since when, by whom, and what it wakes to.'),
    lastServed: z
      .number()
      .nullable()
      .describe('The newest revision before the one that stands whose rollout served: where a way back leads.'),
    createdAt: Timestamp,
    createdBy: Author,
  })
  .meta({ id: 'App' });
export type App = z.infer<typeof App>;

/** One field that will change, in the words of a person. */
export const Change = z.object({
  object: z.string().describe('kind/name'),
  action: z.enum(['create', 'change', 'delete', 'none']),
  words: z.array(z.string()).describe('"3 → 5 replicas"'),
  before: z.string().nullable().describe('YAML of what lives, without status and managed fields.'),
  after: z.string().nullable().describe('YAML of what will live, as the server would store it.'),
});
export type Change = z.infer<typeof Change>;

export const Obstacle = z.object({
  object: z.string(),
  field: z.string().nullable(),
  reason: z.string(),
  severity: z.enum(['blocks', 'warns']),
});
export type Obstacle = z.infer<typeof Obstacle>;

export const Plan = z
  .object({
    hash: z.string().describe('Names this plan; send it as `planHash` to apply exactly this.'),
    clean: z.boolean(),
    changes: z.array(Change),
    obstacles: z.array(Obstacle),
    conflicts: z.array(FieldConflict).describe('Fields that somebody else has set otherwise, each with its decision or without one yet.'),
    left: z.array(LeftField).describe('Fields that stay left to others.'),
    keepers: z.array(Keeper).describe('Others who put these objects as they want them.'),
    manifests: z.string().describe('The rendered YAML.'),
    commands: z.object({ kubectl: z.string(), rest: z.string() }),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof Plan>;

/** What a changing act answers, with 202: the revision and its state. The app's live status tells how it goes on. */
export const Accepted = z
  .object({
    app: App,
    revision: Revision,
    rollout: Rollout.nullable().describe(
      'With `?wait=`: what became of the revision by then. null without, and where nothing is rolled out.',
    ),
    auditId: Id,
  })
  .meta({ id: 'Accepted' });
export type Accepted = z.infer<typeof Accepted>;

export const projectRef = z.strictObject({ project: Ref });
export const appRef = z.strictObject({ project: Ref, app: Ref });
/** Narrows an app's name that several clusters or namespaces of a project have. */
export const Where = z.strictObject({ cluster: Ref.optional(), namespace: NamespaceName.optional() });
/** … and how long the answer may wait for the verdict. */
export const Acting = Where.extend({ wait: Wait.optional().describe('Answer when the rollout has ended, or after this time: 60s, 2m.') });
export const idempotencyKey = {
  'Idempotency-Key': 'Optional. The same request sent again under the same key within a day gets the first answer.',
};

export const CreateApp = z.strictObject({
  name: AppName,
  cluster: Ref,
  namespace: NamespaceName,
  spec: AppSpec,
  secretValues: SecretValues.optional(),
  adopt: z
    .boolean()
    .default(false)
    .describe('Take objects of these names that are there already, and that no app and no controller has, into the app as they are.'),
  planHash: z.string().max(100).optional(),
});

/** A JSON merge patch (RFC 7386) on the spec: null removes a field, arrays are replaced whole. */
export const PatchApp = z.strictObject({
  spec: z.record(z.string(), z.unknown()),
  secretValues: SecretValues.optional(),
  planHash: z.string().max(100).optional(),
  conflicts: ConflictChoices,
});
