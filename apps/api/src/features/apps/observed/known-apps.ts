import type { Manifest } from '@fairlead/kube';
import type { AppRow, LeftField } from '@fairlead/shared';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { PgEvents } from '../../../platform/pg-events.js';
import { Reader } from '../../../platform/reader.js';
import { AppStore, type AppWithRevisions, manifestsOf } from '../app-store.js';
import { appsChannel } from '../apps-channel.js';
import { leftOf } from '../conflicts/left.js';
import { isWorkload } from '../render/kinds.js';
import { rolloutOf } from '../rollouts/rollout-store.js';
import type { AppWish } from './app-status.js';

/** What the live rows need of an app's database rows. */
export interface KnownApp {
  id: string;
  name: string;
  project: { id: string; name: string };
  cluster: { id: string; name: string };
  namespace: string;
  wish: AppWish;
  /** The objects of the revision that stands, as they are applied. */
  wanted: readonly Manifest[];
  /** Fields of theirs that the revision leaves to others. */
  left: readonly LeftField[];
  driftPolicy: string;
  row: Pick<AppRow, 'revision' | 'revisionState' | 'changedAt' | 'changedBy' | 'rollout'>;
}

const pageSize = 200;

/** Every app, from the first time somebody asks; kept right by the notifications of whoever changes one, in this process or another. */
@Injectable()
export class KnownApps implements OnModuleInit, OnModuleDestroy {
  private readonly apps = new Map<string, KnownApp>();
  private readonly listeners = new Set<(appId: string) => void>();
  /** What the next read is for. */
  private readonly stale = new Set<string>();
  private allStale = false;
  private readonly reader = new Reader(() => this.read());
  private loading: Promise<void> | null = null;
  private undo: (() => void)[] = [];

  constructor(
    private readonly store: AppStore,
    private readonly events: PgEvents,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.undo = [
      this.events.on(appsChannel, (appId) => {
        if (!this.loading) return;
        this.stale.add(appId);
        this.readAgain();
      }),
      this.events.onReconnect(() => {
        if (!this.loading) return;
        this.allStale = true;
        this.readAgain();
      }),
    ];
  }

  onModuleDestroy(): void {
    for (const each of this.undo) each();
  }

  async all(): Promise<KnownApp[]> {
    await this.loaded();
    return [...this.apps.values()];
  }

  get(appId: string): KnownApp | undefined {
    return this.apps.get(appId);
  }

  async find(appId: string): Promise<KnownApp | undefined> {
    await this.loaded();
    return this.apps.get(appId);
  }

  /** Told of every app that was made, changed or removed. */
  onChange(listener: (appId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private loaded(): Promise<void> {
    if (this.loading) return this.loading;
    this.allStale = true;
    this.loading = this.reader.ask().catch((error: unknown) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  private readAgain(): void {
    void this.reader.ask().catch((error: unknown) => this.logger.warn({ error }, 'the apps could not be read again'));
  }

  private async read(): Promise<void> {
    const changed = new Set(this.stale);
    const all = this.allStale;
    this.stale.clear();
    this.allStale = false;
    try {
      if (all) await this.readAll(changed);
      else await Promise.all([...changed].map((id) => this.readOne(id)));
    } catch (error) {
      // For the next read.
      for (const id of changed) this.stale.add(id);
      this.allStale ||= all;
      throw error;
    }
    for (const id of changed) this.tell(id);
  }

  /** Who was here before, or is here now, may have changed; the first time nobody knew any. */
  private async readAll(changed: Set<string>): Promise<void> {
    const first = this.apps.size === 0;
    const seen = new Set<string>();
    for (let after: string | null = null; ; ) {
      const rows: AppWithRevisions[] = await this.store.list({}, pageSize, after);
      for (const row of rows) {
        seen.add(row.app.id);
        this.apps.set(row.app.id, knownApp(row));
      }
      if (rows.length < pageSize) break;
      after = rows.at(-1)?.app.id ?? null;
    }
    if (!first) for (const id of this.apps.keys()) changed.add(id);
    for (const id of this.apps.keys()) if (!seen.has(id)) this.apps.delete(id);
  }

  private async readOne(appId: string): Promise<void> {
    const row = await this.store.get(appId);
    if (row) this.apps.set(appId, knownApp(row));
    else this.apps.delete(appId);
  }

  private tell(appId: string): void {
    for (const listener of [...this.listeners]) listener(appId);
  }
}

export function knownApp({ app, current, newest, rollout }: AppWithRevisions): KnownApp {
  const wanted = manifestsOf(current);
  const workloads = wanted.filter((each) => isWorkload(each.kind));
  return {
    id: app.id,
    name: app.name,
    project: app.project,
    cluster: app.cluster,
    namespace: app.namespace,
    wanted,
    left: leftOf(current),
    driftPolicy: app.driftPolicy,
    wish: {
      namespace: app.namespace,
      current: { number: current.number, createdAt: current.createdAt, appliedAt: current.appliedAt },
      newest: { number: newest.number, state: newest.state, createdAt: newest.createdAt, error: newest.error },
      workloads: workloads.map(({ kind, metadata }) => ({ kind, name: metadata.name })),
    },
    row: {
      revision: newest.number,
      revisionState: newest.state,
      changedAt: newest.createdAt.toISOString(),
      changedBy: newest.authorName,
      rollout: rollout && rolloutOf(rollout),
    },
  };
}
