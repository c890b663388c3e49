import { z } from 'zod';
import { AppName, Id, Name, NamespaceName, Ref, Timestamp } from '../id.js';
import { AppSpec } from './app-spec.js';
import { SecretValues } from './app-spec-parts.js';
import { Cause } from './cause.js';
import { ConflictChoices, FieldConflict, LeftField } from './conflicts.js';
import { Hold, HoldWish, Keeper } from './holds.js';
import { Rollout, Wait } from './rollouts.js';
import { PageQuery, page, route } from './route.js';

export const appStates = ['serving', 'rolling-out', 'degraded', 'failing', 'asleep', 'paused', 'unknown'] as const;

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

export const listApps = route({
  method: 'GET',
  path: '/projects/:project/apps',
  action: 'apps.list',
  summary: 'The apps of a project.',
  access: { project: 'apps.read' },
  params: projectRef,
  query: PageQuery.extend(Where.shape),
  response: page(App),
});

export const createApp = route({
  method: 'POST',
  path: '/projects/:project/apps',
  action: 'apps.create',
  summary: 'Create an app from an image or from manifests: renders, plans and applies as the caller.',
  access: { project: 'apps.create' },
  headers: idempotencyKey,
  params: projectRef,
  query: z.strictObject({ wait: Acting.shape.wait }),
  body: CreateApp,
  response: Accepted,
  status: 202,
});

export const planNewApp = route({
  method: 'POST',
  path: '/projects/:project/plan',
  action: 'apps.plan',
  summary: 'What creating this app would do: server-side dry run as the caller, as a diff with every obstacle.',
  access: { project: 'apps.create' },
  params: projectRef,
  body: CreateApp,
  response: Plan,
});

export const getApp = route({
  method: 'GET',
  path: '/projects/:project/apps/:app',
  action: 'apps.get',
  summary: 'One app with its spec and live status.',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  response: App,
});

export const changeApp = route({
  method: 'PATCH',
  path: '/projects/:project/apps/:app',
  action: 'apps.change',
  summary: 'Change the spec by JSON merge patch; needs If-Match: "<revision>".',
  access: { project: 'apps.change' },
  headers: {
    ...idempotencyKey,
    'If-Match': 'The revision that you changed, in quotes: "12". Without it 428; when it is not the current one 409.',
  },
  params: appRef,
  query: Acting,
  body: PatchApp,
  response: Accepted,
  status: 202,
});

export const putApp = route({
  method: 'PUT',
  path: '/projects/:project/apps/:app',
  action: 'apps.put',
  summary: 'Make the app be this, whether it is there or not. The same again changes nothing: for pipelines.',
  access: { project: 'apps.create' },
  headers: { ...idempotencyKey, 'If-Match': 'Optional: only if this revision stands.' },
  params: appRef,
  query: z.strictObject({ wait: Acting.shape.wait }),
  body: z.strictObject({
    cluster: Ref,
    namespace: NamespaceName,
    spec: AppSpec,
    secretValues: SecretValues.optional(),
    planHash: z.string().max(100).optional(),
    conflicts: ConflictChoices,
  }),
  response: Accepted,
  status: 202,
});

export const planApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/plan',
  action: 'apps.plan',
  summary: 'What a change would do. Give `spec` (merge patch) or `revision` (roll back to it).',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  body: z
    .strictObject({
      spec: z.record(z.string(), z.unknown()).optional(),
      secretValues: SecretValues.optional().describe('With `spec`; takes apps.change.'),
      revision: z.number().int().min(1).optional(),
      conflicts: ConflictChoices,
    })
    .refine((b) => (b.spec === undefined) !== (b.revision === undefined), 'give either spec or revision'),
  response: Plan,
});

export const deleteApp = route({
  method: 'DELETE',
  path: '/projects/:project/apps/:app',
  action: 'apps.delete',
  summary:
    'Delete an app and what it made. `confirm` is its name. Undone within ten minutes by `undo-delete`; its claims stay unless asked for.',
  access: { project: 'apps.delete' },
  params: appRef,
  query: Where,
  body: z.strictObject({
    confirm: z.string(),
    deleteData: z.boolean().default(false).describe("Delete its PersistentVolumeClaims too. Otherwise they stay, and are nobody's."),
  }),
  response: Accepted,
  status: 202,
});

export const scaleApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/scale',
  action: 'apps.scale',
  summary: 'Set the number of replicas.',
  access: { project: 'apps.scale' },
  headers: idempotencyKey,
  params: appRef,
  query: Acting,
  body: z.strictObject({ replicas: z.number().int().min(0).max(1000), conflicts: ConflictChoices }),
  response: Accepted,
  status: 202,
});

export const sleepApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/sleep',
  action: 'apps.sleep',
  summary: 'No pods and no autoscaler until it is woken; its size and its bounds are kept.',
  access: { project: 'apps.scale' },
  headers: idempotencyKey,
  params: appRef,
  query: Acting,
  response: Accepted,
  status: 202,
});

export const wakeApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/wake',
  action: 'apps.wake',
  summary: 'Back to the size and the autoscaler that it had before it slept.',
  access: { project: 'apps.scale' },
  headers: idempotencyKey,
  params: appRef,
  query: Acting,
  response: Accepted,
  status: 202,
});

export const restartApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/restart',
  action: 'apps.restart',
  summary: 'Replace the pods one by one, as kubectl rollout restart does.',
  access: { project: 'apps.change' },
  params: appRef,
  query: Where,
  status: 204,
});

export const listRevisions = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/revisions',
  action: 'apps.revisions',
  summary: 'Every wanted state the app had, newest first.',
  access: { project: 'apps.read' },
  params: appRef,
  query: PageQuery.extend(Where.shape),
  response: page(Revision),
});

