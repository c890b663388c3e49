import { z } from 'zod';
import { NamespaceName, Ref } from '../id.js';
import {
  Accepted,
  Acting,
  App,
  AppPolicies,
  appRef,
  CreateApp,
  idempotencyKey,
  PatchApp,
  Plan,
  projectRef,
  Revision,
  Where,
} from './app.js';
import { AppSpec } from './app-spec.js';
import { SecretValues } from './app-spec-parts.js';
import { ConflictChoices } from './conflicts.js';
import { HoldWish } from './holds.js';
import { PageQuery, page, route } from './route.js';

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
