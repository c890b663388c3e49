import type { Drill, DrillReport } from '@fairlead/shared';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { Clusters } from '../../clusters/index.js';
import { MomentStore } from '../moments/moment-store.js';
import { AppWatch } from '../observed/app-watch.js';
import type { KnownApp } from '../observed/known-apps.js';
import type { Pod } from '../observed/shapes.js';
import { askRoute, type ProbeTarget, probeTarget } from '../rollouts/route-probe.js';
import { advise, type Makeup, makeupOf, verdictOf } from './advice.js';
import { begun, type Course, step } from './course.js';
import { DrillStore } from './drill-store.js';
import { type Eviction, returnWords } from './eviction.js';
import { isReady, servingPods } from './ready-pods.js';
import { count, isGood, type Request } from './requests.js';

const askEveryMs = 100;
const noteEveryMs = 1_000;
const lookForDeadMs = 10_000;

/** What a drill has done to the app. `lost`: uids of the pods that it took away. */
export interface Acted {
  lost: ReadonlySet<string>;
  /** In words. */
  done: string;
  eviction?: Eviction;
}

export type Act = () => Promise<Acted>;

interface Run {
  drill: Drill;
  app: KnownApp;
  act: Act;
  target: ProbeTarget | null;
  makeup: Makeup;
  /** Uids of the pods that were ready before. */
  startedPods: ReadonlySet<string>;
  /** Milliseconds of the clock that never jumps, at its start. */
  since: number;
  course: Course;
  /** When the act began, once it is done. */
  actedMs: number | null;
  acted: Acted | null;
  requests: Request[];
  /** Requests are sent in order and answered in any: the newest one sent of those that were answered. */
  newest: Request | null;
  failure: unknown;
  abandoned: boolean;
}

/**
 * Runs drills: asks the route ten times a second, acts after three, and goes on until the app serves again and ten seconds longer. How far it is
 * stands in its row. A drill whose process dies is marked interrupted by any other, or at the next start, within 25 s.
 */
