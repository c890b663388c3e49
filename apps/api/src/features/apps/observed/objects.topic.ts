import type { EventRow, LiveItem } from '@fairlead/shared';
import { Id } from '@fairlead/shared';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { LiveTopics, type TopicSink, type TopicSubscription } from '../../../platform/live-topic.js';
import { credentialReachesCluster, decideProject } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { endpointRows } from '../network/endpoint-rows.js';
import { AppWatch } from './app-watch.js';
import type { ClusterView } from './cluster-view.js';
import { Freshness } from './freshness.js';
import { type KnownApp, KnownApps } from './known-apps.js';
import { podRow } from './pod-row.js';
import { type Event, eventTime } from './shapes.js';
import { Sight } from './sight.js';

const maxEvents = 200;

/** Topics `pods`, `endpoints` and `events` { app }: what the shared watch has of one app, for those whom policy and cluster let see it. */
@Injectable()
export class ObjectTopics implements OnModuleInit {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly topics: LiveTopics,
    private readonly known: KnownApps,
    private readonly watch: AppWatch,
    private readonly sight: Sight,
  ) {}

  onModuleInit(): void {
    const params = z.strictObject({ app: Id });
    const topic = (name: string, rows: (view: ClusterView, app: KnownApp) => LiveItem[]) =>
      this.topics.register<Caller, { app: string }>({ name, params, open: (caller, { app }, sink) => this.open(caller, app, sink, rows) });
    topic('pods', (view, app) => this.pods(view, app));
    topic('events', eventRows);
    topic('endpoints', (view, app) => endpointRows(view.objectsOf(app.id), this.clock.now()));
  }

  private pods(view: ClusterView, app: KnownApp): LiveItem[] {
    const { pods, eventsOf } = view.objectsOf(app.id);
    const now = this.clock.now();
    return pods.map((pod) => podRow(pod, app.cluster.id, eventsOf(pod.metadata.uid ?? ''), now)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async open(
    caller: Caller,
    appId: string,
    sink: TopicSink,
    rows: (view: ClusterView, app: KnownApp) => LiveItem[],
  ): Promise<TopicSubscription> {
    const found = await this.known.find(appId);
    const app = await this.admit(caller, appId, found);
    const release = this.watch.hold(app.cluster.id);
    await this.watch.glance([app.cluster.id]);
    const sent = new Map<string, string>();
    const freshness = new Freshness(sink, this.clock);
    const current = () => {
      const view = this.watch.view(app.cluster.id);
      return view ? rows(view, app) : [];
    };
    const tell = () => {
      const now = current();
      const keys = new Set(now.map((row) => row.key));
      for (const key of [...sent.keys()]) if (!keys.has(key) && sent.delete(key)) sink.remove(key);
      for (const row of now) {
        const text = JSON.stringify(row);
        if (sent.get(row.key) === text) continue;
        sent.set(row.key, text);
        sink.put(row);
      }
    };
    const first = current();
    for (const row of first) sent.set(row.key, JSON.stringify(row));
    sink.snapshot(first);
    freshness.tell([this.watch.state(app.cluster.id)]);
    const undo = [
      this.watch.onApp((id) => {
        if (id === appId) tell();
      }),
      this.watch.onState((clusterId) => {
        if (clusterId !== app.cluster.id) return;
        freshness.tell([this.watch.state(clusterId)]);
        tell();
      }),
    ];
    return {
      close: () => {
        for (const each of undo) each();
        release();
      },
      recheck: async (fresh) => {
        try {
          await this.admit(fresh as Caller, appId, this.known.get(appId));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          sink.fail(error.code, error.message);
        }
      },
    };
  }

  /** @throws AppError not_found, or forbidden when the cluster itself refuses; while it does not answer, policy alone decides and nothing new comes */
  private async admit(caller: Caller, appId: string, app: KnownApp | undefined): Promise<KnownApp> {
    const readable =
      app &&
      credentialReachesCluster(caller, app.cluster.id) &&
      decideProject(caller, app.project, 'apps.read', false, this.clock.now()).allowed;
    if (!readable) throw new AppError('not_found', { what: 'app', name: appId });
    if ((await this.sight.may(caller, app.cluster.id, app.namespace)) === false)
      throw new AppError('forbidden', { reason: `${app.cluster.name} does not let you see ${app.namespace} yet.` });
    return app;
  }
}

function eventRows(view: ClusterView, app: KnownApp): EventRow[] {
  const newest = view.eventsOf(app.id).sort((a, b) => (eventTime(a) < eventTime(b) ? 1 : -1));
  return newest.slice(0, maxEvents).map(eventRow);
}

const eventRow = (event: Event): EventRow => ({
  key: event.metadata.uid ?? event.metadata.name,
  at: eventTime(event),
  type: event.type === 'Warning' ? 'Warning' : 'Normal',
  reason: event.reason ?? '',
  message: event.message ?? event.note ?? '',
  object: `${event.involvedObject?.kind ?? ''}/${event.involvedObject?.name ?? ''}`,
  count: event.series?.count ?? event.count ?? 1,
});
