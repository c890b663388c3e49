import { type ClientMessage, liveVersion } from '@fairlead/shared';
import { Inject } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { heartbeatMs, LiveConnection } from './live-connection.js';
import { LiveSubscriptions } from './live-subscriptions.js';

type Message<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

/** The live protocol's messages; each arrives checked (live-connection.ts). */
@WebSocketGateway({ path: '/api/v1/live' })
export class LiveGateway {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly subscriptions: LiveSubscriptions,
  ) {}

  @SubscribeMessage('hello')
  hello(@ConnectedSocket() connection: LiveConnection): void {
    connection.send({ type: 'welcome', version: liveVersion, session: connection.id, heartbeatMs, serverTime: this.serverTime() });
  }

  @SubscribeMessage('subscribe')
  subscribe(@ConnectedSocket() connection: LiveConnection, @MessageBody() message: Message<'subscribe'>): void {
    this.subscriptions.subscribe(connection, message);
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(@ConnectedSocket() connection: LiveConnection, @MessageBody() { id }: Message<'unsubscribe'>): void {
    connection.remove(id);
  }

  @SubscribeMessage('ping')
  ping(@ConnectedSocket() connection: LiveConnection): void {
    connection.send({ type: 'pong', serverTime: this.serverTime() });
  }

  private serverTime(): string {
    return this.clock.now().toISOString();
  }
}
