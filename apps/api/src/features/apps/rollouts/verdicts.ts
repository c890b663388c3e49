import type { Rollout } from '@fairlead/shared';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { Clusters } from '../../clusters/index.js';
import { AppWatch } from '../observed/app-watch.js';
import { type KnownApp, KnownApps } from '../observed/known-apps.js';
import { type RolloutRecord, RolloutStore } from './rollout-store.js';
import { askRoute, probeTarget } from './route-probe.js';
import { causeKey, hasRestarted, steadyMs, type Verdict, verdict } from './verdict.js';

/** A cluster gives a route its address, and its proxy learns of new pods, a moment after they are ready. */
const routeWithinMs = 10_000;
const tickMs = 1_000;

interface Tracked {
  row: RolloutRecord;
  seenSince: Map<string, number>;
  release: () => void;
  readyAt: Date | null;
  asking: boolean;
}

/** Told of each rollout that this process ended. */
export type EndListener = (
  app: KnownApp,
  row: RolloutRecord,
  ended: { state: 'serving' | 'failed'; cause: Rollout['cause'] },
) => Promise<void>;

/**
 * Judges what runs, from the shared watch, in every process; the database lets one of them end it. While a rollout runs its cluster's watches are
 * held. What a dead process was judging is found again at the start.
 */
@Injectable()
export class Verdicts implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly tracked = new Map<string, Tracked>();
  private readonly endListeners = new Set<EndListener>();
  private undo: (() => void)[] = [];
  private stopped = false;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: RolloutStore,
    private readonly known: KnownApps,
    private readonly watch: AppWatch,
    private readonly clusters: Clusters,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.undo = [this.known.onChange((appId) => this.pickUp(appId)), this.watch.onApp((appId) => this.judgeApp(appId))];
    const timer = setInterval(() => this.judgeAll(), tickMs).unref();
    this.undo.push(() => clearInterval(timer));
    void this.known
      .all()
      .then(() => this.store.running())
      .then((rows) => {
        for (const row of rows) this.track(row);
      })
      .catch((error: unknown) => this.logger.warn({ error }, 'the rollouts that ran before could not be read'));
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    for (const each of this.undo) each();
    for (const each of this.tracked.values()) each.release();
    this.tracked.clear();
  }

  onEnd(listener: EndListener): () => void {
    this.endListeners.add(listener);
    return () => this.endListeners.delete(listener);
  }

  /** What holds a running rollout up at the moment. */
  causeNow(appId: string): Rollout['cause'] {
    const app = this.known.get(appId);
    return (app && this.watch.status(app)?.cause) ?? null;
  }

  private pickUp(appId: string): void {
    void this.store
      .runningOf(appId)
      .then((rows) => {
        for (const row of rows) this.track(row);
        this.judgeApp(appId);
      })
      .catch((error: unknown) => this.logger.warn({ error, appId }, 'the rollouts of an app could not be read'));
  }

  private track(row: RolloutRecord): void {
    if (this.stopped || this.tracked.has(row.id)) return;
    const app = this.known.get(row.appId);
    if (!app) return;
    let release = () => {};
    try {
      release = this.watch.hold(app.cluster.id);
    } catch {
      return; // its cluster is being removed
    }
    this.tracked.set(row.id, { row, seenSince: new Map(), release, readyAt: null, asking: false });
  }

  private judgeAll(): void {
    for (const each of this.tracked.values()) this.judge(each);
  }

  private judgeApp(appId: string): void {
    for (const each of this.tracked.values()) if (each.row.appId === appId) this.judge(each);
  }

  private judge(tracked: Tracked): void {
    const { row, seenSince } = tracked;
    const app = this.known.get(row.appId);
    if (!app) return void this.forget(row.id);
    const live = this.watch.state(app.cluster.id).state === 'live';
    const now = this.clock.now().getTime();
    const { current, newest } = app.wish;
    const found = verdict(
      { revision: row.revision, seenSince },
      { current: current.number, newest },
      live ? this.watch.status(app) : null,
      now,
    );
    this.noteCause(seenSince, found, now);
    if (found.state === 'superseded') this.end(tracked, app, { state: 'superseded' });
    else if (found.state === 'failed') this.end(tracked, app, { state: 'failed', cause: found.cause });
    else if (found.state === 'ready') this.ready(tracked, app);
    else tracked.readyAt = null;
  }

  /** Only what is seen without a break lasts. */
  private noteCause(seenSince: Map<string, number>, found: Verdict, now: number): void {
    const key = 'cause' in found && found.cause ? causeKey(found.cause) : null;
    for (const each of [...seenSince.keys()]) if (each !== key) seenSince.delete(each);
    if (key && !seenSince.has(key)) seenSince.set(key, now);
  }

  private ready(tracked: Tracked, app: KnownApp): void {
    tracked.readyAt ??= this.clock.now();
    const objects = this.watch.view(app.cluster.id)?.objectsOf(app.id);
    if (objects && hasRestarted(objects.pods, tracked.readyAt)) tracked.readyAt = this.clock.now();
    const readyForMs = this.clock.now().getTime() - tracked.readyAt.getTime();
    if (tracked.asking || !objects || readyForMs < steadyMs(objects.workloads)) return;
    if (objects.ingresses.length === 0) {
      this.end(tracked, app, { state: 'serving' });
      return;
    }
    const target = probeTarget(objects.ingresses);
    const late = readyForMs > routeWithinMs;
    if (!target) {
      const url = this.watch.status(app)?.address ?? '';
      if (late)
        this.end(tracked, app, {
          state: 'serving',
          answer: { url, status: null, ms: null, error: 'the cluster gave the route no address' },
        });
      return;
    }
    tracked.asking = true;
    void askRoute(target, this.clusters.checkAddress)
      .then((answer) => {
        if (late || (answer.status !== null && answer.status < 500)) this.end(tracked, app, { state: 'serving', answer });
      })
      .finally(() => {
        tracked.asking = false;
      });
  }

  private end(
    tracked: Tracked,
    app: KnownApp,
    ending: { state: 'serving' | 'failed' | 'superseded'; cause?: Rollout['cause']; answer?: Rollout['answer'] },
  ): void {
    const { row, readyAt } = tracked;
    if (!this.forget(row.id)) return;
    const { state, cause = null } = ending;
    void this.store
      .end(row, { ...ending, at: this.clock.now(), ...(state === 'serving' && readyAt && { readyAt }) })
      .then(async (first) => {
        if (!first || state === 'superseded') return;
        for (const listener of this.endListeners) await listener(app, row, { state, cause });
      })
      .catch((error: unknown) => {
        this.logger.warn({ error, appId: row.appId }, 'the end of a rollout could not be written');
        this.track(row);
      });
  }

  private forget(id: string): boolean {
    this.tracked.get(id)?.release();
    return this.tracked.delete(id);
  }
}
