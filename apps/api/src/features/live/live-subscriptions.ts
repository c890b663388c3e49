import type { ClientMessage } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { toAppError } from '../../platform/http/error.filter.js';
import { newId } from '../../platform/id.js';
import { type LiveTopic, LiveTopics } from '../../platform/live-topic.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { type AuditEnd, AuditLog } from '../audit/index.js';
import { actorOf, credentialIds } from '../auth/index.js';
import type { LiveConnection } from './live-connection.js';
import { LiveConnections } from './live-connections.js';
import { LiveSubscription } from './live-subscription.js';

type Subscribe = Extract<ClientMessage, { type: 'subscribe' }>;

/** From `subscribe` to an open topic: the topic is found, authorises, and leaves one audit entry, allowed or refused. */
@Injectable()
export class LiveSubscriptions {
  /** With the count, unique among the feeds of all processes. */
  private readonly process = newId();
  private count = 0;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly topics: LiveTopics,
    private readonly connections: LiveConnections,
    private readonly audit: AuditLog,
  ) {}

  /** Returns once the id is taken: opening the topic goes on by itself, so that one slow cluster holds up no other message. */
  subscribe(connection: LiveConnection, message: Subscribe): void {
    const topic = this.topics.get(message.topic);
    const params = topic?.params.safeParse(message.params);
    if (!topic || !params?.success) return void this.unknown(connection, message, topic);
    const owner = { credentialId: connection.caller.credential.id, topic, params: params.data };
    const kept = message.from ? this.connections.parked.take(message.from, owner) : null;
    const subscription = kept ?? new LiveSubscription(message.id, topic, params.data, `${this.process}-${++this.count}`, connection);
    subscription.id = message.id;
    if (!connection.add(subscription)) subscription.close();
    else void (kept ? this.resume(connection, kept, message) : this.open(connection, subscription, message)); // neither rejects
  }

  private async resume(connection: LiveConnection, kept: LiveSubscription, message: Subscribe): Promise<void> {
    // Nothing is sent before the right was asked for again.
    kept.handTo({ owe: () => {}, ended: (...end) => connection.ended(...end) });
    await this.recorded(connection, message, async () => {
      await kept.recheck(connection.caller, false);
      if (kept.closed) throw new AppError('forbidden', { reason: 'the right to this was taken away' });
    });
    if (kept.closed) return;
    kept.handTo(connection);
    kept.feed.resume(message.from ?? '');
    if (kept.dirty) connection.owe(kept);
  }

  private async open(connection: LiveConnection, subscription: LiveSubscription, message: Subscribe): Promise<void> {
    await this.recorded(connection, message, async () => {
      const { caller } = connection;
      await subscription.open(caller);
      // Rights that changed while the topic was opening.
      if (connection.caller !== caller) await subscription.recheck(connection.caller, true);
    });
  }

  /** Runs `act` as one entry of the audit log; its failure ends the subscription with the reason. */
  private async recorded(connection: LiveConnection, message: Subscribe, act: () => Promise<void>): Promise<void> {
    const subscription = connection.subscriptions.get(message.id);
    let end: AuditEnd = { outcome: 'allowed', reason: `topic ${message.topic}`, status: 200, summary: wordsOf(message.params) };
    try {
      await act();
    } catch (error) {
      const known = toAppError(error);
      if (known.status >= 500)
        this.logger.error({ topic: message.topic, code: known.code, error: known.cause ?? known }, 'a topic could not be opened');
      subscription?.fail(known.code, known.message);
      end = { ...end, outcome: known.status < 500 ? 'refused' : 'failed', reason: `${known.code}: ${known.message}`, status: known.status };
    }
    await this.record(connection, `live.${message.topic}.subscribe`, message.topic, end).catch(() => {
      subscription?.fail('audit_unavailable', new AppError('audit_unavailable').message);
    });
  }

  private async unknown(connection: LiveConnection, message: Subscribe, topic: LiveTopic | undefined): Promise<void> {
    const { code, message: text } = topic
      ? new AppError('invalid_request', {}, {})
      : new AppError('not_found', { what: 'topic', name: message.topic });
    connection.send({ type: 'error', id: message.id, code, message: text });
    const end: AuditEnd = { outcome: 'refused', reason: code, status: topic ? 400 : 404 };
    await this.record(connection, topic ? `live.${topic.name}.subscribe` : 'live.subscribe', topic?.name ?? null, end).catch(() => {}); // refused in any case
  }

  private async record(connection: LiveConnection, action: string, resource: string | null, end: AuditEnd): Promise<void> {
    const { caller, peer } = connection;
    const door = caller.credential.kind === 'session' ? 'web' : 'rest';
    const start = {
      action,
      verb: 'subscribe',
      actor: actorOf(caller),
      door,
      mutating: false,
      resource,
      ...peer,
      ...credentialIds(caller),
    } as const;
    await (await this.audit.begin(start)).end(end);
  }
}

const wordsOf = (params: Record<string, string>): string | null =>
  Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || null;
