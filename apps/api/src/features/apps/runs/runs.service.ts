import { isRecord, type KubeClient, type Manifest, resourcePath } from '@fairlead/kube';
import type { BodyOf, Run, startRun } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { idCursor, pageOf, readCursor } from '../../../platform/http/paging.js';
import { newId } from '../../../platform/id.js';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import { type AppRecord, AppStore, manifestsOf, specOf } from '../app-store.js';
import { Applier } from '../applier.js';
import { isNotFound } from '../cluster-error.js';
import { belongsTo } from '../render/identity.js';
import { theWorkload } from '../render/manifest-app.js';
import { suffix } from '../suffix.js';
import { type Claims, podOnce } from './pod-once.js';
import { jobName, runJob } from './run-job.js';
import { RunKeeper } from './run-keeper.js';
import { jobPath, readRunLog, removeRun } from './run-pods.js';
import { isOver, type RunRecord, RunStore, runOf } from './run-store.js';

const lookMs = 250;

/** Commands that are run once in an app's own setting. Made, read and ended as the caller. */
@Injectable()
export class Runs {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly apps: AppStore,
    private readonly store: RunStore,
    private readonly keeper: RunKeeper,
    private readonly clusters: Clusters,
    private readonly applier: Applier,
  ) {}

  /** @throws AppError conflict for an app without a single workload, or with too many runs under way; cluster_* */
  async start(caller: Caller, app: AppRecord, projectId: string, body: BodyOf<typeof startRun>, auditId: string): Promise<Run> {
    const current = await this.apps.current(app);
    const objects = manifestsOf(current);
    return this.clusters.asking(caller, app.cluster, async (client) => {
      const workload = theWorkload(objects);
      const pod = podOnce(objects, body, await this.claims(client, app, workload));
      if (!workload || !pod) throw new AppError('conflict', { reason: `${app.name} has no single workload whose setting could be taken.` });
      const { kind, deadlineSeconds } = body;
      const run = { id: newId(), job: jobName(app.name, suffix()), kind, deadlineSeconds, reachesAsApp: specOf(current).kind === 'image' };
      const row = await this.store.begin(
        {
          id: run.id,
          appId: app.id,
          projectId,
          kind,
          image: pod.image,
          ...(pod.command && { command: pod.command }),
          ...(pod.args && { args: pod.args }),
          notes: pod.notes,
          job: run.job,
          container: pod.container,
          createdAt: this.clock.now(),
          startedById: caller.id,
          startedByName: caller.name,
          auditId,
        },
        app.name,
      );
      try {
        const owner = await this.owner(client, app, workload);
        await client.create(jobPath(app.namespace), runJob(app, run, pod, owner), { fieldManager: 'fairlead-run' });
      } catch (error) {
        await this.store.forget(run.id);
        throw error;
      }
      this.keeper.follow(run.id);
      return runOf(row);
    });
  }

  async list(app: AppRecord, limit: number, cursor: string | undefined): Promise<{ items: Run[]; next: string | null }> {
    const rows = await this.store.list(app.id, limit + 1, readCursor(cursor, idCursor));
    return pageOf(rows, limit, ({ id }) => id, runOf);
  }

  /** Waits until it has ended, the time is over, or nobody waits any more. @throws AppError not_found */
  async get(app: AppRecord, id: string, waitMs = 0, signal?: AbortSignal): Promise<Run> {
    const until = this.clock.monotonicMs() + waitMs;
    for (;;) {
      const row = await this.row(app, id);
      if (isOver(row) || this.clock.monotonicMs() >= until || signal?.aborted) return runOf(row);
      await this.clock.sleep(lookMs, signal).catch(() => {}); // the loop looks
    }
  }

  /** @throws AppError not_found when nothing was written, or it is kept no more */
  async log(caller: Caller, app: AppRecord, id: string): Promise<{ text: string; truncated: boolean; kept: boolean }> {
    const row = await this.row(app, id);
    if (row.kind === 'interactive') throw new AppError('not_found', { what: 'log of an interactive run of', name: app.name });
    const kept = await this.store.log(id);
    if (kept) return { ...kept, kept: true };
    if (isOver(row)) throw new AppError('not_found', { what: `log of a run of ${app.name}`, name: id });
    const live = await this.clusters.asking(caller, app.cluster, (client) => readRunLog(client, app.namespace, row));
    return { ...(live ?? { text: '', truncated: false }), kept: false };
  }

  /** As the caller, at once; what it wrote so far is kept. */
  async stop(caller: Caller, app: AppRecord, id: string): Promise<Run> {
    const row = await this.row(app, id);
    if (isOver(row)) return runOf(row);
    await this.clusters.asking(caller, app.cluster, async (client) => {
      const log = row.kind === 'to-end' ? await readRunLog(client, app.namespace, row) : null;
      await removeRun(client, app.namespace, row.job);
      const end = { state: 'stopped', endedAt: this.clock.now(), exitCode: null, reason: `Ended by ${caller.name}.` } as const;
      await this.store.end(id, end, log);
    });
    return runOf(await this.row(app, id));
  }

  private async row(app: AppRecord, id: string): Promise<RunRecord> {
    const row = await this.store.get(app.id, id);
    if (!row) throw new AppError('not_found', { what: `run of ${app.name}`, name: id });
    return row;
  }

  private async claims(client: KubeClient, app: AppRecord, workload: Manifest | null): Promise<Claims> {
    const path = resourcePath({ group: '', version: 'v1', resource: 'persistentvolumeclaims', namespace: app.namespace });
    const { items } = await client.list(path);
    const modes = items.map(({ metadata, spec }): [string, string[]] => {
      const given = isRecord(spec) ? spec.accessModes : undefined;
      return [metadata.name, Array.isArray(given) ? given.map(String) : []];
    });
    const asleep = isRecord(workload?.spec) && workload.spec.replicas === 0;
    return { modes: new Map(modes), held: !asleep && workload?.kind !== 'CronJob' };
  }

  /** The app's workload as it lives, so that the cluster takes the run away with it. */
  private async owner(client: KubeClient, app: AppRecord, workload: Manifest) {
    try {
      const live = await client.get(
        await this.applier.paths.of(client, app.clusterId, { ...workload, metadata: { ...workload.metadata, namespace: app.namespace } }),
      );
      const { name, uid } = live.metadata;
      return belongsTo(live, app.id) && uid ? { apiVersion: workload.apiVersion, kind: workload.kind, name, uid } : null;
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }
}
