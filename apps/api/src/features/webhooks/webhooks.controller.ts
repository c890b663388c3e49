import { changeWebhook, createWebhook, deleteWebhook, listDeliveries, listWebhooks, replayDelivery, testWebhook } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import type { ProjectCall } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { WebhooksService } from './webhooks.service.js';

@Controller()
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Implements(listWebhooks)
  list(_: Caller, _params: unknown, query: QueryOf<typeof listWebhooks>, { project }: ProjectCall): Answer<typeof listWebhooks> {
    return this.webhooks.list(project, query);
  }

  @Implements(createWebhook)
  async create(
    caller: Caller,
    _params: unknown,
    body: BodyOf<typeof createWebhook>,
    { project, note }: ProjectCall,
  ): Answer<typeof createWebhook> {
    note.name = body.name;
    const webhook = await this.webhooks.create(caller, project, body);
    note.summary = `to ${hostOf(webhook.url)}: ${webhook.events.join(', ')}`;
    return webhook;
  }

  @Implements(changeWebhook)
  async change(
    _: Caller,
    { webhook: ref }: ParamsOf<typeof changeWebhook>,
    body: BodyOf<typeof changeWebhook>,
    { project, note }: ProjectCall,
  ): Answer<typeof changeWebhook> {
    const webhook = await this.webhooks.change(project, ref, body);
    note.name = webhook.name;
    note.summary = [
      body.name && `named ${body.name}`,
      body.url && `to ${hostOf(body.url)}`,
      body.events?.join(', '),
      body.enabled !== undefined && (body.enabled ? 'turned on' : 'turned off'),
    ]
      .filter(Boolean)
      .join('; ');
    return webhook;
  }

  @Implements(deleteWebhook)
  async remove(
    _: Caller,
    { webhook: ref }: ParamsOf<typeof deleteWebhook>,
    _query: unknown,
    { project, note }: ProjectCall,
  ): Promise<void> {
    const webhook = await this.webhooks.remove(project, ref);
    note.name = webhook.name;
    note.summary = `was to ${hostOf(webhook.url)}`;
  }

  @Implements(testWebhook)
  async test(
    caller: Caller,
    { webhook: ref }: ParamsOf<typeof testWebhook>,
    _query: unknown,
    { project, note }: ProjectCall,
  ): Answer<typeof testWebhook> {
    const { webhook, delivery } = await this.webhooks.test(caller, project, ref);
    note.name = webhook.name;
    note.summary = delivery.lastError ?? `answered ${delivery.lastStatus ?? 'nothing yet'}`;
    return delivery;
  }

  @Implements(listDeliveries)
  deliveries(
    _: Caller,
    { webhook }: ParamsOf<typeof listDeliveries>,
    query: QueryOf<typeof listDeliveries>,
    { project }: ProjectCall,
  ): Answer<typeof listDeliveries> {
    return this.webhooks.deliveries(project, webhook, query);
  }

  @Implements(replayDelivery)
  async replay(
    _: Caller,
    { webhook: ref, delivery: id }: ParamsOf<typeof replayDelivery>,
    _query: unknown,
    { project, note }: ProjectCall,
  ): Answer<typeof replayDelivery> {
    const { webhook, delivery } = await this.webhooks.replay(project, ref, id);
    note.name = webhook.name;
    note.summary = `${delivery.event} ${delivery.id}: ${delivery.lastError ?? `answered ${delivery.lastStatus ?? 'nothing yet'}`}`;
    return delivery;
  }
}

/** The rest of a URL may be a key. */
const hostOf = (url: string): string => new URL(url).host;
