import { resourcePath } from '@fairlead/kube';
import type { AppStatus } from '@fairlead/shared';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { DATABASE, type Database } from '../../../platform/database.js';
import { Happenings } from '../../../platform/happenings.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { Clusters } from '../../clusters/index.js';
import { AppStore } from '../app-store.js';
import { Changes } from '../changes.service.js';
import { driftCorrected, driftFound } from '../happened.js';
import { AppWatch } from '../observed/app-watch.js';
import { type KnownApp, KnownApps } from '../observed/known-apps.js';
import { OwnRobot } from '../own-robot.js';
import { fieldManager, titleOf } from '../render/identity.js';
import { builtInPlural, splitApiVersion } from '../render/kinds.js';
import { authorOf } from './authors.js';

/** Whoever puts a field back more often than this owns it in fact: it is shown, and not fought over. */
const corrections = { most: 3, withinMs: 10 * 60_000 };
const settleMs = 1_000;

/** Told of what somebody changed, once its authors were asked; and again when it was put back. */
export type DriftListener = (app: KnownApp, drifted: AppStatus['drift'], corrected: boolean) => void;

/**
 * Keeps apps as their revision wants them, where their policy says so: looks at what drifted, asks the cluster who did it, and applies the revision
 * once more as the project's own robot. While an app's policy is `correct` the watches of its cluster are held.
 */
@Injectable()
export class DriftKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly held = new Map<string, () => void>();
  private readonly seen = new Map<string, string>();
  private readonly corrected = new Map<string, number[]>();
  private readonly busy = new Set<string>();
  private readonly driftListeners = new Set<DriftListener>();
  private undo: (() => void)[] = [];

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly robot: OwnRobot,
    private readonly known: KnownApps,
    private readonly watch: AppWatch,
    private readonly clusters: Clusters,
    private readonly store: AppStore,
    private readonly changes: Changes,
    private readonly happenings: Happenings,
  ) {}

  onApplicationBootstrap(): void {
    this.undo = [this.watch.onApp((appId) => this.look(appId)), this.known.onChange(() => this.holdWanted())];
    void this.known.all().then(
      () => this.holdWanted(),
      (error: unknown) => this.logger.warn({ error }, 'the apps that are kept from drifting could not be read'),
    );
  }

  onApplicationShutdown(): void {
    for (const each of [...this.undo, ...this.held.values()]) each();
    this.held.clear();
  }

  onDrift(listener: DriftListener): () => void {
    this.driftListeners.add(listener);
    return () => this.driftListeners.delete(listener);
  }

  /** The watches of clusters with an app that is to be corrected stay open whether somebody looks or not. */
  private holdWanted(): void {
    void this.known.all().then((apps) => {
      const wanted = new Set(apps.filter(({ driftPolicy }) => driftPolicy === 'correct').map(({ cluster }) => cluster.id));
      for (const [id, release] of this.held) if (!wanted.has(id) && this.held.delete(id)) release();
      for (const id of wanted) {
        if (this.held.has(id)) continue;
        try {
          this.held.set(id, this.watch.hold(id));
        } catch {
          // its cluster is being removed
        }
      }
    });
  }

  private look(appId: string): void {
    const app = this.known.get(appId);
    const drifted = app && this.watch.state(app.cluster.id).state === 'live' ? (this.watch.status(app)?.drift ?? []) : [];
    // With the policy: one that changes to `correct` is followed at once.
    const signature = drifted.map(({ object, field, found }) => `${app?.driftPolicy} ${object} ${field} ${found}`).join('\n');
    if (!app || signature === '' || this.seen.get(appId) === signature || this.busy.has(appId)) {
      if (signature === '') this.seen.delete(appId);
      return;
    }
    this.seen.set(appId, signature);
    this.busy.add(appId);
    void this.attend(app, drifted)
      .catch((error: unknown) => this.logger.warn({ error, appId }, 'drift could not be attended to'))
      .finally(() => {
        this.busy.delete(appId);
        this.look(appId);
      });
  }

  private async attend(app: KnownApp, drifted: AppStatus['drift']): Promise<void> {
    // An act that has just ended is told a moment before its objects are.
    await this.clock.sleep(settleMs);
    const authors = await this.askAuthors(app, drifted);
    this.watch.noteAuthors(app.id, authors);
    const known = drifted.map((each) => ({ ...each, ...authors.get(`${each.object} ${each.field}`) }));
    for (const listener of this.driftListeners) listener(app, known, false);
    const status = this.watch.status(app);
    if (!status || status.drift.length === 0) return;
    const found = driftFound({ id: app.id, revision: app.wish.current.number }, status.drift, authors, this.clock.now());
    await this.database.$transaction((tx) => this.happenings.tell(tx, found));
    // The policy may have changed while the cluster was asked.
    if (this.known.get(app.id)?.driftPolicy !== 'correct') return;
    // Network policies are the project admin's: the robot, a deployer, leaves them as they are, and they are shown.
    const mendable = status.drift.filter(({ object }) => !object.startsWith('NetworkPolicy/'));
    if (mendable.length === 0) return;
    const now = this.clock.now().getTime();
    const lately = (this.corrected.get(app.id) ?? []).filter((at) => now - at < corrections.withinMs);
    if (lately.length >= corrections.most)
      return this.logger.info({ appId: app.id }, 'somebody keeps changing an app back: it is left to them');
    this.corrected.set(app.id, [...lately, now]);
    const who = [...new Set([...authors.values()].map(({ by }) => by))].join(', ') || 'somebody';
    const summary = `${mendable.map(({ object, field }) => `${object} ${field}`).join(', ')} of ${who}`.slice(0, 500);
    if (await this.correct(app, mendable, summary)) for (const listener of this.driftListeners) listener(app, known, true);
  }

  /** The watch keeps no managedFields: the objects are asked once. */
  private async askAuthors(
    app: KnownApp,
    drifted: readonly { object: string; field: string }[],
  ): Promise<Map<string, { by: string; at: string | null }>> {
    const observer = this.clusters.observe(app.cluster.id);
    const found = new Map<string, { by: string; at: string | null }>();
    for (const manifest of app.wanted) {
      const fields = drifted.filter(({ object }) => object === titleOf(manifest));
      const resource = builtInPlural(manifest.apiVersion, manifest.kind);
      if (fields.length === 0 || !resource) continue;
      const at = { ...splitApiVersion(manifest.apiVersion), resource, namespace: app.namespace, name: manifest.metadata.name };
      const live = await observer.get(resourcePath(at)).catch(() => null);
      for (const { object, field } of fields) {
        const author = live && authorOf(live, field, fieldManager);
        if (author) found.set(`${object} ${field}`, author);
      }
    }
    return found;
  }

  private async correct(known: KnownApp, drifted: readonly { object: string; field: string }[], summary: string): Promise<boolean> {
    const found = await this.store.get(known.id);
    if (found?.newest.state !== 'applied') return false;
    const ended = await this.robot.act(
      known,
      { action: 'apps.correct', permission: 'apps.change', summary, status: 200 },
      async (robot) => {
        await this.changes.reapply(robot, found.app, found.current);
        const corrected = driftCorrected({ id: known.id, revision: found.current.number }, drifted, robot, this.clock.now());
        await this.database.$transaction((tx) => this.happenings.tell(tx, corrected));
        return `put back: ${summary}`;
      },
    );
    return ended === 'done';
  }
}
