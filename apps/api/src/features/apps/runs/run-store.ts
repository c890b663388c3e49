import type { Run } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../../../generated/prisma/client.js';
import { AppError } from '../../../platform/app-error.js';
import { DATABASE, type Database } from '../../../platform/database.js';
import type { OpenSession } from '../../../platform/pod-sessions.js';

const withLog = { include: { log: { select: { keptAt: true, truncated: true } } } } satisfies Prisma.AppRunDefaultArgs;
export type RunRecord = Prisma.AppRunGetPayload<typeof withLog>;

export interface RunEnd {
  state: 'succeeded' | 'failed' | 'stopped' | 'lost';
  endedAt: Date;
  exitCode: number | null;
  reason: string | null;
}

const active = ['waiting', 'running'];
const maxActive = 10;
const keepLogMs = 7 * 24 * 3600_000;
const keepRunMs = 30 * 24 * 3600_000;
const leaseMs = 15_000;

/** Runs and what was kept of their logs. Whoever holds a run's lease follows it. */
@Injectable()
export class RunStore {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** @throws AppError conflict when too many run already */
  async begin(row: Omit<Prisma.AppRunUncheckedCreateInput, 'state'>, appName: string): Promise<RunRecord> {
    return this.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM apps WHERE id = ${row.appId}::uuid FOR UPDATE`;
      const running = await tx.appRun.count({ where: { appId: row.appId, state: { in: active } } });
      if (running >= maxActive) throw new AppError('conflict', { reason: `${running} runs of ${appName} are under way: end one first.` });
      return tx.appRun.create({ data: { ...row, state: 'waiting' }, ...withLog });
    });
  }

  /** It could not be made: there was no run. */
  async forget(id: string): Promise<void> {
    await this.database.appRun.deleteMany({ where: { id } });
  }

  get(appId: string, id: string): Promise<RunRecord | null> {
    return this.database.appRun.findFirst({ where: { id, appId }, ...withLog });
  }

  /** By id, which is made when it starts. */
  list(appId: string, limit: number, before: string | null): Promise<RunRecord[]> {
    const where = { appId, ...(before !== null && { id: { lt: before } }) };
    return this.database.appRun.findMany({ where, orderBy: { id: 'desc' }, take: limit, ...withLog });
  }

  async log(id: string): Promise<{ text: string; truncated: boolean } | null> {
    return this.database.appRunLog.findUnique({ where: { runId: id }, select: { text: true, truncated: true } });
  }

  /** Takes or renews the lease; null when somebody else has it, or the run has ended. */
  async hold(id: string, owner: string, now: Date): Promise<RunRecord | null> {
    const { count } = await this.database.appRun.updateMany({
      where: { id, state: { in: active }, OR: [{ leaseOwner: owner }, { leaseUntil: null }, { leaseUntil: { lt: now } }] },
      data: { leaseOwner: owner, leaseUntil: new Date(now.getTime() + leaseMs) },
    });
    return count === 0 ? null : this.database.appRun.findUnique({ where: { id }, ...withLog });
  }

  async abandoned(now: Date): Promise<string[]> {
    const rows = await this.database.appRun.findMany({
      where: { state: { in: active }, OR: [{ leaseUntil: null }, { leaseUntil: { lt: now } }] },
      select: { id: true },
      take: 100,
    });
    return rows.map(({ id }) => id);
  }

  async note(id: string, seen: { state: string; pod: string | null; reason: string | null }): Promise<void> {
    await this.database.appRun.updateMany({ where: { id, state: { in: active } }, data: seen });
  }

  /** False when it had ended already. */
  async end(id: string, end: RunEnd, log: { text: string; truncated: boolean } | null): Promise<boolean> {
    return this.database.$transaction(async (tx) => {
      const { count } = await tx.appRun.updateMany({
        where: { id, state: { in: active } },
        data: { ...end, leaseOwner: null, leaseUntil: null },
      });
      if (count > 0 && log) await tx.appRunLog.create({ data: { runId: id, ...log, keptAt: end.endedAt } });
      return count > 0;
    });
  }

  /** A terminal of this process is attached. */
  async attached({ clusterId, namespace, pod, heardAt }: OpenSession, now: Date): Promise<void> {
    await this.database.appRun.updateMany({
      where: { kind: 'interactive', state: { in: active }, pod, app: { clusterId, namespace } },
      data: { attachedAt: now, heardAt },
    });
  }

  async sweep(now: Date): Promise<void> {
    await this.database.appRunLog.deleteMany({ where: { keptAt: { lt: new Date(now.getTime() - keepLogMs) } } });
    await this.database.appRun.deleteMany({ where: { endedAt: { lt: new Date(now.getTime() - keepRunMs) } } });
  }
}

export const isOver = ({ state }: { state: string }): boolean => !active.includes(state);

const wordsOf = (value: Prisma.JsonValue): string[] | null => (Array.isArray(value) ? value.map(String) : null);

export const runOf = (row: RunRecord): Run => ({
  id: row.id,
  kind: row.kind as Run['kind'],
  state: row.state as Run['state'],
  image: row.image,
  command: wordsOf(row.command),
  args: wordsOf(row.args),
  notes: row.notes,
  job: row.job,
  pod: row.pod,
  container: row.container,
  startedAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
  seconds: row.endedAt ? Math.max(0, row.endedAt.getTime() - row.createdAt.getTime()) / 1000 : null,
  exitCode: row.exitCode,
  reason: row.reason,
  startedBy: { id: row.startedById, name: row.startedByName },
  log: row.log && { until: new Date(row.log.keptAt.getTime() + keepLogMs).toISOString(), truncated: row.log.truncated },
});
