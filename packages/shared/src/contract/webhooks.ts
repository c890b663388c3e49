import { z } from 'zod';
import { Id, Name, NamespaceName, Ref, Timestamp } from '../id.js';
import { PageQuery, page, route } from './route.js';

/** What a webhook can be told. */
export const webhookEvents = [
  'revision.created',
  'rollout.serving',
  'rollout.failed',
  'drift.found',
  'drift.corrected',
  'pod.healed',
] as const;
export const WebhookEvent = z.enum(webhookEvents);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

const Narrow = z.object({ id: Id, name: Name });

/**
 * The body of a delivery. Version 1 only ever gains fields. It names things and never holds a value of a secret, of a variable or of a log.
 * Its text is what is signed: verify before parsing.
 */
export const WebhookPayload = z
  .object({
    version: z.literal(1),
    id: Id.describe('The delivery, as in `fairlead-delivery`: the same on every try and replay.'),
    event: z.enum([...webhookEvents, 'webhook.test']),
    at: Timestamp.describe('When it happened, not when it was sent.'),
    project: Narrow,
    app: Narrow.extend({ cluster: Narrow, namespace: NamespaceName }).nullable().describe('null for `webhook.test`.'),
    revision: z.number().nullable(),
    by: z
      .object({ kind: z.enum(['user', 'robot', 'cluster']), id: Id.nullable(), name: z.string() })
      .nullable()
      .describe(
        'Whose act it was: for a rollout the author of its revision; for drift the field manager that the cluster names, kind `cluster`.',
      ),
    summary: z.string(),
    cause: z.object({ code: z.string(), sentence: z.string(), object: z.string().nullable() }).nullable().describe('Why a rollout failed.'),
  })
  .meta({ id: 'WebhookPayload' });
export type WebhookPayload = z.infer<typeof WebhookPayload>;

export const WebhookDelivery = z
  .object({
    id: Id,
    event: WebhookPayload.shape.event,
    state: z
      .enum(['pending', 'sending', 'delivered', 'failed'])
      .describe('pending: waits for its turn or its next try. failed: given up after the last try; a replay begins anew.'),
    attempts: z.number(),
    nextAt: Timestamp.nullable().describe('When it is tried next; null when it is not.'),
    lastStatus: z.number().nullable().describe('The HTTP status of the last answer.'),
    lastError: z.string().nullable().describe('Why the last try was no delivery.'),
    summary: z.string(),
    app: z.string().nullable(),
    createdAt: Timestamp,
    deliveredAt: Timestamp.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const Webhook = z
  .object({
    id: Id,
    name: Name,
    url: z.string(),
    events: z.array(WebhookEvent),
    enabled: z.boolean(),
    createdAt: Timestamp,
    createdBy: z.string(),
    waiting: z.number().describe('Deliveries that are not through yet.'),
    last: WebhookDelivery.nullable().describe('The newest delivery.'),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

export const CreatedWebhook = Webhook.extend({
  secret: z.string().describe('What deliveries are signed with, shown this once.'),
}).meta({ id: 'CreatedWebhook' });

const Events = z
  .array(WebhookEvent)
  .min(1, 'choose at least one event')
  .transform((events) => webhookEvents.filter((each) => events.includes(each)));
const Url = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(2000)
  .describe('https:// or http://, without user and password. Private, loopback and link-local addresses are refused at every try.');

const projectRef = z.strictObject({ project: Ref });
const webhookRef = projectRef.extend({ webhook: Ref });
const deliveryRef = webhookRef.extend({ delivery: Id });
const access = { project: 'webhooks.manage' } as const;

export const listWebhooks = route({
  method: 'GET',
  path: '/projects/:project/webhooks',
  action: 'webhooks.list',
  summary: "The project's webhooks, each with its newest delivery.",
  access,
  params: projectRef,
  query: PageQuery,
  response: page(Webhook),
});

export const createWebhook = route({
  method: 'POST',
  path: '/projects/:project/webhooks',
  action: 'webhooks.create',
  summary:
    'Create a webhook. Each delivery is a POST of JSON (`WebhookPayload`) with the headers `fairlead-event`, `fairlead-delivery` (the same on every try: drop what you have seen) and `fairlead-signature: t=<unix seconds>,v1=<hex>`. To verify: HMAC-SHA256 with the whole secret as key over "<t>.<raw body>", compared in constant time, and t not older than five minutes. Any 2xx within 10 s is delivered; anything else is tried again after 10 s, 30 s, 2 min, 10 min, 1 h and so on up to 24 h, ten times in all. No redirect is followed.',
  access,
  params: projectRef,
  body: z.strictObject({ name: Name, url: Url, events: Events, enabled: z.boolean().default(true) }),
  response: CreatedWebhook,
  status: 201,
});

export const changeWebhook = route({
  method: 'PATCH',
  path: '/projects/:project/webhooks/:webhook',
  action: 'webhooks.change',
  summary:
    'Change its name, URL or events, or turn it off and on. While it is off nothing new is kept for it, and what waits goes on waiting.',
  access,
  params: webhookRef,
  body: z.strictObject({ name: Name.optional(), url: Url.optional(), events: Events.optional(), enabled: z.boolean().optional() }),
  response: Webhook,
});

export const deleteWebhook = route({
  method: 'DELETE',
  path: '/projects/:project/webhooks/:webhook',
  action: 'webhooks.delete',
  summary: 'Delete a webhook with its deliveries; what waits is not sent.',
  access,
  params: webhookRef,
});

export const testWebhook = route({
  method: 'POST',
  path: '/projects/:project/webhooks/:webhook/test',
  action: 'webhooks.test',
  summary: 'Send `webhook.test` now, out of turn, also when the webhook is off. The answer comes when the first try has ended.',
  access,
  params: webhookRef,
  response: WebhookDelivery,
});

export const listDeliveries = route({
  method: 'GET',
  path: '/projects/:project/webhooks/:webhook/deliveries',
  action: 'webhooks.deliveries',
  summary: 'What was sent and what waits, newest first; kept for 30 days.',
  access,
  params: webhookRef,
  query: PageQuery,
  response: page(WebhookDelivery),
});

export const replayDelivery = route({
  method: 'POST',
  path: '/projects/:project/webhooks/:webhook/deliveries/:delivery/replay',
  action: 'webhooks.replay',
  summary: 'Send one delivery again, with the same id and body and a new signature; it gets all its tries anew.',
  access,
  params: deliveryRef,
  response: WebhookDelivery,
});
