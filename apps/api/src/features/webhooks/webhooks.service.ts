import { randomBytes } from 'node:crypto';
import {
  type BodyOf,
  type CreatedWebhook,
  type changeWebhook,
  type createWebhook,
  isId,
  type Webhook,
  type WebhookDelivery,
  type WebhookEvent,
} from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Prisma } from '../../generated/prisma/client.js';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database, isUniqueViolation } from '../../platform/database.js';
import { Origins } from '../../platform/http/origins.js';
import { idCursor, nameCursor, pageOf, readCursor } from '../../platform/http/paging.js';
import { newId } from '../../platform/id.js';
import { Sealer } from '../../platform/sealer.js';
import type { ProjectInfo } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { TargetDenied } from './address-policy.js';
import { Deliverer, secretAt } from './deliverer.js';
import { deliveryRow, wake } from './outbox.js';
import { timeLimitMs } from './send.js';
import { targetOf } from './target.js';

type Page = { limit: number; cursor?: string | undefined };
type WebhookRow = Prisma.WebhookGetPayload<object>;
type DeliveryRow = Prisma.WebhookDeliveryGetPayload<object>;

const most = 20;

/** The webhooks of a project. The URL may hold a key of its receiver: it is shown to the project's admins, and of it only the host goes into the audit log. */
@Injectable()
export class WebhooksService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly origins: Origins,
    private readonly deliverer: Deliverer,
  ) {}

  async list(project: ProjectInfo, { limit, cursor }: Page): Promise<{ items: Webhook[]; next: string | null }> {
    const after = readCursor(cursor, nameCursor);
    const rows = await this.database.webhook.findMany({
      where: { projectId: project.id, ...(after && { name: { gt: after } }) },
      orderBy: { name: 'asc' },
      take: limit + 1,
    });
    const shown = new Map(await Promise.all(rows.slice(0, limit).map(async (row) => [row.id, await this.show(row)] as const)));
    return pageOf(
      rows,
      limit,
      (row) => row.name,
      (row) => shown.get(row.id)!,
    );
  }

  /** @throws AppError invalid_request for a URL that it may not have, name_taken, conflict when there are too many */
  async create(caller: Caller, project: ProjectInfo, input: BodyOf<typeof createWebhook>): Promise<z.infer<typeof CreatedWebhook>> {
    this.checkUrl(input.url);
    if ((await this.database.webhook.count({ where: { projectId: project.id } })) >= most)
      throw new AppError('conflict', { reason: `The project already has ${most} webhooks: delete one first.` });
    const id = newId();
    const secret = `whsec_${randomBytes(32).toString('base64url')}`;
    const sealed = this.sealer.seal(secret, secretAt(id));
    const row = await this.database.webhook
      .create({ data: { id, projectId: project.id, ...input, secret: sealed, createdAt: this.clock.now(), createdById: caller.id } })
      .catch((error: unknown) => this.taken(input.name, error));
    return { ...(await this.show(row)), secret };
  }

  async change(project: ProjectInfo, ref: string, input: BodyOf<typeof changeWebhook>): Promise<Webhook> {
    const { id, name } = await this.find(project, ref);
    if (input.url !== undefined) this.checkUrl(input.url);
    const data = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const row = await this.database
      .$transaction(async (tx) => {
        const changed = await tx.webhook.update({ where: { id }, data });
        await wake(tx); // what waited while it was off
        return changed;
      })
      .catch((error: unknown) => this.taken(input.name ?? name, error));
    return this.show(row);
  }

  async remove(project: ProjectInfo, ref: string): Promise<WebhookRow> {
    const row = await this.find(project, ref);
    await this.database.webhook.delete({ where: { id: row.id } });
    return row;
  }

  async deliveries(project: ProjectInfo, ref: string, { limit, cursor }: Page): Promise<{ items: WebhookDelivery[]; next: string | null }> {
    const { id } = await this.find(project, ref);
    const before = readCursor(cursor, idCursor);
    const rows = await this.database.webhookDelivery.findMany({
      where: { webhookId: id, ...(before && { id: { lt: before } }) },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return pageOf(rows, limit, (row) => row.id, deliveryOf);
  }

  async test(caller: Caller, project: ProjectInfo, ref: string): Promise<{ webhook: WebhookRow; delivery: WebhookDelivery }> {
    const webhook = await this.find(project, ref);
    const id = newId();
    const by = { kind: caller.kind, id: caller.id, name: caller.name };
    const about = {
      version: 1,
      id,
      event: 'webhook.test',
      at: this.clock.now().toISOString(),
      project: { id: project.id, name: project.name },
    } as const;
    const payload = { ...about, app: null, revision: null, by, summary: `a test of ${webhook.name} by ${caller.name}`, cause: null };
    await this.database.$transaction(async (tx) => {
      await tx.webhookDelivery.create({ data: deliveryRow(webhook.id, payload, this.clock.now()) });
      await wake(tx);
    });
    return { webhook, delivery: await this.tried(id) };
  }

  /** @throws AppError not_found, conflict while it is being sent or its webhook is off */
  async replay(project: ProjectInfo, ref: string, deliveryId: string): Promise<{ webhook: WebhookRow; delivery: WebhookDelivery }> {
    const webhook = await this.find(project, ref);
    const where = { id: deliveryId, webhookId: webhook.id };
    const row = await this.database.webhookDelivery.findFirst({ where });
    if (!row) throw new AppError('not_found', { what: 'delivery', name: deliveryId });
    if (!webhook.enabled && row.event !== 'webhook.test')
      throw new AppError('conflict', { reason: `The webhook ${webhook.name} is off: turn it on first.` });
    const again = { state: 'pending', attempts: 0, nextAt: this.clock.now(), deliveredAt: null, lastStatus: null, lastError: null };
    const count = await this.database.$transaction(async (tx) => {
      const { count } = await tx.webhookDelivery.updateMany({ where: { ...where, state: { not: 'sending' } }, data: again });
      await wake(tx);
      return count;
    });
    if (count === 0) throw new AppError('conflict', { reason: 'This delivery is being sent at this moment.' });
    return { webhook, delivery: await this.tried(deliveryId) };
  }

  /** As it stands when its next try has ended, or a little after the longest that a try takes. */
  private async tried(id: string): Promise<WebhookDelivery> {
    const end = this.clock.monotonicMs() + timeLimitMs + 2_000;
    for (;;) {
      const row = await this.database.webhookDelivery.findUniqueOrThrow({ where: { id } });
      if ((row.attempts > 0 && row.state !== 'sending') || this.clock.monotonicMs() > end) return deliveryOf(row);
      await this.clock.sleep(100);
    }
  }

  private async find(project: ProjectInfo, ref: string): Promise<WebhookRow> {
    const row = await this.database.webhook.findFirst({ where: { projectId: project.id, ...(isId(ref) ? { id: ref } : { name: ref }) } });
    if (!row) throw new AppError('not_found', { what: 'webhook', name: ref });
    return row;
  }

  private checkUrl(url: string): void {
    try {
      targetOf(url, this.deliverer.check, this.origins.publicUrl);
    } catch (error) {
      if (!(error instanceof TargetDenied)) throw error;
      throw new AppError('invalid_request', {}, { issues: [{ path: 'url', message: error.message }] });
    }
  }

  private taken(name: string, error: unknown): never {
    throw isUniqueViolation(error) ? new AppError('name_taken', { what: 'webhook', name }, { cause: error }) : error;
  }

  private async show(row: WebhookRow): Promise<Webhook> {
    const [last, waiting, creator] = await Promise.all([
      this.database.webhookDelivery.findFirst({ where: { webhookId: row.id }, orderBy: { createdAt: 'desc' } }),
      this.database.webhookDelivery.count({ where: { webhookId: row.id, state: { in: ['pending', 'sending'] } } }),
      this.database.principal.findUnique({ where: { id: row.createdById }, select: { name: true } }),
    ]);
    const { id, name, url, enabled } = row;
    const when = { createdAt: row.createdAt.toISOString(), createdBy: creator?.name ?? 'unknown' };
    return { id, name, url, enabled, events: row.events as WebhookEvent[], ...when, waiting, last: last && deliveryOf(last) };
  }
}

function deliveryOf(row: DeliveryRow): WebhookDelivery {
  const { summary, app } = row.payload as { summary: string; app: { name: string } | null };
  return {
    id: row.id,
    event: row.event as WebhookDelivery['event'],
    state: row.state as WebhookDelivery['state'],
    attempts: row.attempts,
    nextAt: row.state === 'pending' ? row.nextAt.toISOString() : null,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    summary,
    app: app?.name ?? null,
    createdAt: row.createdAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}
