import { Module } from '@nestjs/common';
import { LiveGateway } from './live.gateway.js';
import { LiveAdmission } from './live-admission.js';
import { LiveConnections } from './live-connections.js';
import { LiveSubscriptions } from './live-subscriptions.js';
import { LiveWsAdapter } from './live-ws.adapter.js';

@Module({ providers: [LiveAdmission, LiveConnections, LiveSubscriptions, LiveGateway, LiveWsAdapter], exports: [LiveWsAdapter] })
export class LiveModule {}
