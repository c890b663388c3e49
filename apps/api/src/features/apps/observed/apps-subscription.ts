import { AppError } from '../../../platform/app-error.js';
import type { Clock } from '../../../platform/clock.js';
import type { TopicSink, TopicSubscription } from '../../../platform/live-topic.js';
import type { Caller } from '../../auth/index.js';
import type { AppWatch } from './app-watch.js';
import { Freshness } from './freshness.js';
import type { KnownApp, KnownApps } from './known-apps.js';
import type { Sight } from './sight.js';

export interface AppsGround {
  caller: Caller;
  sink: TopicSink;
  /** Does the row of this app belong to the subscription, for this caller? */
  admits(caller: Caller, app: KnownApp): boolean;
  /** Throws when the subscription as a whole may not be. */
  check(caller: Caller): void;
  clock: Clock;
  known: KnownApps;
  watch: AppWatch;
  sight: Sight;
}

/** Rows of apps to one reader. What the policy admits is a row; what its cluster does not let the reader see has no status. */
export class AppsSubscription implements TopicSubscription {
  private readonly sent = new Map<string, string>();
  private readonly held = new Map<string, () => void>();
  private readonly seen = new Map<string, boolean>();
  private readonly freshness: Freshness;
  private readonly undo: (() => void)[];
  private caller: Caller;
  private closed = false;

  static async open(ground: AppsGround): Promise<AppsSubscription> {
    const subscription = new AppsSubscription(ground);
    await subscription.begin();
    return subscription;
  }

  private constructor(private readonly ground: AppsGround) {
    this.caller = ground.caller;
    this.freshness = new Freshness(ground.sink, ground.clock);
    this.undo = [ground.watch.onApp((appId) => void this.told(appId)), ground.watch.onState((clusterId) => this.stateOf(clusterId))];
  }

  close(): void {
    this.closed = true;
    for (const each of this.undo) each();
    for (const release of this.held.values()) release();
    this.held.clear();
  }

  async recheck(fresh: unknown): Promise<void> {
    this.caller = fresh as Caller;
    try {
      this.ground.check(this.caller);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return this.ground.sink.fail(error.code, error.message);
    }
    const admitted = await this.admitted();
    await this.look(admitted);
    if (this.closed) return;
    const ids = new Set(admitted.map((app) => app.id));
    for (const id of [...this.sent.keys()]) if (!ids.has(id)) this.drop(id);
    for (const app of admitted) this.put(app);
  }

  private async begin(): Promise<void> {
    const { known, watch, sink } = this.ground;
    const apps = await this.admitted();
    await watch.glance(this.holdAll(apps));
    await this.look(apps);
    const rows = apps.flatMap(({ id }) => known.get(id) ?? []).map((app) => watch.row(app, this.sees(app)));
    for (const row of rows) this.sent.set(row.key, JSON.stringify(row));
    sink.snapshot(rows);
    this.freshness.tell([...this.held.keys()].map((id) => watch.state(id)));
  }

  private async admitted(): Promise<KnownApp[]> {
    const apps = (await this.ground.known.all()).filter((app) => this.ground.admits(this.caller, app));
    return apps.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  private async told(appId: string): Promise<void> {
    const app = this.ground.known.get(appId);
    if (!app || !this.ground.admits(this.caller, app)) return this.drop(appId);
    if (!this.held.has(app.cluster.id)) this.holdAll([app]);
    if (!this.seen.has(placeOf(app))) await this.look([app]);
    if (!this.closed) this.put(app);
  }

  private put(app: KnownApp): void {
    const row = this.ground.watch.row(this.ground.known.get(app.id) ?? app, this.sees(app));
    const text = JSON.stringify(row);
    if (this.sent.get(row.key) === text) return;
    this.sent.set(row.key, text);
    this.ground.sink.put(row);
  }

  private drop(appId: string): void {
    if (this.sent.delete(appId)) this.ground.sink.remove(appId);
  }

  private holdAll(apps: readonly KnownApp[]): Set<string> {
    const clusters = new Set(apps.map((app) => app.cluster.id));
    for (const id of clusters) if (!this.held.has(id)) this.held.set(id, this.ground.watch.hold(id));
    return clusters;
  }

  /** Asks each namespace's cluster; while one does not answer, its last word stands. */
  private async look(apps: readonly KnownApp[]): Promise<void> {
    const places = new Map(apps.map((app) => [placeOf(app), app]));
    await Promise.all(
      [...places].map(async ([place, app]) => {
        const answer = await this.ground.sight.may(this.caller, app.cluster.id, app.namespace);
        if (answer !== 'unknown') this.seen.set(place, answer);
      }),
    );
  }

  private sees = (app: KnownApp): boolean => this.seen.get(placeOf(app)) === true;

  private stateOf(clusterId: string): void {
    const { watch, known } = this.ground;
    if (!this.held.has(clusterId) || this.closed) return;
    this.freshness.tell([...this.held.keys()].map((id) => watch.state(id)));
    for (const id of this.sent.keys()) {
      const app = known.get(id);
      if (app?.cluster.id === clusterId) void this.told(id);
    }
  }
}

const placeOf = (app: KnownApp): string => `${app.cluster.id}/${app.namespace}`;
