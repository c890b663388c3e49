import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/index.js';
import { Deliverer } from './deliverer.js';
import { Outbox } from './outbox.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

@Module({ imports: [ClustersModule], controllers: [WebhooksController], providers: [Outbox, Deliverer, WebhooksService] })
export class WebhooksModule {}
