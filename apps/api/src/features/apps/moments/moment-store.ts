import type { Moment } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import type { Prisma } from '../../../generated/prisma/client.js';
import { DATABASE, type Database } from '../../../platform/database.js';
import { Happenings } from '../../../platform/happenings.js';
import { newId } from '../../../platform/id.js';
import { podHealed } from '../happened.js';

/** What is noted of an app. Kind and subject together name it: noted twice, by whichever process, it stands once. */
export interface NewMoment {
  at: Date;
  kind: Moment['kind'];
  subject: string;
  sentence: string;
  seconds?: number | null;
  evidence?: string | null;
}

type MomentRecord = Prisma.AppMomentGetPayload<object>;

@Injectable()
export class MomentStore {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly happenings: Happenings,
  ) {}

  /** Silent where the app was deleted meanwhile. */
  async add(app: { id: string; project: { id: string } }, moments: readonly NewMoment[]): Promise<void> {
    const data = moments.map(({ at, kind, subject, sentence, seconds = null, evidence = null }) => ({
      id: newId(),
      appId: app.id,
      projectId: app.project.id,
      at,
      kind,
      subject: subject.slice(0, 300),
      data: { sentence, seconds, evidence: evidence?.slice(0, 1000) ?? null },
    }));
    if (!(await this.database.app.findUnique({ where: { id: app.id }, select: { id: true } }))) return;
    await this.database.$transaction(async (tx) => {
      const added = await tx.appMoment.createManyAndReturn({ data, skipDuplicates: true });
      for (const row of added) if (row.kind === 'pod-healed') await this.happenings.tell(tx, podHealed(app.id, momentOf(row)));
    });
  }

  /** Newest first. `before` is the `at` and the id of the last one shown. */
  list(appId: string, limit: number, before: { at: Date; id: string } | null): Promise<MomentRecord[]> {
    const older = before && { OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: before.id } }] };
    return this.database.appMoment.findMany({
      where: { appId, ...older },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: limit,
    });
  }

  async removeBefore(at: Date): Promise<void> {
    await this.database.appMoment.deleteMany({ where: { at: { lt: at } } });
  }
}

export function momentOf({ id, at, kind, subject, data }: MomentRecord): Moment {
  const { sentence, seconds, evidence } = data as { sentence: string; seconds: number | null; evidence: string | null };
  return { id, at: at.toISOString(), kind: kind as Moment['kind'], subject, sentence, seconds, evidence };
}
