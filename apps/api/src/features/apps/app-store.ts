import type { Manifest } from '@fairlead/kube';
import { AppSpec, type Hold, isId, type LeftField } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Prisma } from '../../generated/prisma/client.js';
import { AppError } from '../../platform/app-error.js';
import { DATABASE, type Database, type Transaction } from '../../platform/database.js';
import { Happenings } from '../../platform/happenings.js';
import { appsChannel } from './apps-channel.js';
import { leftOf } from './conflicts/left.js';
import { revisionCreated } from './happened.js';
import { beginRollout, type RolloutRecord } from './rollouts/rollout-store.js';
import { isAsleep, type Sleep, sleepOf } from './sleep/sleep.js';

const withPlaces = {
  include: { project: { select: { id: true, name: true } }, cluster: { select: { id: true, name: true } } },
} satisfies Prisma.AppDefaultArgs;
export type AppRecord = Prisma.AppGetPayload<typeof withPlaces>;
export type RevisionRecord = Prisma.RevisionGetPayload<object>;
export type NewRevision = Omit<RevisionRecord, 'spec' | 'manifests' | 'leftFields' | 'error' | 'appliedAt' | 'deleteData'> & {
  deleteData?: boolean;
  spec: AppSpec;
  left: readonly LeftField[];
  manifests: readonly Manifest[];
};

/** An app and the two revisions that matter: the wanted one, and the newest (which may have failed). */
export interface AppWithRevisions {
  app: AppRecord;
  current: RevisionRecord;
  newest: RevisionRecord;
  /** Of the current revision; null for one from before there were verdicts. */
  rollout: RolloutRecord | null;
  creatorKind: 'user' | 'robot';
  asleep: Sleep | null;
  /** The newest revision before the current one that served. */
  lastServed: number | null;
}

const StoredManifests = z.array(z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }) }));

/** Manifests and spec of a row; they were checked when they were written. */
export const manifestsOf = (row: { manifests: unknown }): Manifest[] => StoredManifests.parse(row.manifests);
export const specOf = (row: { spec: unknown }): AppSpec => AppSpec.parse(row.spec);
export const inFlight = (row: { state: RevisionRecord['state'] }): boolean => row.state === 'pending' || row.state === 'applying';

