import { z } from 'zod';
import { Id, NamespaceName, Ref, Timestamp } from '../id.js';
import { route } from './route.js';

const Where = z.strictObject({ cluster: Ref.optional(), namespace: NamespaceName.optional() });
const PortNumber = z.number().int().min(1).max(65_535);

/** What a port belongs to: a Service of the app (any ready pod behind it answers), or one pod. */
export const PortTarget = z
  .strictObject({
    kind: z.enum(['service', 'pod']).describe('A Service of the app, where any ready pod behind it answers, or one pod.'),
    name: z.string().min(1).max(253).describe('The name of the Service or pod, in the namespace of the app.'),
    port: PortNumber.describe('The port of the Service, or the one that a container of the pod listens on.'),
  })
  .meta({ id: 'PortTarget' });
export type PortTarget = z.infer<typeof PortTarget>;

export const AppPort = z
  .object({
    target: PortTarget,
    name: z.string().nullable().describe('The name that the manifest gives the port.'),
    http: z.boolean().describe('False where the manifest names a protocol that no browser speaks, such as UDP.'),
  })
  .meta({ id: 'AppPort' });
export type AppPort = z.infer<typeof AppPort>;

export const PortOpening = z
  .object({
    id: Id,
    appId: Id,
    target: PortTarget,
    host: z.string().describe('The host name that is this opening’s own.'),
    url: z.string().describe('Where it is reached, by the browser that opened the link. Holds nothing secret.'),
    state: z.enum(['waiting', 'open']).describe('`waiting`: the link was not opened yet.'),
    openedBy: z.string(),
    createdAt: Timestamp,
    expiresAt: Timestamp.describe('When it closes by itself; before that when the right goes, or the sign-in that it rests on ends.'),
  })
  .meta({ id: 'PortOpening' });
export type PortOpening = z.infer<typeof PortOpening>;

const appRef = z.strictObject({ project: Ref, app: Ref });

export const listAppPorts = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/ports',
  action: 'ports.list',
  summary: 'The ports of the app’s Services and pods, as the cluster has them now.',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  response: z.object({
    items: z.array(AppPort),
    next: z.null(),
    unavailable: z.string().nullable().describe('Why no port can be opened in a browser here, and what to set; null where one can.'),
  }),
});

export const openAppPort = route({
  method: 'POST',
  path: '/projects/:project/apps/:app/ports',
  action: 'ports.open',
  summary: 'Open a port in the browser, on a host name of its own: the answer’s link works once, within a minute.',
  access: { project: 'pods.portforward' },
  params: appRef,
  query: Where,
  body: PortTarget,
  response: z
    .object({
      opening: PortOpening,
      link: z.string().describe('The address with its one-time signature. Whoever opens it first has the port: do not hand it on.'),
      linkExpiresAt: Timestamp,
    })
    .meta({ id: 'OpenedPort' }),
  status: 201,
});

export const listPortOpenings = route({
  method: 'GET',
  path: '/projects/:project/apps/:app/ports/openings',
  action: 'ports.openings',
  summary: 'Your own open ports of the app, newest first.',
  access: { project: 'apps.read' },
  params: appRef,
  query: Where,
  response: z.object({ items: z.array(PortOpening), next: z.null() }),
});

export const closeAppPort = route({
  method: 'DELETE',
  path: '/projects/:project/apps/:app/ports/openings/:opening',
  action: 'ports.close',
  summary: 'Close one of your open ports: what it carries is cut off.',
  access: { project: 'apps.read' },
  params: z.strictObject({ project: Ref, app: Ref, opening: Id }),
  query: Where,
});
