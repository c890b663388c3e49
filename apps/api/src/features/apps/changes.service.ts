import type { Manifest } from '@fairlead/kube';
import type { AppSpec, ConflictChoice, LeftField, Obstacle, Revision, SecretValues } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { isUniqueViolation } from '../../platform/database.js';
import { newId } from '../../platform/id.js';
import type { ProjectInfo } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { Clusters, clusterError } from '../clusters/index.js';
import type { Adopt } from './adoption/adoptable.js';
import { type AppRecord, AppStore, inFlight, manifestsOf, type NewRevision, type RevisionRecord, specOf } from './app-store.js';
import { Applier, type Ended } from './applier.js';
import { leftOf, leftWords, sameLeft, withChosen } from './conflicts/left.js';
import { deploy } from './deployer.js';
import { NetworkGuard } from './network/network-guard.js';
import { namedApps, shutOutRoutes } from './network/policy-warnings.js';
import { ClusterRoutes } from './observed/cluster-routes.js';
import { allowed, decided } from './plan/allowed.js';
import { type Inspection, inspect } from './plan/planner.js';
import { same, summaryOf } from './plan/words.js';
import { renderManifests, withRevision } from './render/manifests.js';
import { isSecretKeeper } from './render/own-secrets.js';
import type { Resolved } from './secrets/given-secrets.js';
import { OwnSecrets } from './secrets/own-secrets.service.js';
import { checkSpec } from './spec.js';

/** How long a request waits for its own apply, and for another act on the same app. */
const waitMs = 10_000;

export interface Wish {
  cause: Revision['cause'];
  /** The spec that is asked for, from the one that stands. Validated after. */
  next(current: AppSpec): unknown;
  /** Values for secrets of the spec. */
  values?: SecretValues | undefined;
  /** Of a deletion: its claims go too. */
  deleteData?: boolean;
  /** The revision that the caller changed (If-Match). */
  expected?: number | undefined;
  planHash?: string | undefined;
  /** Fields that somebody else has set: what is taken over and what is left. */
  conflicts?: readonly ConflictChoice[];
  /** Of Fairlead by itself: nobody is there to decide, and what others have set is taken over. */
  automatic?: boolean;
  rolledBackFrom?: number;
  summary?: string;
}

export interface NewApp {
  name: string;
  cluster: { id: string; name: string };
  namespace: string;
  spec: AppSpec;
  secretValues?: SecretValues | undefined;
  adopt: boolean;
  planHash?: string | undefined;
}

/** Where an app is, or is to be. */
interface Place {
  id: string;
  name: string;
  project: { id: string; name: string };
  cluster: { id: string; name: string };
  namespace: string;
}

