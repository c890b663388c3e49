import {
  type App,
  type AppSpec,
  type BodyOf,
  type changeApp,
  type changePolicies,
  type createApp,
  type deleteApp,
  isId,
  type putApp,
  type Revision,
  type rollbackApp,
  type scaleApp,
  type undoApp,
} from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { Happenings } from '../../platform/happenings.js';
import { idCursor, pageOf, readCursor } from '../../platform/http/paging.js';
import { clustersOf, credentialReachesCluster, type ProjectInfo } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { Clusters } from '../clusters/index.js';
import { appOf, policiesOf, revisionOf } from './app-answer.js';
import { type AppRecord, AppStore, manifestsOf, type RevisionRecord, specOf } from './app-store.js';
import { Changes, type Wish } from './changes.service.js';
import { sizeTaken } from './conflicts/size.js';
import { driftCorrected } from './happened.js';
import { holdOf, holdWords, newHold, refuseHeld } from './hold/hold.js';
import { mergePatch } from './merge-patch.js';
import { AppStatuses } from './observed/app-statuses.js';
import { toYamlDocuments } from './plan/shown.js';
import { scaled } from './scaled.js';
import { keepingSecrets } from './secrets/given-secrets.js';
import { asleep, awake, sleepWords, wakeWords } from './sleep/sleep.js';
import { checkName } from './spec.js';
import { Undo } from './undo/undo.service.js';

export type Where = { cluster?: string | undefined; namespace?: string | undefined };
type Query = { limit: number; cursor?: string | undefined } & Where;

/** What a changing act answers before it is joined with its audit id. */
export interface Outcome {
  app: App;
  revision: Revision;
}