@Injectable()
export class DrillRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopped = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private looking: NodeJS.Timeout | null = null;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: DrillStore,
    private readonly moments: MomentStore,
    private readonly watch: AppWatch,
    private readonly clusters: Clusters,
  ) {}

  onApplicationBootstrap(): void {
    const look = () =>
      void this.store
        .interruptDead(this.clock.now())
        .catch((error: unknown) => this.logger.warn({ error }, 'drills of ended processes could not be marked'));
    look();
    this.looking = setInterval(look, lookForDeadMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.looking) clearInterval(this.looking);
    this.stopped.abort(new Error('Fairlead is stopping'));
    await Promise.allSettled([...this.running]);
  }

  /** Goes on after it returns. The cluster's watches are held meanwhile. */
  start(drill: Drill, app: KnownApp, act: Act, pods: readonly Pod[]): void {
    const release = this.watch.hold(app.cluster.id);
    const { ingresses, workloads } = this.seen(app);
    const target = probeTarget(ingresses);
    const makeup = makeupOf(pods, workloads, target ? 'asked' : ingresses.length > 0 ? 'unplaced' : 'none');
    const run: Run = {
      drill,
      app,
      act,
      target,
      makeup,
      startedPods: new Set(pods.map(({ metadata }) => metadata.uid ?? '')),
      since: this.clock.monotonicMs(),
      course: begun,
      actedMs: null,
      acted: null,
      requests: [],
      newest: null,
      failure: null,
      abandoned: false,
    };
    const ending = this.carry(run)
      .catch((error: unknown) => this.logger.warn({ error, appId: app.id }, 'a drill could not be written down'))
      .finally(() => {
        release();
        this.running.delete(ending);
      });
    this.running.add(ending);
  }

  private async carry(run: Run): Promise<void> {
    const { signal } = this.stopped;
    const asked = new Set<Promise<void>>();
    let notedMs = 0;
    let tick = 0;
    while (run.course.phase !== 'over' && run.failure === null && !run.abandoned && !signal.aborted) {
      const ms = this.msOf(run);
      this.advance(run, ms);
      if (run.target) {
        const asking: Promise<void> = this.ask(run, run.target, ms).finally(() => asked.delete(asking));
        asked.add(asking);
      }
      if (ms - notedMs >= noteEveryMs) {
        notedMs = ms;
        this.note(run);
      }
      // A timer may fire a little early, and what a busy process missed is not made up for.
      tick = Math.max(tick, Math.floor(this.msOf(run) / askEveryMs)) + 1;
      await this.clock.sleep(Math.max(0, Math.ceil(tick * askEveryMs - this.msOf(run))), signal).catch(() => {}); // the loop looks
    }
    if (!signal.aborted) await Promise.all([...asked]);
    await this.end(run);
  }

  /** The app may be gone, or somebody took this process for dead: then there is nothing left to do. */
  private note(run: Run): void {
    void this.store.note(run.drill.id, this.report(run), this.clock.now()).then(
      (runs) => {
        if (!runs) run.abandoned = true;
      },
      () => {}, // written again in a second
    );
  }

  private advance(run: Run, ms: number): void {
    const lost = run.acted?.lost ?? new Set<string>();
    const pods = this.seen(run.app).pods;
    const before = run.course.phase;
    run.course = step(run.course, {
      ms,
      actedMs: run.actedMs,
      replaced: pods.filter((pod) => isReady(pod) && !lost.has(pod.metadata.uid ?? '')).length >= run.makeup.replicas,
      gone: !pods.some((pod) => lost.has(pod.metadata.uid ?? '')),
      answers: run.target === null || (run.newest !== null && isGood(run.newest)),
    });
    if (before === 'before' && run.course.phase === 'acting') {
      void run.act().then(
        (acted) => {
          run.acted = acted;
          run.actedMs = ms;
        },
        (error: unknown) => {
          run.failure = error ?? new Error('refused');
        },
      );
    }
  }

  private async ask(run: Run, target: ProbeTarget, sentMs: number): Promise<void> {
    const { status, error } = await askRoute(target, this.clusters.checkAddress);
    const request = { sentMs, tookMs: this.msOf(run) - sentMs, status, error };
    run.requests.push(request);
    if (!run.newest || run.newest.sentMs < sentMs) run.newest = request;
  }

  private async end(run: Run): Promise<void> {
    const { drill, app, course, failure } = run;
    const report = this.report(run);
    const now = this.clock.now();
    if (failure !== null) {
      const reason = failure instanceof AppError ? failure.message : 'The act failed; see the log.';
      if (!(failure instanceof AppError)) this.logger.warn({ error: failure, appId: app.id }, 'a drill could not act');
      await this.store.end(drill.id, { state: 'failed', reason, report }, now);
      return;
    }
    if (course.phase !== 'over') {
      await this.store.end(drill.id, { state: 'interrupted', reason: 'Fairlead was stopped.', report }, now);
      return;
    }
    const cause = this.watch.status(app)?.cause?.sentence ?? null;
    const verdict = verdictOf(report, run.target !== null);
    const eviction = report.eviction && { ...report.eviction, returned: this.returned(run, report.eviction.node) };
    const back = eviction ? returnWords(eviction) : null;
    const full = {
      ...report,
      eviction,
      verdict: back ? `${verdict} ${back}` : verdict,
      advice: advise(drill.kind, run.makeup, report, cause),
    };
    if (!(await this.store.end(drill.id, { state: 'done', reason: null, report: full }, now))) return;
    await this.moments.add(app, [
      { at: now, kind: 'drill', subject: drill.id, sentence: `${run.acted?.done ?? ''} ${verdict}`, seconds: report.healedSeconds },
    ]);
  }

  private report({ target, makeup, acted, course, requests, actedMs }: Run): DrillReport {
    return {
      phase: course.phase,
      url: target?.url ?? null,
      replicas: makeup.replicas,
      acted: acted?.done ?? null,
      ...count(requests, actedMs),
      healedSeconds: course.healedMs === null || actedMs === null ? null : Math.round(course.healedMs - actedMs) / 1000,
      actedAtSecond: actedMs === null ? null : Math.floor(actedMs / 1000),
      verdict: null,
      advice: [],
      eviction: acted?.eviction ?? null,
    };
  }

  /** Pods on the node that the drill emptied, which were made since. */
  private returned({ app, acted, startedPods }: Run, node: string): number {
    return this.seen(app).pods.filter(
      ({ metadata, spec }) =>
        spec?.nodeName === node &&
        !acted?.lost.has(metadata.uid ?? '') &&
        !startedPods.has(metadata.uid ?? '') &&
        !metadata.deletionTimestamp,
    ).length;
  }

  private seen(app: KnownApp) {
    const view = this.watch.view(app.cluster.id);
    if (!view) return { pods: [], ingresses: [], workloads: [] };
    const { pods, ingresses, workloads } = view.objectsOf(app.id);
    return { pods: servingPods(pods), ingresses, workloads };
  }

  private msOf = ({ since }: Run): number => this.clock.monotonicMs() - since;
}
