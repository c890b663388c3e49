import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../../../generated/prisma/client.js';
import { AppError } from '../../../platform/app-error.js';
import { DATABASE, type Database, isUniqueViolation, type Transaction } from '../../../platform/database.js';
import { Happenings } from '../../../platform/happenings.js';
import { insertRevision, manifestsOf, type NewRevision, tellApp } from '../app-store.js';
import { isSecretKeeper } from '../render/own-secrets.js';
import { undoableForMs } from '../undo/undoable-for.js';

const withPlaces = {
  include: { project: { select: { id: true, name: true } }, cluster: { select: { id: true, name: true } } },
} satisfies Prisma.DeletedAppDefaultArgs;
export type DeletedRecord = Prisma.DeletedAppGetPayload<typeof withPlaces>;

/** What of an app is kept beside its own row, and what of that: parents first. */
const ofApp = Prisma.sql`r.app_id = a.id`;
const tables: readonly (readonly [name: string, which: Prisma.Sql])[] = [
  ['revisions', ofApp],
  ['rollouts', ofApp],
  ['app_moments', ofApp],
  ['drills', ofApp],
  ['app_runs', ofApp],
  ['app_run_logs', Prisma.sql`r.run_id IN (SELECT id FROM app_runs WHERE app_id = a.id)`],
];

/** Deleted apps, each with its rows as they were: whatever columns they have now. Nothing else looks at these; a deleted app is gone for everybody else. */
@Injectable()
export class DeletedApps {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly happenings: Happenings,
  ) {}

  /** Ends the app, and its deletion `number` with it. Its rows wait for an undo. */
  async bury(appId: string, number: number, now: Date): Promise<void> {
    await this.database.$transaction(async (tx) => {
      const applied = { state: 'applied' as const, appliedAt: now, leaseOwner: null, leaseUntil: null };
      await tx.revision.updateMany({ where: { appId, number }, data: applied });
      const by = await tx.revision.findUnique({ where: { appId_number: { appId, number } } });
      if (by) await keep(tx, appId, { at: now, byId: by.authorId, byName: by.authorName, data: by.deleteData, until: after(now) });
      await tx.app.deleteMany({ where: { id: appId } });
      await tellApp(tx, appId);
    });
  }

  /** An undo that the cluster refused: as if it had not been asked. */
  async buryAgain(app: DeletedRecord): Promise<void> {
    await this.database.$transaction(async (tx) => {
      const { deletedAt: at, deletedById: byId, deletedByName: byName, deletedData: data, expiresAt: until } = app;
      await keep(tx, app.id, { at, byId, byName, data, until });
      await tx.app.deleteMany({ where: { id: app.id } });
      await tellApp(tx, app.id);
    });
  }

  undoable(projectId: string, now: Date): Promise<DeletedRecord[]> {
    const where = { projectId, expiresAt: { gt: now } };
    return this.database.deletedApp.findMany({ where, orderBy: { deletedAt: 'desc' }, take: 100, ...withPlaces });
  }

  /** Its rows come back, with `revision` as the newest. @throws AppError name_taken; not_found when somebody was faster */
  async revive(app: DeletedRecord, revision: NewRevision): Promise<void> {
    try {
      await this.database.$transaction(async (tx) => {
        const { count } = await tx.deletedApp.deleteMany({ where: { id: app.id } });
        if (count === 0) throw new AppError('not_found', { what: 'deleted app', name: app.name });
        const rows = JSON.stringify(app.rows);
        await tx.$executeRaw`INSERT INTO apps SELECT * FROM jsonb_populate_record(null::apps, ${rows}::jsonb->'apps')`;
        for (const [table] of tables) {
          const name = Prisma.raw(table);
          await tx.$executeRaw`INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(null::${name}, ${rows}::jsonb->${table})`;
        }
        await insertRevision(tx, revision, this.happenings);
        await tx.app.update({ where: { id: app.id }, data: { currentRevision: revision.number } });
      });
    } catch (error) {
      const what = `app in ${app.cluster.name}/${app.namespace}`;
      throw isUniqueViolation(error) ? new AppError('name_taken', { what, name: app.name }) : error;
    }
  }

  toSweep(now: Date): Promise<DeletedRecord[]> {
    return this.database.deletedApp.findMany({ where: { sweepAt: { lte: now }, expiresAt: { lte: now } }, take: 20, ...withPlaces });
  }

  /** For one process at a time: whoever moves it on sweeps it. */
  async sweepLater(app: DeletedRecord, at: Date): Promise<boolean> {
    const { count } = await this.database.deletedApp.updateMany({ where: { id: app.id, sweepAt: app.sweepAt }, data: { sweepAt: at } });
    return count === 1;
  }

  async forget(id: string): Promise<void> {
    await this.database.deletedApp.deleteMany({ where: { id } });
  }
}

/** Names of the ConfigMaps that keep secrets of a deleted app. */
export function keepersOf({ rows }: Pick<DeletedRecord, 'rows'>): string[] {
  const revisions = (rows as { revisions?: { manifests: unknown }[] }).revisions ?? [];
  return [...new Set(revisions.flatMap((row) => manifestsOf(row).filter(isSecretKeeper)).map(({ metadata }) => metadata.name))];
}

const after = (now: Date): Date => new Date(now.getTime() + undoableForMs);

interface Deletion {
  at: Date;
  byId: string | null;
  byName: string;
  data: boolean;
  until: Date;
}

async function keep(tx: Transaction, appId: string, { at, byId, byName, data, until }: Deletion): Promise<void> {
  const parts = tables.map(
    ([table, which]) =>
      Prisma.sql`${table}::text, (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM ${Prisma.raw(table)} r WHERE ${which})`,
  );
  await tx.$executeRaw`
    INSERT INTO deleted_apps (id, project_id, cluster_id, namespace, name, deleted_at, deleted_by_id, deleted_by_name, deleted_data, expires_at, sweep_at, rows)
    SELECT a.id, a.project_id, a.cluster_id, a.namespace, a.name, ${at}, ${byId}::uuid, ${byName}, ${data}, ${until}, ${until},
           jsonb_build_object('apps', to_jsonb(a), ${Prisma.join(parts)})
    FROM apps a WHERE a.id = ${appId}::uuid`;
}