/** The apps of a project as the REST API has them. Every act on the cluster goes through `Changes`. */
@Injectable()
export class AppsService {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE) private readonly database: Database,
    private readonly store: AppStore,
    private readonly clusters: Clusters,
    private readonly changes: Changes,
    private readonly statuses: AppStatuses,
    private readonly undoing: Undo,
    private readonly happenings: Happenings,
  ) {}

  async list(caller: Caller, project: ProjectInfo, { limit, cursor, ...where }: Query): Promise<{ items: App[]; next: string | null }> {
    const { clusterId, namespace } = await this.narrow(where);
    const reached = [...clustersOf(caller, this.clock.now())].filter((id) => clusterId === undefined || id === clusterId);
    const rows = await this.store.list(
      { projectId: project.id, clusterId: { in: reached }, ...(namespace && { namespace }) },
      limit + 1,
      readCursor(cursor, idCursor),
    );
    const shown = rows.slice(0, limit);
    const statuses = await this.statuses.of(caller, shown);
    const now = this.clock.now();
    return pageOf(
      rows,
      limit,
      ({ app }) => app.id,
      (row) => appOf(row, statuses.get(row.app.id) ?? null, now),
    );
  }

  async get(caller: Caller, project: ProjectInfo, ref: string, where: Where): Promise<App> {
    return this.show(caller, (await this.find(caller, project, ref, where)).id);
  }

  /** @throws AppError not_found; the same for an app in a cluster that the caller's token does not reach */
  async find(caller: Caller, project: ProjectInfo, ref: string, where: Where): Promise<AppRecord> {
    const app = await this.store.find(project.id, ref, await this.narrow(where));
    if (!credentialReachesCluster(caller, app.clusterId)) throw new AppError('not_found', { what: 'app', name: ref });
    return app;
  }

  async create(caller: Caller, project: ProjectInfo, body: BodyOf<typeof createApp>, auditId: string): Promise<Outcome> {
    const cluster = await this.place(caller, project, body);
    const id = await this.changes.create(caller, project, { ...body, cluster }, auditId);
    return this.outcome(caller, id, 1);
  }

  /** Creates it, or changes the whole spec of the one that is there. The same again makes no revision. */
  async put(
    caller: Caller,
    project: ProjectInfo,
    name: string,
    body: BodyOf<typeof putApp>,
    expected: number | undefined,
    auditId: string,
  ): Promise<Outcome> {
    const cluster = await this.place(caller, project, body);
    const where = { cluster: cluster.id, namespace: body.namespace };
    if (!isId(name) && !(await this.store.has(project.id, cluster.id, body.namespace, name))) {
      checkName(name);
      if (expected !== undefined) throw new AppError('not_found', { what: 'app', name });
      try {
        const { conflicts: _, ...given } = body;
        return await this.create(caller, project, { name, adopt: false, ...given }, auditId);
      } catch (error) {
        // Another one was faster: then it is a change.
        if (!(error instanceof AppError && error.code === 'name_taken')) throw error;
      }
    }
    const app = await this.find(caller, project, name, where);
    return this.act(
      caller,
      app,
      {
        cause: 'change',
        expected,
        planHash: body.planHash,
        conflicts: body.conflicts,
        values: body.secretValues,
        next: (standing) => keepingSecrets(body.spec, standing),
      },
      auditId,
    );
  }

  async change(caller: Caller, app: AppRecord, body: BodyOf<typeof changeApp>, expected: number, auditId: string): Promise<Outcome> {
    const keys = Object.keys(body.spec);
    const cause = keys.length === 1 && keys[0] === 'image' && !body.secretValues ? 'image' : 'change';
    const { planHash, conflicts, secretValues: values } = body;
    return this.act(caller, app, { cause, expected, planHash, conflicts, values, next: (spec) => mergePatch(spec, body.spec) }, auditId);
  }

  async scale(caller: Caller, app: AppRecord, { replicas, conflicts }: BodyOf<typeof scaleApp>, auditId: string): Promise<Outcome> {
    const chosen = sizeTaken(await this.store.current(app), conflicts);
    return this.act(caller, app, { cause: 'scale', conflicts: chosen, next: (spec) => scaled(spec, replicas) }, auditId);
  }

  async sleep(caller: Caller, app: AppRecord, auditId: string): Promise<Outcome> {
    const next = (spec: AppSpec) => asleep(spec, app.name);
    const current = await this.store.current(app);
    return this.act(caller, app, { cause: 'sleep', next, conflicts: sizeTaken(current), summary: sleepWords(specOf(current)) }, auditId);
  }

  async wake(caller: Caller, app: AppRecord, auditId: string): Promise<Outcome> {
    const size = (await this.store.get(app.id))?.asleep?.size ?? null;
    const next = (spec: AppSpec) => awake(spec, size);
    const current = await this.store.current(app);
    return this.act(
      caller,
      app,
      { cause: 'wake', next, conflicts: sizeTaken(current), summary: wakeWords(next(specOf(current))) },
      auditId,
    );
  }

  async rollback(caller: Caller, app: AppRecord, body: BodyOf<typeof rollbackApp>, auditId: string): Promise<Outcome> {
    const target = await this.revisionRow(app, body.revision);
    if (target.cause === 'delete') throw new AppError('conflict', { reason: `Revision ${body.revision} is a deletion.` });
    const spec = specOf(target);
    const hold = body.hold && newHold(body.hold, caller, app.currentRevision, this.clock.now());
    const outcome = await this.act(
      caller,
      app,
      {
        cause: 'rollback',
        planHash: body.planHash,
        conflicts: body.conflicts,
        next: () => spec,
        rolledBackFrom: app.currentRevision,
        summary: `back to revision ${body.revision}`,
      },
      auditId,
    );
    if (!hold) return outcome;
    await this.store.setHold(app.id, { ...hold, revision: outcome.revision.number });
    return { ...outcome, app: await this.show(caller, app.id) };
  }

  /** Robots are what a hold is against. @throws AppError app_held for one, conflict where nothing is held */
  async liftHold(caller: Caller, app: AppRecord): Promise<string> {
    const now = this.clock.now();
    const hold = holdOf(app, now);
    if (!hold) throw new AppError('conflict', { reason: `${app.name} is not held.` });
    if (caller.kind === 'robot') refuseHeld(app, caller, now);
    await this.store.setHold(app.id, null);
    return `lifted; it was ${holdWords(hold)}`;
  }

  async setPolicies(app: AppRecord, body: BodyOf<typeof changePolicies>): Promise<App['policies']> {
    return policiesOf(await this.store.setPolicies(app.id, body));
  }

  /** What stands, once more. */
  async correct(caller: Caller, app: AppRecord): Promise<App> {
    const found = (await this.show(caller, app.id)).status?.drift ?? [];
    const current = await this.store.current(app);
    const left = [...(await this.changes.reapply(caller, app, current))];
    const drift = found.filter(({ object }) => !left.some((identity) => identity.endsWith(`/${object}`)));
    if (drift.length > 0) {
      const corrected = driftCorrected({ id: app.id, revision: current.number }, drift, caller, this.clock.now());
      await this.database.$transaction((tx) => this.happenings.tell(tx, corrected));
    }
    return this.show(caller, app.id);
  }

  async undo(caller: Caller, app: AppRecord, { revision, conflicts }: BodyOf<typeof undoApp>, auditId: string): Promise<Outcome> {
    refuseHeld(app, caller, this.clock.now());
    return this.act(caller, app, { ...(await this.undoing.wish(caller, app, revision)), conflicts }, auditId);
  }

  /** The app's row goes when its objects have gone; the answer shows it as it was. */
  async remove(caller: Caller, app: AppRecord, { confirm, deleteData }: BodyOf<typeof deleteApp>, auditId: string): Promise<Outcome> {
    if (confirm !== app.name) throw new AppError('confirm_name', { name: app.name });
    refuseHeld(app, caller, this.clock.now());
    const before = await this.show(caller, app.id);
    const summary = deleteData ? 'deleted, with its data' : 'deleted';
    const number = await this.changes.change(caller, app, { cause: 'delete', next: (spec) => spec, summary, deleteData }, auditId);
    const row = await this.store.revision(app.id, number);
    const now = this.clock.now().toISOString();
    const author = { id: caller.id, kind: caller.kind, name: caller.name };
    const gone: Revision = {
      number,
      cause: 'delete',
      summary,
      author,
      createdAt: now,
      state: 'applied',
      appliedAt: now,
      error: null,
      rolledBackFrom: null,
    };
    return { app: before, revision: row ? revisionOf(row) : gone };
  }

  async revisions(
    caller: Caller,
    project: ProjectInfo,
    ref: string,
    { limit, cursor, ...where }: Query,
  ): Promise<{ items: Revision[]; next: string | null }> {
    const app = await this.find(caller, project, ref, where);
    const before = readCursor(cursor, /^\d{1,9}$/);
    const rows = await this.store.revisions(app.id, limit + 1, before === null ? null : Number(before));
    return pageOf(rows, limit, (row) => String(row.number), revisionOf);
  }

  async revision(
    caller: Caller,
    project: ProjectInfo,
    ref: string,
    number: number,
    where: Where,
  ): Promise<Revision & { spec: AppSpec; manifests: string }> {
    const app = await this.find(caller, project, ref, where);
    const row = await this.revisionRow(app, number);
    return { ...revisionOf(row), spec: specOf(row), manifests: toYamlDocuments(manifestsOf(row)) };
  }

  /** Any change, as a revision. @throws AppError app_held */
  async act(caller: Caller, app: AppRecord, wish: Wish, auditId: string): Promise<Outcome> {
    refuseHeld(app, caller, this.clock.now());
    return this.outcome(caller, app.id, await this.changes.change(caller, app, wish, auditId));
  }

  async outcome(caller: Caller, id: string, number: number): Promise<Outcome> {
    const [app, row] = [await this.show(caller, id), await this.store.revision(id, number)];
    return { app, revision: row ? revisionOf(row) : app.revision };
  }

  private async show(caller: Caller, id: string): Promise<App> {
    const row = await this.store.get(id);
    if (!row) throw new AppError('not_found', { what: 'app', name: id });
    return appOf(row, (await this.statuses.of(caller, [row])).get(id) ?? null, this.clock.now());
  }

  async revisionRow(app: AppRecord, number: number): Promise<RevisionRecord> {
    const row = await this.store.revision(app.id, number);
    if (!row) throw new AppError('not_found', { what: `revision of ${app.name}`, name: String(number) });
    return row;
  }

  /** The cluster of a new app, or of what may become one. Its namespace must be the project's own: that is what the caller's role is about. */
  async place(caller: Caller, project: ProjectInfo, body: { cluster: string; namespace: string }): Promise<{ id: string; name: string }> {
    const cluster = await this.clusters.resolve(body.cluster);
    if (!cluster || !clustersOf(caller, this.clock.now()).has(cluster.id))
      throw new AppError('not_found', { what: 'cluster', name: body.cluster });
    const owned = await this.database.projectNamespace.count({
      where: { projectId: project.id, clusterId: cluster.id, namespace: body.namespace },
    });
    if (owned === 0)
      throw new AppError(
        'invalid_request',
        {},
        { issues: [{ path: 'namespace', message: `${body.namespace} on ${cluster.name} is no namespace of the project ${project.name}` }] },
      );
    return { id: cluster.id, name: cluster.name };
  }

  private async narrow({ cluster, namespace }: Where): Promise<{ clusterId?: string; namespace?: string }> {
    const found = cluster === undefined ? undefined : await this.clusters.resolve(cluster);
    if (found === null) throw new AppError('not_found', { what: 'cluster', name: cluster ?? '' });
    return { ...(found && { clusterId: found.id }), ...(namespace && { namespace }) };
  }
}
