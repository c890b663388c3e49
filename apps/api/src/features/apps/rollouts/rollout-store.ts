import type { Rollout } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../../../generated/prisma/client.js';
import { DATABASE, type Database, type Transaction } from '../../../platform/database.js';
import { Happenings } from '../../../platform/happenings.js';
import { newId } from '../../../platform/id.js';
import { appsChannel } from '../apps-channel.js';
import { rolloutEnded } from '../happened.js';

export type RolloutRecord = Prisma.RolloutGetPayload<object>;

type Ending = {
  state: 'serving' | 'failed' | 'superseded';
  at: Date;
  cause?: Rollout['cause'];
  answer?: Rollout['answer'];
  readyAt?: Date;
};

/** Rollouts: made with their revision, in its transaction; ended once, by whichever process sees it first. */
@Injectable()
export class RolloutStore {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly happenings: Happenings,
  ) {}

  running(): Promise<RolloutRecord[]> {
    return this.database.rollout.findMany({ where: { state: 'running' }, orderBy: { startedAt: 'asc' }, take: 1000 });
  }

  runningOf(appId: string): Promise<RolloutRecord[]> {
    return this.database.rollout.findMany({ where: { appId, state: 'running' }, orderBy: { revision: 'asc' } });
  }

  of(appId: string, revision: number): Promise<RolloutRecord | null> {
    return this.database.rollout.findUnique({ where: { appId_revision: { appId, revision } } });
  }

  list(appId: string, limit: number, before: number | null): Promise<RolloutRecord[]> {
    return this.database.rollout.findMany({
      where: { appId, ...(before !== null && { revision: { lt: before } }) },
      orderBy: { revision: 'desc' },
      take: limit,
    });
  }

  /** The newest revision before `revision` that served. */
  lastServed(appId: string, revision: number): Promise<RolloutRecord | null> {
    return this.database.rollout.findFirst({
      where: { appId, state: 'serving', revision: { lt: revision } },
      orderBy: { revision: 'desc' },
    });
  }

  /** True for the one process that ended it. `also` is written in the same transaction. */
  async end(row: RolloutRecord, ending: Ending, also: (tx: Transaction) => Promise<void> = async () => {}): Promise<boolean> {
    const { state, at, cause = null, answer = null, readyAt = null } = ending;
    return this.database.$transaction(async (tx) => {
      const { count } = await tx.rollout.updateMany({
        where: { id: row.id, state: 'running' },
        data: { state, endedAt: at, readyAt, cause: json(cause), answer: json(answer) },
      });
      if (count === 0) return false;
      await also(tx);
      if (state !== 'superseded') {
        const revision = await tx.revision.findUnique({ where: { appId_number: { appId: row.appId, number: row.revision } } });
        await this.happenings.tell(tx, rolloutEnded(row, revision, { state, at, cause, answer }));
      }
      await tx.$executeRaw`SELECT pg_notify(${appsChannel}, ${row.appId})`;
      return true;
    });
  }

  async wentBack(row: RolloutRecord, revision: number): Promise<void> {
    await this.database.rollout.updateMany({ where: { id: row.id }, data: { wentBack: revision } });
  }
}

/** A revision that is to be rolled out; what ran before it is over. */
export async function beginRollout(tx: Transaction, revision: { appId: string; number: number; createdAt: Date }): Promise<void> {
  const { appId, number, createdAt } = revision;
  const app = await tx.app.findUniqueOrThrow({ where: { id: appId }, select: { projectId: true } });
  await tx.rollout.create({
    data: { id: newId(), appId, projectId: app.projectId, revision: number, state: 'running', startedAt: createdAt },
  });
}

const json = (value: object | null): Prisma.InputJsonValue | typeof Prisma.DbNull =>
  value === null ? Prisma.DbNull : (JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue);

/** `cause` stands in for the one that is stored while the rollout runs. */
export const rolloutOf = (row: RolloutRecord, cause: Rollout['cause'] = null): Rollout => ({
  revision: row.revision,
  state: row.state as Rollout['state'],
  startedAt: row.startedAt.toISOString(),
  readyAt: row.readyAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
  secondsToReady: row.readyAt ? (row.readyAt.getTime() - row.startedAt.getTime()) / 1000 : null,
  cause: row.state === 'running' ? cause : (row.cause as Rollout['cause']),
  answer: row.answer as Rollout['answer'],
  wentBack: row.wentBack,
});
