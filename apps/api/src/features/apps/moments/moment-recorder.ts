import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { DriftKeeper } from '../drift/drift-keeper.js';
import { AppWatch } from '../observed/app-watch.js';
import { type KnownApp, KnownApps } from '../observed/known-apps.js';
import { RolloutStore, rolloutOf } from '../rollouts/rollout-store.js';
import { Verdicts } from '../rollouts/verdicts.js';
import { confirmMs, firstScene, type Healing, heal, isWaiting } from './healing.js';
import { MomentStore, type NewMoment } from './moment-store.js';
import { sceneOf } from './scene.js';
import { driftMoment, verdictMoment } from './told.js';

/**
 * Notes what happens to apps, whether somebody looks or not: the watches of every cluster that has apps are held. What happens while a cluster is not
 * heard is not noted, and not guessed afterwards.
 */
@Injectable()
export class MomentRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly held = new Map<string, () => void>();
  private readonly healing = new Map<string, Healing>();
  private readonly later = new Map<string, NodeJS.Timeout>();
  private undo: (() => void)[] = [];
  private stopped = false;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: MomentStore,
    private readonly rollouts: RolloutStore,
    private readonly known: KnownApps,
    private readonly watch: AppWatch,
    private readonly verdicts: Verdicts,
    private readonly drift: DriftKeeper,
  ) {}

  onApplicationBootstrap(): void {
    this.undo = [
      this.watch.onApp((appId) => this.look(appId)),
      this.watch.onState((clusterId) => this.lookAround(clusterId)),
      this.known.onChange(() => this.holdWanted()),
      this.verdicts.onEnd((app, { revision }) => this.ended(app, revision)),
      this.drift.onDrift((app, drifted, corrected) =>
        this.note(app, [driftMoment(drifted, corrected, app.wish.current.number, this.clock.now())]),
      ),
    ];
    this.holdWanted();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    for (const each of [...this.undo, ...this.held.values()]) each();
    for (const timer of this.later.values()) clearTimeout(timer);
  }

  private holdWanted(): void {
    void this.known.all().then(
      (apps) => {
        if (this.stopped) return;
        const wanted = new Set(apps.map(({ cluster }) => cluster.id));
        for (const [id, release] of this.held) if (!wanted.has(id) && this.held.delete(id)) release();
        for (const id of wanted) this.hold(id);
        const ids = new Set(apps.map(({ id }) => id));
        for (const id of this.healing.keys()) if (!ids.has(id)) this.healing.delete(id);
      },
      (error: unknown) => this.logger.warn({ error }, 'the apps whose losses are noted could not be read'),
    );
  }

  private hold(clusterId: string): void {
    if (this.held.has(clusterId)) return;
    try {
      this.held.set(clusterId, this.watch.hold(clusterId));
    } catch {
      return; // it is being removed
    }
    this.lookAround(clusterId);
  }

  /** An app is remembered from when its cluster is heard, so that its first loss is seen as one; and forgotten when it is not. */
  private lookAround(clusterId: string): void {
    void this.known.all().then(
      (apps) => {
        for (const { id, cluster } of apps) if (cluster.id === clusterId) this.look(id);
      },
      () => {}, // said by holdWanted
    );
  }

  private look(appId: string): void {
    const app = this.known.get(appId);
    const view = app && this.watch.view(app.cluster.id);
    if (!app || !view || this.stopped || this.watch.state(app.cluster.id).state !== 'live') return void this.healing.delete(appId);
    const scene = sceneOf(view.objectsOf(appId), view.departedOf(appId), this.clock.now().getTime());
    const before = this.healing.get(appId);
    const { healing, moments } = before ? heal(before, scene) : { healing: firstScene(scene), moments: [] };
    this.healing.set(appId, healing);
    if (moments.length > 0) this.note(app, moments);
    if (isWaiting(healing)) this.lookLater(appId);
  }

  private lookLater(appId: string): void {
    if (this.later.has(appId)) return;
    const again = () => {
      this.later.delete(appId);
      this.look(appId);
    };
    this.later.set(appId, setTimeout(again, confirmMs).unref());
  }

  private async ended(app: KnownApp, revision: number): Promise<void> {
    const row = await this.rollouts.of(app.id, revision);
    const moment = row && verdictMoment(rolloutOf(row), row.endedAt ?? this.clock.now());
    if (moment) this.note(app, [moment]);
  }

  private note(app: KnownApp, moments: readonly NewMoment[]): void {
    void this.store
      .add(app, moments)
      .catch((error: unknown) => this.logger.warn({ error, appId: app.id }, 'moments of an app could not be written'));
  }
}
