import type { Drill, DrillKind, DrillReport } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../../../generated/prisma/client.js';
import { AppError } from '../../../platform/app-error.js';
import { DATABASE, type Database } from '../../../platform/database.js';
import { newId } from '../../../platform/id.js';

type DrillRecord = Prisma.DrillGetPayload<object>;

/** What a row's `report` holds. `beat`: when the process that runs it last wrote. */
interface Kept {
  beat: number;
  reason: string | null;
  report: DrillReport | null;
}

/** A drill writes every second; one that was silent for so long has no process any more. */
const silentMs = 15_000;
const deadReason = 'The Fairlead that ran it has ended.';

/** Drills: at most one of an app runs; whoever runs it shows that it lives by writing how far it is. */
@Injectable()
export class DrillStore {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** @throws AppError conflict when one runs already */
  async begin(
    app: { id: string; name: string },
    projectId: string,
    kind: DrillKind,
    by: { id: string; name: string },
    now: Date,
  ): Promise<Drill> {
    return this.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM apps WHERE id = ${app.id}::uuid FOR UPDATE`;
      const running = await tx.drill.findMany({ where: { appId: app.id, state: 'running' } });
      if (running.some((row) => !isDead(row, now)))
        throw new AppError('conflict', { reason: `A drill of ${app.name} runs already: one at a time.` });
      for (const row of running) await tx.drill.updateMany(interruption(row, now));
      const row = await tx.drill.create({
        data: {
          id: newId(),
          appId: app.id,
          projectId,
          kind,
          state: 'running',
          startedAt: now,
          startedById: by.id,
          startedByName: by.name,
          report: json({ beat: now.getTime(), reason: null, report: null }),
        },
      });
      return drillOf(row);
    });
  }

  /** False when it is not running any more: whoever runs it stops. */
  async note(id: string, report: DrillReport, now: Date): Promise<boolean> {
    const data = { report: json({ beat: now.getTime(), reason: null, report }) };
    const { count } = await this.database.drill.updateMany({ where: { id, state: 'running' }, data });
    return count > 0;
  }

  async end(
    id: string,
    { state, reason, report }: { state: 'done' | 'failed' | 'interrupted'; reason: string | null; report: DrillReport | null },
    now: Date,
  ): Promise<boolean> {
    const data = { state, endedAt: now, report: json({ beat: now.getTime(), reason, report }) };
    const { count } = await this.database.drill.updateMany({ where: { id, state: 'running' }, data });
    return count > 0;
  }

  /** Marks what nobody runs any more. */
  async interruptDead(now: Date): Promise<void> {
    for (const row of await this.database.drill.findMany({ where: { state: 'running' }, take: 1000 }))
      if (isDead(row, now)) await this.database.drill.updateMany(interruption(row, now));
  }

  async get(appId: string, id: string): Promise<Drill | null> {
    const row = await this.database.drill.findFirst({ where: { id, appId } });
    return row && drillOf(row);
  }

  /** By id, which is made when it starts. */
  async list(appId: string, limit: number, before: string | null): Promise<Drill[]> {
    const where = { appId, ...(before !== null && { id: { lt: before } }) };
    return (await this.database.drill.findMany({ where, orderBy: { id: 'desc' }, take: limit })).map(drillOf);
  }
}

const keptOf = ({ report }: DrillRecord): Kept | null => report as unknown as Kept | null; // written by this file only

const isDead = (row: DrillRecord, now: Date): boolean => now.getTime() - (keptOf(row)?.beat ?? row.startedAt.getTime()) > silentMs;

const interruption = (row: DrillRecord, now: Date) => ({
  where: { id: row.id, state: 'running' },
  data: { state: 'interrupted', endedAt: now, report: json({ beat: 0, reason: deadReason, report: keptOf(row)?.report ?? null }) },
});

const json = (kept: Kept): Prisma.InputJsonValue => JSON.parse(JSON.stringify(kept)) as Prisma.InputJsonValue;

const drillOf = (row: DrillRecord): Drill => ({
  id: row.id,
  kind: row.kind as Drill['kind'],
  state: row.state as Drill['state'],
  startedAt: row.startedAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
  startedBy: { id: row.startedById, name: row.startedByName },
  reason: keptOf(row)?.reason ?? null,
  report: keptOf(row)?.report ?? null,
});