export const getRevision = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/revisions/:revision',
  action: 'apps.revisions.get',
  summary: 'One revision with its spec and its rendered YAML.',
  access: { project: 'apps.read' },
  params: z.strictObject({ project: Ref, app: Ref, revision: z.coerce.number().int().min(1) }),
  query: Where,
  response: Revision.extend({ spec: AppSpec, manifests: z.string() }).meta({ id: 'RevisionDetail' }),
});

export const rollbackApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/rollback',
  action: 'apps.rollback',
  summary: 'Make the spec of an earlier revision the wanted one again, as a new revision.',
  access: { project: 'apps.rollback' },
  headers: idempotencyKey,
  params: appRef,
  query: Acting,
  body: z.strictObject({
    revision: z.number().int().min(1),
    planHash: z.string().max(100).optional(),
    conflicts: ConflictChoices,
    hold: HoldWish.optional().describe('Keep robots and API tokens from changing the app until it is lifted.'),
  }),
  response: Accepted,
  status: 202,
});

export const undoApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/undo',
  action: 'apps.undo',
  summary:
    'Take a change of the last ten minutes back, and nothing else. Refused, with both sides, where somebody changed the same fields since.',
  access: { project: 'apps.rollback' },
  headers: idempotencyKey,
  params: appRef,
  query: Acting,
  body: z.strictObject({
    revision: z.number().int().min(1).optional().describe('The change; without it the one that stands.'),
    conflicts: ConflictChoices,
  }),
  response: Accepted,
  status: 202,
});

export const changePolicies = route({
  method: 'PATCH',
  path: '/projects/:project/apps/:app/policies',
  action: 'apps.policies',
  summary: 'Change what Fairlead does with the app by itself. No revision, no rollout.',
  access: { project: 'apps.change' },
  params: appRef,
  query: Where,
  body: z.strictObject({ wayBack: AppPolicies.shape.wayBack.optional(), drift: AppPolicies.shape.drift.optional() }),
  response: AppPolicies,
});

export const correctApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/correct',
  action: 'apps.correct',
  summary: 'Apply the revision that stands once more: what somebody changed of it in the cluster is put back. No new revision.',
  access: { project: 'apps.change' },
  params: appRef,
  query: Where,
  response: App,
});

/** What lives in a namespace and could become an app: a workload, and what belongs to it by selector or reference. */
export const Adoptable = z
  .object({
    kind: z.string(),
    name: z.string(),
    owner: z.string().nullable().describe('Who else keeps it (a Helm release, Argo CD): it would put back what is changed here.'),
    images: z.array(z.string()),
    replicas: z.number().nullable(),
    objects: z.array(z.string()).describe('kind/name of each object that would be taken in.'),
    yaml: z.string().describe('The objects, for a spec of the kind `manifests`; create the app from it with `adopt`.'),
  })
  .meta({ id: 'Adoptable' });
export type Adoptable = z.infer<typeof Adoptable>;

export const listAdoptable = route({
  method: 'GET',
  path: '/projects/:project/adoptable',
  action: 'apps.adoptable',
  summary: 'Workloads of a namespace that no app has, each with the YAML that makes it one without a restart.',
  access: { project: 'apps.create' },
  params: projectRef,
  query: z.strictObject({ cluster: Ref, namespace: NamespaceName }),
  response: z.object({ items: z.array(Adoptable), next: z.null() }),
});

export const exportApp = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/export',
  action: 'apps.export',
  summary: 'The objects of the revision that stands as plain YAML, without anything of Fairlead: for kubectl apply elsewhere.',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  produces: 'application/yaml',
});

export const podStates = [
  'ready',
  'starting',
  'not-ready',
  'no-node-fits',
  'waiting-for-volume',
  'crashing',
  'image-not-found',
  'registry-refused',
  'out-of-memory',
  'config-missing',
  'stopping',
  'stuck-stopping',
  'finished',
  'failed',
  'evicted',
  'unknown',
] as const;

/** One pod of an app, as the topic `pods` tells it. */
export const AppPod = z
  .object({
    key: z.string().describe("The pod's uid."),
    name: z.string(),
    namespace: NamespaceName,
    clusterId: Id,
    state: z.enum(podStates).describe('Word of the status vocabulary, as a code.'),
    reason: z.string().nullable().describe('"exit 1, ×5" or the scheduler\'s sentence; null when there is nothing to say.'),
    ready: z.boolean(),
    restarts: z.number(),
    node: z.string().nullable(),
    ip: z.string().nullable(),
    images: z.array(z.string()),
    containers: z.array(
      z.object({ name: z.string(), ready: z.boolean(), restarts: z.number(), state: z.string(), reason: z.string().nullable() }),
    ),
    revision: z.string().nullable(),
    createdAt: z.string(),
    deletingSince: z.string().nullable(),
  })
  .meta({ id: 'AppPod' });
export type AppPod = z.infer<typeof AppPod>;

export const listPods = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/pods',
  action: 'pods.list',
  summary: 'The pods of an app as the cluster has them now, with the reason of each that is not well.',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  response: z.object({ items: z.array(AppPod), next: z.null() }),
});

export const deletePod = route({
  method: 'DELETE',
  path: '/projects/:project/apps/:app/pods/:pod',
  action: 'pods.delete',
  summary: 'Delete one pod of the app; its owner makes a new one.',
  access: { project: 'pods.delete' },
  params: z.strictObject({ project: Ref, app: Ref, pod: z.string().min(1).max(253) }),
  query: Where,
});
