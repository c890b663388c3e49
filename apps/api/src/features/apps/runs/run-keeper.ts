import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { DATABASE, type Database } from '../../../platform/database.js';
import { newId } from '../../../platform/id.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { PodSessions } from '../../../platform/pod-sessions.js';
import { decideProject } from '../../access/index.js';
import { AuditLog } from '../../audit/index.js';
import { actorOf, type Caller, loadAuthor } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import { type AppRecord, AppStore } from '../app-store.js';
import { jobEnd } from '../schedules/job-run.js';
import { disuse } from './disuse.js';
import { lookAtRun, readRunLog, removeRun } from './run-pods.js';
import { type RunEnd, type RunRecord, RunStore } from './run-store.js';

const lookAroundMs = 10_000;
const beatMs = 5_000;
const sweepMs = 3600_000;
/** Short runs are looked at often, long ones less so. */
const pauseMs = (ageMs: number): number => (ageMs < 30_000 ? 500 : 3_000);
const actForMs = 15 * 60_000;
/** With a cluster that is not heard for so long, a run is given up. */
const giveUpMs = 30 * 60_000;

/**
 * Follows runs to their end, as whoever started them with the rights of now, and keeps their logs. What a process leaves behind is taken up by any
 * other within 25 s. An interactive one that nobody uses is ended, and recorded as an act of its own.
 */
@Injectable()
export class RunKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly owner = newId();
  private readonly stopped = new AbortController();
  private readonly following = new Map<string, Promise<void>>();
  private beating: NodeJS.Timeout | null = null;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly apps: AppStore,
    private readonly store: RunStore,
    private readonly clusters: Clusters,
    private readonly sessions: PodSessions,
    private readonly audit: AuditLog,
  ) {}

  onApplicationBootstrap(): void {
    void this.lookAround(); // ends with shutdown
    this.beating = setInterval(() => void this.beat(), beatMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.beating) clearInterval(this.beating);
    this.stopped.abort(new Error('Fairlead is stopping'));
    await Promise.allSettled([...this.following.values()]);
  }

  /** Goes on after it returns. */
  follow(id: string): void {
    if (this.following.has(id) || this.stopped.signal.aborted) return;
    const work = this.carry(id)
      .catch((error: unknown) => this.logger.warn({ runId: id, error }, 'a run could not be followed'))
      .finally(() => this.following.delete(id));
    this.following.set(id, work);
  }

  private async carry(id: string): Promise<void> {
    const { signal } = this.stopped;
    let heardMs = this.clock.monotonicMs();
    while (!signal.aborted) {
      const run = await this.store.hold(id, this.owner, this.clock.now());
      const app = run && (await this.apps.get(run.appId))?.app;
      if (!run || !app) return;
      try {
        if (await this.step(run, app)) return;
        heardMs = this.clock.monotonicMs();
      } catch (error) {
        if (this.clock.monotonicMs() - heardMs > giveUpMs) throw error;
      }
      await this.clock.sleep(pauseMs(this.clock.now().getTime() - run.createdAt.getTime()), signal).catch(() => {});
    }
  }

  /** True when it is over. */
  private async step(run: RunRecord, app: AppRecord): Promise<boolean> {
    const now = this.clock.now();
    const author = await this.authorOf(run, app, now);
    if ('refused' in author) return this.over(run, { state: 'lost', reason: `It is followed no more: ${author.refused}.` });
    const client = await this.clusters.actAs(author.caller, app.clusterId);
    const found = await lookAtRun(client, app.namespace, run);
    if (!found) return this.over(run, { state: 'lost', reason: 'Its Job was deleted in the cluster.' });
    const seen = jobEnd(found.job, found.pods, now);
    const pod = found.pods[0]?.metadata.name ?? run.pod;
    if (seen.state === 'succeeded' || seen.state === 'failed') {
      const log = run.kind === 'to-end' ? await readRunLog(client, app.namespace, { ...run, pod }) : null;
      await this.store.note(run.id, { state: 'running', pod, reason: null });
      const endedAt = seen.endedAt ? new Date(seen.endedAt) : now;
      return this.over(
        run,
        { state: seen.state, exitCode: seen.exitCode, reason: seen.cause, endedAt: endedAt < run.createdAt ? now : endedAt },
        log,
      );
    }
    if (run.state !== seen.state || run.pod !== pod || run.reason !== seen.cause)
      await this.store.note(run.id, { state: seen.state, pod, reason: seen.cause });
    const unused = run.kind === 'interactive' ? disuse(run, now) : null;
    if (unused === null) return false;
    await this.recorded(run, app, author.caller, unused, () => removeRun(client, app.namespace, run.job));
    return this.over(run, { state: 'stopped', reason: unused });
  }

  private async over(
    run: RunRecord,
    end: Pick<RunEnd, 'state' | 'reason'> & Partial<RunEnd>,
    log: { text: string; truncated: boolean } | null = null,
  ): Promise<boolean> {
    await this.store.end(run.id, { endedAt: this.clock.now(), exitCode: null, ...end }, log);
    return true;
  }

  private async authorOf(run: RunRecord, app: AppRecord, now: Date): Promise<{ caller: Caller } | { refused: string }> {
    const caller = await loadAuthor(this.database, run.startedById, run.auditId, new Date(now.getTime() + actForMs));
    if (!caller) return { refused: `${run.startedByName} is no longer here` };
    const decision = decideProject(caller, app.project, 'apps.run', true, now);
    return decision.allowed ? { caller } : { refused: decision.because };
  }

  private async recorded(run: RunRecord, app: AppRecord, caller: Caller, reason: string, act: () => Promise<void>): Promise<void> {
    const place = { project: app.project, cluster: app.cluster, namespace: app.namespace, name: app.name, resource: null };
    const start = { action: 'apps.runs.expire', verb: 'delete', actor: actorOf(caller), door: 'system', mutating: true, reason } as const;
    const from = { sourceAddress: '', userAgent: 'fairlead' };
    const handle = await this.audit.begin({ ...start, ...place, ...from }, newId());
    try {
      await act();
      await handle.end({ outcome: 'allowed', reason, status: 200, summary: `Job/${run.job}` });
    } catch (error) {
      await handle.end({ outcome: 'failed', reason: 'the cluster refused, or did not answer', summary: `Job/${run.job}` });
      throw error;
    }
  }

  private async beat(): Promise<void> {
    try {
      for (const session of this.sessions.open()) await this.store.attached(session, this.clock.now());
    } catch (error) {
      this.logger.warn({ error }, 'open terminals of runs could not be noted');
    }
  }

  private async lookAround(): Promise<void> {
    const { signal } = this.stopped;
    let sweptMs = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      try {
        for (const id of await this.store.abandoned(this.clock.now())) this.follow(id);
        if (this.clock.monotonicMs() - sweptMs > sweepMs) {
          sweptMs = this.clock.monotonicMs();
          await this.store.sweep(this.clock.now());
        }
      } catch (error) {
        if (!signal.aborted) this.logger.warn({ error }, 'runs could not be looked for');
      }
      await this.clock.sleep(lookAroundMs, signal).catch(() => {});
    }
  }
}
