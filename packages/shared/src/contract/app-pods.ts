import { z } from 'zod';
import { Id, NamespaceName, Ref } from '../id.js';
import { appRef, Where } from './app.js';
import { route } from './route.js';

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