/** Apps and revisions. Every change is told on the channel `apps` in the transaction that makes it. */
@Injectable()
export class AppStore {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly happenings: Happenings,
  ) {}

  /** By id or name. @throws AppError not_found, ambiguous_name with the ids */
  async find(
    projectId: string,
    ref: string,
    where: { clusterId?: string | undefined; namespace?: string | undefined } = {},
  ): Promise<AppRecord> {
    const given = { ...(where.clusterId && { clusterId: where.clusterId }), ...(where.namespace && { namespace: where.namespace }) };
    const found = await this.database.app.findMany({
      where: { projectId, ...(isId(ref) ? { id: ref } : { name: ref }), ...given },
      take: 20,
      ...withPlaces,
    });
    const [app, ...others] = found;
    if (!app) throw new AppError('not_found', { what: 'app', name: ref });
    if (others.length > 0) {
      const apps = found.map(({ id, cluster, namespace }) => ({ id, cluster: cluster.name, namespace }));
      throw new AppError('ambiguous_name', { name: ref }, { details: { apps } });
    }
    return app;
  }

  async has(projectId: string, clusterId: string, namespace: string, name: string): Promise<boolean> {
    return (await this.database.app.count({ where: { projectId, clusterId, namespace, name } })) > 0;
  }

  /** What an app of a place is described by; null where there is none. */
  async kindOf(projectId: string, clusterId: string, namespace: string, name: string): Promise<AppSpec['kind'] | null> {
    const app = await this.database.app.findFirst({ where: { projectId, clusterId, namespace, name }, ...withPlaces });
    return app && specOf(await this.current(app)).kind;
  }

  async get(id: string): Promise<AppWithRevisions | null> {
    const app = await this.database.app.findUnique({ where: { id }, ...withPlaces });
    return app && ((await this.withRevisions([app]))[0] ?? null);
  }

  /** In the order of their names; `after` is the last one of the page before. */
  async list(where: Prisma.AppWhereInput, limit: number, afterId: string | null): Promise<AppWithRevisions[]> {
    const rows = await this.database.app.findMany({
      where: { ...where, ...(afterId && { id: { gt: afterId } }) },
      orderBy: { id: 'asc' },
      take: limit,
      ...withPlaces,
    });
    return this.withRevisions(rows);
  }

  async current(app: AppRecord): Promise<RevisionRecord> {
    return this.database.revision.findUniqueOrThrow({ where: { appId_number: { appId: app.id, number: app.currentRevision } } });
  }

  newest(appId: string): Promise<RevisionRecord | null> {
    return this.database.revision.findFirst({ where: { appId }, orderBy: { number: 'desc' } });
  }

  revision(appId: string, number: number): Promise<RevisionRecord | null> {
    return this.database.revision.findUnique({ where: { appId_number: { appId, number } } });
  }

  revisions(appId: string, limit: number, before: number | null): Promise<RevisionRecord[]> {
    return this.database.revision.findMany({
      where: { appId, ...(before !== null && { number: { lt: before } }) },
      orderBy: { number: 'desc' },
      take: limit,
    });
  }

  /** Every object that may be there: of the last applied revision and all after it, or of all. */
  async inventory(appId: string, all = false): Promise<{ applied: Manifest[]; appliedLeft: LeftField[]; earlier: Manifest[] }> {
    const applied = await this.database.revision.findFirst({ where: { appId, state: 'applied' }, orderBy: { number: 'desc' } });
    const since = await this.database.revision.findMany({
      where: { appId, ...(applied && !all && { number: { gte: applied.number } }) },
      orderBy: { number: 'asc' },
      select: { manifests: true },
    });
    return {
      applied: applied ? manifestsOf(applied) : [],
      appliedLeft: applied ? leftOf(applied) : [],
      earlier: since.flatMap(manifestsOf),
    };
  }

  async create(app: Prisma.AppUncheckedCreateInput, first: NewRevision): Promise<void> {
    await this.database.$transaction(async (tx) => {
      await tx.app.create({ data: app });
      await insertRevision(tx, first, this.happenings);
    });
  }

  /** The next revision, if the app is still where `base` saw it; false when it is not. */
  async append(revision: NewRevision, base: { currentRevision: number; newest: number }): Promise<boolean> {
    return this.database.$transaction(async (tx) => {
      const [locked] = await tx.$queryRaw<
        { current_revision: number }[]
      >`SELECT current_revision FROM apps WHERE id = ${revision.appId}::uuid FOR UPDATE`;
      const newest = await tx.revision.findFirst({ where: { appId: revision.appId }, orderBy: { number: 'desc' } });
      if (!locked || !newest || locked.current_revision !== base.currentRevision || newest.number !== base.newest || inFlight(newest))
        return false;
      await insertRevision(tx, revision, this.happenings);
      await tx.app.update({ where: { id: revision.appId }, data: { currentRevision: revision.number } });
      return true;
    });
  }

  /** Takes or renews the lease; false when somebody else holds it or the revision has ended. */
  async lease(appId: string, number: number, owner: string, now: Date, until: Date): Promise<boolean> {
    const { count } = await this.database.revision.updateMany({
      where: {
        appId,
        number,
        state: { in: ['pending', 'applying'] },
        OR: [{ leaseOwner: owner }, { leaseUntil: null }, { leaseUntil: { lt: now } }],
      },
      data: { state: 'applying', leaseOwner: owner, leaseUntil: until },
    });
    return count === 1;
  }

  /** Ends an act that this process holds. A failed one gives the app back to the revision that was applied before. */
  async finish(
    appId: string,
    number: number,
    owner: string,
    end: { state: 'applied'; at: Date } | { state: 'failed' | 'interrupted'; error: string },
  ): Promise<boolean> {
    return this.database.$transaction(async (tx) => {
      const ended = end.state === 'applied' ? { appliedAt: end.at, error: null } : { error: end.error.slice(0, 4000) };
      const { count } = await tx.revision.updateMany({
        where: { appId, number, leaseOwner: owner, state: 'applying' },
        data: { state: end.state, leaseOwner: null, leaseUntil: null, ...ended },
      });
      if (count === 0) return false;
      if (end.state !== 'applied') {
        const back = await tx.revision.findFirst({
          where: { appId, state: 'applied', cause: { not: 'delete' } },
          orderBy: { number: 'desc' },
        });
        if (back) await tx.app.update({ where: { id: appId }, data: { currentRevision: back.number } });
      }
      await tellApp(tx, appId);
      return true;
    });
  }

  /** Leaves the act to whoever comes next, at `until`. */
  async release(appId: string, number: number, owner: string, until: Date): Promise<void> {
    await this.database.revision.updateMany({ where: { appId, number, leaseOwner: owner }, data: { leaseUntil: until } });
  }

  abandoned(now: Date): Promise<RevisionRecord[]> {
    return this.database.revision.findMany({
      where: { state: { in: ['pending', 'applying'] }, OR: [{ leaseUntil: null }, { leaseUntil: { lt: now } }] },
      take: 50,
    });
  }

  setPolicies(appId: string, { wayBack, drift }: { wayBack?: string | undefined; drift?: string | undefined }): Promise<AppRecord> {
    return this.database.$transaction(async (tx) => {
      const data = { ...(wayBack && { wayBack }), ...(drift && { driftPolicy: drift }) };
      const app = await tx.app.update({ where: { id: appId }, data, ...withPlaces });
      await tellApp(tx, appId);
      return app;
    });
  }

  /** Looks back over a hundred revisions; one that slept longer is said to sleep since the oldest of them. */
  private async sleepOf({ appId, number }: RevisionRecord): Promise<Sleep | null> {
    const rows = await this.database.revision.findMany({
      where: { appId, OR: [{ number }, { state: 'applied', number: { lt: number } }] },
      orderBy: { number: 'desc' },
      take: 100,
      select: { spec: true, createdAt: true, authorName: true },
    });
    return sleepOf(rows.map((row) => ({ ...row, spec: specOf(row) })));
  }

  /** null lifts it. */
  setHold(appId: string, hold: Hold | null): Promise<void> {
    return this.database.$transaction(async (tx) => {
      await tx.app.update({ where: { id: appId }, data: { hold: hold ?? Prisma.DbNull } });
      await tellApp(tx, appId);
    });
  }

  async remove(appId: string): Promise<void> {
    await this.database.$transaction(async (tx) => {
      await tx.app.deleteMany({ where: { id: appId } });
      await tellApp(tx, appId);
    });
  }

  private async withRevisions(apps: AppRecord[]): Promise<AppWithRevisions[]> {
    if (apps.length === 0) return [];
    const ids = apps.map((app) => app.id);
    const standing = apps.map((app) => ({ appId: app.id, revision: app.currentRevision }));
    const [newest, rollouts, served, robots] = await Promise.all([
      this.database.revision.groupBy({ by: ['appId'], where: { appId: { in: ids } }, _max: { number: true } }),
      this.database.rollout.findMany({ where: { OR: standing } }),
      this.database.rollout.groupBy({
        by: ['appId'],
        where: { state: 'serving', OR: standing.map(({ appId, revision }) => ({ appId, revision: { lt: revision } })) },
        _max: { revision: true },
      }),
      this.database.principal.findMany({
        where: { id: { in: apps.map((app) => app.createdById) }, kind: 'robot' },
        select: { id: true },
      }),
    ]);
    const numbers = new Map(newest.map(({ appId, _max }) => [appId, _max.number ?? 0]));
    const revisions = await this.database.revision.findMany({
      where: { OR: apps.map(({ id, currentRevision }) => ({ appId: id, number: { in: [currentRevision, numbers.get(id) ?? 0] } })) },
    });
    const at = new Map(revisions.map((row) => [`${row.appId} ${row.number}`, row]));
    const sleeps = new Map<string, Sleep | null>();
    for (const { id, currentRevision } of apps) {
      const row = at.get(`${id} ${currentRevision}`);
      if (row && isAsleep(specOf(row))) sleeps.set(id, await this.sleepOf(row));
    }
    return apps.flatMap((app) => {
      const [lastOne, currentOne] = [at.get(`${app.id} ${numbers.get(app.id)}`), at.get(`${app.id} ${app.currentRevision}`)];
      return lastOne && currentOne
        ? [
            {
              app,
              current: currentOne,
              newest: lastOne,
              rollout: rollouts.find(({ appId }) => appId === app.id) ?? null,
              creatorKind: robots.some(({ id }) => id === app.createdById) ? ('robot' as const) : ('user' as const),
              asleep: sleeps.get(app.id) ?? null,
              lastServed: served.find(({ appId }) => appId === app.id)?._max.revision ?? null,
            },
          ]
        : [];
    });
  }
}

export async function insertRevision(
  tx: Transaction,
  { spec, manifests, left, ...row }: NewRevision,
  happenings: Happenings,
): Promise<void> {
  const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
  await tx.revision.create({
    data: { ...row, spec: json(spec), manifests: json(manifests), ...(left.length > 0 && { leftFields: json(left) }) },
  });
  if (row.cause !== 'delete') await beginRollout(tx, row);
  await happenings.tell(tx, revisionCreated(row));
  await tellApp(tx, row.appId);
}

export const tellApp = (tx: Transaction, appId: string) => tx.$executeRaw`SELECT pg_notify(${appsChannel}, ${appId})`;
