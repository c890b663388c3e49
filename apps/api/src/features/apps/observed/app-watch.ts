import { setMaxListeners } from 'node:events';
import type { SyncState } from '@fairlead/kube';
import { type AppRow, type AppStatus, restingStates } from '@fairlead/shared';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { Clusters } from '../../clusters/index.js';
import { appDrift } from '../drift/app-drift.js';
import { type AppObjects, appStatus } from './app-status.js';
import { ClusterView } from './cluster-view.js';
import { type KnownApp, KnownApps } from './known-apps.js';

/** Changes of one app that come so close together are told once. */
const gatherMs = 50;
/** States that time alone can change are looked at again. */
const lookAgainMs = 5_000;
/** A view that a request opened stays for the next one. */
const lingerMs = 60_000;
const patienceMs = 1_500;
const settled = new Set<AppStatus['state']>([...restingStates, 'paused']);

interface Held {
  view: ClusterView;
  holders: number;
  lingerUntilMs: number;
}

/**
 * What every app is in, derived once for all who look. Watches of a cluster are held while somebody looks at its apps, and a minute longer.
 * Listeners are told of an app after what it is derived from changed; the value is then computed once and kept until it changes again.
 */
@Injectable()
export class AppWatch implements OnModuleInit, OnModuleDestroy {
  private readonly views = new Map<string, Held>();
  private readonly statuses = new Map<string, AppStatus>();
  private readonly authors = new Map<string, ReadonlyMap<string, { by: string; at: string | null }>>();
  private readonly appListeners = new Set<(appId: string) => void>();
  private readonly stateListeners = new Set<(clusterId: string) => void>();
  private readonly touchedApps = new Set<string>();
  private gathering: NodeJS.Timeout | null = null;
  private lookingAgain: NodeJS.Timeout | null = null;
  private undo = () => {};

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly clusters: Clusters,
    private readonly known: KnownApps,
  ) {}

  onModuleInit(): void {
    const undoKnown = this.known.onChange((appId) => this.touch(appId));
    const undoStatus = this.clusters.onStatus((clusterId) => {
      if (!this.views.has(clusterId) || this.isRegistered(clusterId)) return;
      this.drop(clusterId);
    });
    this.undo = () => {
      undoKnown();
      undoStatus();
    };
    this.lookingAgain = setInterval(() => this.lookAgain(), lookAgainMs).unref();
  }

  onModuleDestroy(): void {
    this.undo();
    if (this.gathering) clearTimeout(this.gathering);
    if (this.lookingAgain) clearInterval(this.lookingAgain);
    for (const clusterId of [...this.views.keys()]) this.drop(clusterId);
  }

  /** Keeps the cluster's watches open until it is called back. @throws AppError not_found for a cluster that is gone */
  hold(clusterId: string): () => void {
    const held = this.open(clusterId);
    held.holders++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      held.holders--;
      held.lingerUntilMs = this.clock.monotonicMs() + lingerMs;
    };
  }

  /** Opens the cluster's watches for a request, and waits a moment for the first lists. */
  async glance(clusterIds: Iterable<string>): Promise<void> {
    const signal = AbortSignal.timeout(patienceMs);
    setMaxListeners(0, signal); // one for each watch of each cluster
    const waits = [...clusterIds].map(async (clusterId) => {
      const held = this.open(clusterId);
      held.lingerUntilMs = this.clock.monotonicMs() + lingerMs;
      await held.view.whenSynced(signal);
    });
    await Promise.allSettled(waits); // what is not there in time is shown as not heard yet
  }

  view(clusterId: string): ClusterView | undefined {
    return this.views.get(clusterId)?.view;
  }

  /** null: the cluster has not been heard yet. */
  status(app: KnownApp): AppStatus | null {
    const view = this.view(app.cluster.id);
    if (!view?.synced) return null;
    // A request may bring an app fresher than the shared one: its status is its own.
    const shared = this.known.get(app.id) === app;
    const kept = shared ? this.statuses.get(app.id) : undefined;
    if (kept) return kept;
    const objects = view.objectsOf(app.id);
    const derived = appStatus(app.wish, objects, this.clock.now());
    const status = { ...derived, drift: this.driftOf(app, objects, derived) };
    if (shared) this.statuses.set(app.id, status);
    return status;
  }

  /** Who changed a field, as somebody found out: told with the app from now on. */
  noteAuthors(appId: string, authors: ReadonlyMap<string, { by: string; at: string | null }>): void {
    this.authors.set(appId, authors);
    this.touch(appId);
  }

  /** Nothing while an act runs, or the cluster has not seen the last one. */
  private driftOf(app: KnownApp, objects: AppObjects, { asked }: AppStatus): AppStatus['drift'] {
    if (asked || app.driftPolicy === 'off' || app.wish.newest.state !== 'applied' || app.wish.newest.number !== app.wish.current.number)
      return [];
    const authors = this.authors.get(app.id);
    return appDrift(app.wanted, objects, app.left).map(({ object, field, wanted, found }) => {
      const author = authors?.get(`${object} ${field}`);
      return { object, field, wanted: text(wanted), found: text(found), by: author?.by ?? null, at: author?.at ?? null };
    });
  }

  row(app: KnownApp, seesCluster: boolean): AppRow {
    return {
      key: app.id,
      name: app.name,
      project: app.project.name,
      projectId: app.project.id,
      cluster: app.cluster.name,
      clusterId: app.cluster.id,
      namespace: app.namespace,
      ...app.row,
      status: seesCluster ? this.status(app) : null,
    };
  }

  state(clusterId: string): SyncState {
    return this.view(clusterId)?.state ?? { state: 'starting', since: this.clock.now() };
  }

  onApp(listener: (appId: string) => void): () => void {
    this.appListeners.add(listener);
    return () => this.appListeners.delete(listener);
  }

  /** Told when a cluster's data became live or stale, or its first lists are there. */
  onState(listener: (clusterId: string) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  private open(clusterId: string): Held {
    const there = this.views.get(clusterId);
    if (there) return there;
    const tellState = () => {
      this.statuses.clear();
      for (const listener of [...this.stateListeners]) listener(clusterId);
    };
    const view = new ClusterView(this.clusters.observe(clusterId).informers, (appId) => this.touch(appId), tellState);
    const held: Held = { view, holders: 0, lingerUntilMs: this.clock.monotonicMs() + lingerMs };
    this.views.set(clusterId, held);
    return held;
  }

  private drop(clusterId: string): void {
    this.views.get(clusterId)?.view.close();
    this.views.delete(clusterId);
  }

  private touch(appId: string): void {
    this.statuses.delete(appId);
    this.touchedApps.add(appId);
    this.gathering ??= setTimeout(() => {
      this.gathering = null;
      const touched = [...this.touchedApps];
      this.touchedApps.clear();
      for (const id of touched) for (const listener of [...this.appListeners]) listener(id);
    }, gatherMs).unref();
  }

  private lookAgain(): void {
    for (const [appId, status] of [...this.statuses]) if (!settled.has(status.state)) this.touch(appId);
    const now = this.clock.monotonicMs();
    for (const [clusterId, held] of [...this.views]) if (held.holders === 0 && held.lingerUntilMs < now) this.drop(clusterId);
  }

  private isRegistered(clusterId: string): boolean {
    try {
      this.clusters.status(clusterId);
      return true;
    } catch {
      return false;
    }
  }
}

/** Short enough for a line; values of variables are not told. */
function text(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'object') return '(several fields)';
  return String(value).slice(0, 200);
}
