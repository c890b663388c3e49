import { createHash } from 'node:crypto';
import { WebhookPayload } from '@fairlead/shared';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Prisma } from '../../generated/prisma/client.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database, type Transaction } from '../../platform/database.js';
import { type Happening, Happenings } from '../../platform/happenings.js';
import { newId } from '../../platform/id.js';

/** Told whenever there is something to deliver, and whenever a delivery changes. */
export const webhooksChannel = 'webhooks';

export interface Claimed {
  id: string;
  attempts: number;
  event: string;
  payload: unknown;
  webhookId: string;
  url: string;
  secret: string;
}

/** A process that dies in the middle of a try loses it to the others after this; a try takes 10 s at most. */
const leaseMs = 30_000;

/** Deliveries to come: rows written in the transaction of what they tell. */
@Injectable()
export class Outbox implements OnModuleInit, OnModuleDestroy {
  private undo = () => {};

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly happenings: Happenings,
  ) {}

  onModuleInit(): void {
    this.undo = this.happenings.keep((tx, happening) => this.put(tx, happening));
  }

  onModuleDestroy(): void {
    this.undo();
  }

  /** One row for each webhook of the app's project that wants to hear it. */
  async put(tx: Transaction, happening: Happening): Promise<void> {
    const { event, appId, at, revision, by, summary, cause = null, subject } = happening;
    const app = await tx.app.findUnique({
      where: { id: appId },
      select: {
        ...{ id: true, name: true, namespace: true, cluster: { select: { id: true, name: true } } },
        project: { select: { id: true, name: true, webhooks: { where: { enabled: true, events: { has: event } }, select: { id: true } } } },
      },
    });
    if (!app || app.project.webhooks.length === 0) return;
    const { webhooks, ...project } = app.project;
    const { id, name, namespace, cluster } = app;
    const rest = {
      at: at.toISOString(),
      project,
      app: { id, name, namespace, cluster },
      revision,
      by,
      summary: summary.slice(0, 1000),
      cause,
    };
    await tx.webhookDelivery.createMany({
      data: webhooks.map((webhook) => {
        const deliveryId = subject === undefined ? newId() : idOf(at, [webhook.id, event, appId, subject]);
        return deliveryRow(webhook.id, { version: 1, id: deliveryId, event, ...rest }, this.clock.now());
      }),
      skipDuplicates: true,
    });
    await wake(tx);
  }

  /** Of each webhook the oldest that is due, and what is no longer kept waiting by an older one. @param ordered so many tries keep others waiting */
  claim(now: Date, most: number, ordered: number): Promise<Claimed[]> {
    const until = new Date(now.getTime() + leaseMs);
    return this.database.$queryRaw<Claimed[]>`
      WITH due AS (
        SELECT d.id, w.url, w.secret FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
        WHERE d.state IN ('pending', 'sending') AND d.next_at <= ${now}
          AND (d.event = 'webhook.test' OR w.enabled AND NOT EXISTS (
            SELECT 1 FROM webhook_deliveries older
            WHERE older.webhook_id = d.webhook_id AND older.state IN ('pending', 'sending') AND older.attempts <= ${ordered}
              AND older.event <> 'webhook.test' AND (older.created_at, older.id) < (d.created_at, d.id)))
        ORDER BY d.next_at LIMIT ${most} FOR UPDATE OF d SKIP LOCKED)
      UPDATE webhook_deliveries d SET state = 'sending', attempts = d.attempts + 1, next_at = ${until}
      FROM due WHERE d.id = due.id
      RETURNING d.id, d.attempts, d.event, d.payload, d.webhook_id AS "webhookId", due.url, due.secret`;
  }

  /** Of a try that this process still holds. */
  async end({ id, attempts }: Claimed, data: Prisma.WebhookDeliveryUpdateManyMutationInput): Promise<void> {
    await this.database.$transaction(async (tx) => {
      await tx.webhookDelivery.updateMany({ where: { id, attempts, state: 'sending' }, data });
      await wake(tx);
    });
  }

  async sweep(before: Date): Promise<void> {
    await this.database.webhookDelivery.deleteMany({ where: { createdAt: { lt: before } } });
  }
}

export const wake = (tx: Transaction): Promise<number> => tx.$executeRaw`SELECT pg_notify(${webhooksChannel}, '')`;

/** Due at once. */
export function deliveryRow(webhookId: string, payload: WebhookPayload, now: Date): Prisma.WebhookDeliveryCreateManyInput {
  const base = { id: payload.id, webhookId, projectId: payload.project.id, event: payload.event, state: 'pending' };
  return { ...base, payload: JSON.parse(JSON.stringify(payload)) as Prisma.InputJsonValue, nextAt: now, createdAt: now };
}

/** The text that is signed and sent: the database keeps no order of keys, the schema does, so it is the same at every try. */
export const bodyOf = (row: { payload: unknown }): string => JSON.stringify(WebhookPayload.parse(row.payload));

/** The same for the same parts: a UUIDv7 whose chance is their hash. */
function idOf(at: Date, parts: string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