/** The one way to change an app: spec → revision → manifests → dry run → lease → apply. Scale, deploy, rollback and deletion are this act. */
@Injectable()
export class Changes {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: AppStore,
    private readonly clusters: Clusters,
    private readonly applier: Applier,
    private readonly routes: ClusterRoutes,
    private readonly guard: NetworkGuard,
    private readonly secrets: OwnSecrets,
  ) {}

  /** What `wanted` would do to an app that is there or not yet; nothing is changed. */
  async preview(
    caller: Caller,
    app: Place,
    wanted: readonly Manifest[],
    { all = false, adopt = false, left = [], choices = [], secrets }: PreviewOptions = {},
  ): Promise<Inspection> {
    try {
      const [client, { applied, earlier }, routes] = await Promise.all([
        this.clusters.actAs(caller, app.cluster.id),
        this.store.inventory(app.id, all),
        this.routes.of(app.cluster.id, app.id),
      ]);
      const network = this.guard.share(caller, app.project, applied, wanted, false);
      // Keepers come and go with their Secrets, which are judged by themselves.
      const [judged, past] = all ? [wanted, earlier] : [wanted, earlier].map((objects) => objects.filter((each) => !isSecretKeeper(each)));
      const now = this.clock.now();
      const draft = { appId: app.id, clusterId: app.cluster.id, wanted: judged ?? [], earlier: past ?? [], adopt, network, now };
      const found = secrets ? await this.secrets.inspect(client, app, secrets, secrets.standing) : { changes: [], obstacles: [] };
      const brought = new Set(found.changes.map(({ object }) => object));
      const plan = await inspect(client, this.applier.paths, { ...draft, brought, left, choices }, routes);
      const warned = [...shutOutRoutes(applied, wanted), ...(await this.unknownApps(app, applied, wanted))];
      return { ...plan, changes: [...found.changes, ...plan.changes], obstacles: [...found.obstacles, ...plan.obstacles, ...warned] };
    } catch (error) {
      throw clusterError(app.cluster.name, error);
    }
  }

  /** Rules know an app by the label that Fairlead gives the pods of those that are described by fields. */
  private async unknownApps(at: Place, before: readonly Manifest[], wanted: readonly Manifest[]): Promise<Obstacle[]> {
    const found = await Promise.all(
      namedApps(before, wanted).map(async ({ policy, app, namespace }): Promise<Obstacle[]> => {
        const kind = await this.store.kindOf(at.project.id, at.cluster.id, namespace, app);
        if (kind === 'image') return [];
        const reason = kind
          ? `the app ${app} is kept as YAML, and its pods carry no label that rules know it by`
          : `this project has no app ${app} in ${namespace}`;
        return [{ object: policy, field: null, reason, severity: 'warns' }];
      }),
    );
    return found.flat();
  }

  /** @throws AppError name_taken, plan_blocked, plan_changed, apply_failed, cluster_*; nothing is left of an app whose first apply failed here */
  async create(caller: Caller, project: ProjectInfo, wish: NewApp, auditId: string): Promise<string> {
    const id = newId();
    const identity = { id, name: wish.name, namespace: wish.namespace, project };
    const owner = { ...identity, cluster: wish.cluster };
    const resolved = this.secrets.resolve(owner, wish.spec, null, wish.secretValues);
    const { spec, fresh } = resolved;
    const objects = renderManifests(identity, spec);
    const taken = () => new AppError('name_taken', { what: `app in ${wish.cluster.name}/${wish.namespace}`, name: wish.name });
    if (await this.store.has(project.id, wish.cluster.id, wish.namespace, wish.name)) throw taken();
    await this.guard.allow(caller, project, [], objects);
    const secrets = { ...resolved, standing: null };
    allowed(await this.preview(caller, owner, objects, { adopt: wish.adopt, secrets }), wish.planHash);
    await this.secrets.write(caller, owner, fresh);
    const now = this.clock.now();
    const revision = this.revisionOf(caller, {
      appId: id,
      number: 1,
      cause: wish.adopt ? 'adopt' : spec.kind === 'manifests' ? 'import' : 'create',
      spec,
      manifests: withRevision(objects, 1),
      left: [],
      summary: summaryOf(null, spec),
      auditId,
      rolledBackFrom: null,
    });
    try {
      await this.store.create(
        {
          id,
          projectId: project.id,
          clusterId: wish.cluster.id,
          namespace: wish.namespace,
          name: wish.name,
          currentRevision: 1,
          createdAt: now,
          createdById: caller.id,
          createdByName: caller.name,
        },
        revision,
      );
    } catch (error) {
      await this.secrets.forget(caller, owner, fresh);
      throw isUniqueViolation(error) ? taken() : error;
    }
    const ended = await this.atMost(this.applier.run(caller, id, 1));
    if (ended?.state === 'failed') {
      if (ended.clean) {
        await this.secrets.forget(caller, owner, fresh);
        await this.store.remove(id);
      }
      throw failure(ended, id, 1);
    }
    return id;
  }

  /**
   * Answers the number of the revision that is wanted now; its state tells how far it is. A wish that changes nothing makes no revision: what
   * stands is applied once more, which mends drift.
   * @throws AppError revision_conflict with both sides, conflict while another act runs, plan_*, apply_failed, cluster_*
   */
  async change(caller: Caller, app: AppRecord, wish: Wish, auditId: string): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const { current, newest } = await this.settled(app, wish);
      const standing = specOf(current);
      const resolved = this.secrets.resolve(app, checkSpec(wish.next(standing)), standing, wish.values);
      const { spec } = resolved;
      const objects = wish.cause === 'delete' ? [] : renderManifests(app, spec);
      await this.guard.allow(caller, app.project, manifestsOf(current), objects);
      const leftBefore = wish.cause === 'delete' ? [] : leftOf(current);
      const secrets = { ...resolved, standing };
      const asked = wish.cause === 'delete' ? { all: true } : { secrets, left: leftBefore, choices: wish.conflicts ?? [] };
      const plan = await this.preview(caller, app, objects, asked);
      const left = withChosen(plan.left, plan.conflicts, this.clock.now());
      if (
        wish.cause !== 'delete' &&
        wish.cause !== 'rollback' &&
        current.state === 'applied' &&
        newest.number === current.number &&
        same(spec, standing) &&
        sameLeft(left, leftBefore)
      ) {
        if (!wish.automatic) decided(plan);
        await this.secrets.write(caller, app, resolved.fresh);
        await this.reapply(caller, app, current);
        return current.number;
      }
      allowed(plan, wish.planHash);
      if (!wish.automatic) decided(plan);
      await this.secrets.write(caller, app, resolved.fresh);
      const number = newest.number + 1;
      const summary = [wish.summary ?? summaryOf(standing, spec), ...leftWords(leftBefore, left)]
        .join(', ')
        .replace(/^nothing changed, /, '');
      const row = {
        appId: app.id,
        number,
        cause: wish.cause,
        spec,
        manifests: withRevision(objects, number),
        left,
        summary,
        auditId,
        rolledBackFrom: wish.rolledBackFrom ?? null,
        deleteData: wish.deleteData ?? false,
      };
      if (await this.store.append(this.revisionOf(caller, row), { currentRevision: current.number, newest: newest.number })) {
        const ended = await this.atMost(this.applier.run(caller, app.id, number));
        if (ended?.state === 'failed') throw failure(ended, app.id, number);
        return number;
      }
      if (attempt >= 5) throw new AppError('conflict', { reason: `${app.name} changes faster than this change can be made: try again.` });
    }
  }

  /** The app between two acts. Waits for one that runs; a wish made on another revision is refused at once. */
  private async settled(app: AppRecord, wish: Wish): Promise<{ current: RevisionRecord; newest: RevisionRecord }> {
    const until = this.clock.monotonicMs() + waitMs;
    for (;;) {
      const found = await this.store.get(app.id);
      if (!found) throw new AppError('not_found', { what: 'app', name: app.name });
      const { current, newest } = found;
      if (wish.expected !== undefined && wish.expected !== current.number) throw await this.conflict(app, wish, current, wish.expected);
      if (!inFlight(newest)) return { current, newest };
      if (newest.cause === 'delete') throw new AppError('conflict', { reason: `${app.name} is being deleted.` });
      if (this.clock.monotonicMs() > until)
        throw new AppError('conflict', { reason: `Revision ${newest.number} of ${app.name} is still being applied.` });
      await this.clock.sleep(100);
    }
  }

  private async conflict(app: AppRecord, wish: Wish, current: RevisionRecord, expected: number): Promise<AppError> {
    const base = await this.store.revision(app.id, expected);
    const theirs = {
      revision: current.number,
      spec: specOf(current),
      by: current.authorName,
      at: current.createdAt.toISOString(),
      summary: current.summary,
    };
    const yours = base ? { revision: expected, spec: wish.next(specOf(base)) } : { revision: expected };
    return new AppError(
      'revision_conflict',
      { current: current.number, expected },
      { details: { current: theirs, yours, base: base ? specOf(base) : null } },
    );
  }

  /**
   * Applies what stands once more, as the caller: mends drift, and changes nothing where there is none. Answers what was left alone, by `identityOf`.
   * @throws AppError cluster_*, apply_failed
   */
  async reapply(caller: Caller, app: AppRecord, current: RevisionRecord): Promise<ReadonlySet<string>> {
    try {
      const client = await this.clusters.actAs(caller, app.clusterId);
      const wanted = manifestsOf(current);
      const leftFields = leftOf(current);
      const { left } = this.guard.share(caller, app.project, wanted, wanted, true);
      const standing = { wanted, leftFields, previous: wanted, previousLeftFields: leftFields, earlier: wanted };
      await deploy(
        client,
        this.applier.paths,
        { appId: app.id, clusterId: app.clusterId, ...standing, adopt: false, left },
        AbortSignal.timeout(waitMs),
      );
      return left;
    } catch (error) {
      throw clusterError(app.cluster.name, error);
    }
  }

  revisionOf(
    caller: Caller,
    row: Pick<
      NewRevision,
      'appId' | 'number' | 'cause' | 'spec' | 'manifests' | 'left' | 'summary' | 'auditId' | 'rolledBackFrom' | 'deleteData'
    >,
  ): NewRevision {
    return {
      ...row,
      authorId: caller.id,
      authorKind: caller.kind,
      authorName: caller.name,
      state: 'pending',
      createdAt: this.clock.now(),
      ...this.applier.firstLease(),
    };
  }

  /** The end, or null when it takes longer; it then goes on without the request. */
  async atMost(work: Promise<Ended>): Promise<Ended | null> {
    const done = new AbortController();
    try {
      return await Promise.race([work, this.clock.sleep(waitMs, done.signal).then(() => null)]);
    } finally {
      done.abort();
    }
  }
}

interface PreviewOptions {
  all?: boolean;
  adopt?: Adopt;
  left?: readonly LeftField[];
  choices?: readonly ConflictChoice[];
  secrets?: Resolved & { standing: AppSpec | null };
}

export const failure = (ended: Extract<Ended, { state: 'failed' | 'interrupted' }>, app: string, revision: number): AppError =>
  new AppError(
    'apply_failed',
    { object: ended.object, reason: ended.error.replace(`${ended.object}: `, '') },
    { details: { app, revision, undone: ended.clean } },
  );
