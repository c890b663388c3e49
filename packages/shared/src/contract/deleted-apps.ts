import { z } from 'zod';
import { AppName, Id, Name, NamespaceName, Timestamp } from '../id.js';
import { Accepted, Acting, appRef, idempotencyKey, projectRef } from './app.js';
import { route } from './route.js';

/** An app that was deleted a moment ago and can still come back. */
export const DeletedApp = z
  .object({
    id: Id,
    name: AppName,
    cluster: z.object({ id: Id, name: Name }),
    namespace: NamespaceName,
    deletedAt: Timestamp,
    deletedBy: z.object({ id: Id.nullable(), name: z.string() }),
    deletedData: z.boolean().describe('Its claims went too: it comes back with empty ones.'),
    expiresAt: Timestamp.describe('Until then the deletion can be undone.'),
  })
  .meta({ id: 'DeletedApp' });
export type DeletedApp = z.infer<typeof DeletedApp>;

export const listDeletedApps = route({
  method: 'GET',
  path: '/projects/:project/deleted-apps',
  action: 'apps.deleted',
  summary: 'Apps of the project whose deletion can still be undone, the last one first.',
  access: { project: 'apps.read' },
  params: projectRef,
  response: z.object({ items: z.array(DeletedApp), next: z.null() }),
});

export const undoDeleteApp = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/undo-delete',
  action: 'apps.undo-delete',
  summary:
    'Bring a deleted app back within ten minutes, as it was, with its id, revisions and secrets: a new revision, applied as the caller.',
  access: { project: 'apps.create' },
  headers: idempotencyKey,
  params: appRef,
  query: Acting,
  response: Accepted,
  status: 202,
});
