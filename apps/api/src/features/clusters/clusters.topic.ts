import type { ClusterRow } from '@fairlead/shared';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { type LiveTopic, LiveTopics, type TopicSink, type TopicSubscription } from '../../platform/live-topic.js';
import type { Caller } from '../auth/index.js';
import { ClusterView } from './cluster-view.js';
import { Clusters } from './clusters.js';

/** Live topic `clusters`: those that the caller may see, with their state. */
@Injectable()
export class ClustersTopic implements LiveTopic<Caller, Record<string, never>>, OnModuleInit {
  readonly name = 'clusters';
  readonly params = z.strictObject({});

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly topics: LiveTopics,
    private readonly clusters: Clusters,
    private readonly view: ClusterView,
  ) {}

  onModuleInit(): void {
    this.topics.register(this);
  }

  async open(caller: Caller, _params: Record<string, never>, sink: TopicSink): Promise<TopicSubscription> {
    let current = caller;
    let shown = new Set<string>();
    const tellAll = async () => {
      const rows = (await this.view.visible(current)).map(
        (record): ClusterRow => ({ key: record.id, cluster: this.view.show(current, record) }),
      );
      for (const id of shown) if (!rows.some((row) => row.key === id)) sink.remove(id);
      for (const row of rows) sink.put(row);
      shown = new Set(rows.map((row) => row.key));
    };
    const first = (await this.view.visible(current)).map(
      (record): ClusterRow => ({ key: record.id, cluster: this.view.show(current, record) }),
    );
    shown = new Set(first.map((row) => row.key));
    sink.snapshot(first);
    sink.state('live', this.clock.now(), null);
    // The database may be away; the next status or the recheck within 30 s tells what this one could not.
    const undo = this.clusters.onStatus(() => void tellAll().catch(() => {}));
    return {
      close: undo,
      recheck: async (fresh) => {
        current = fresh as Caller;
        await tellAll();
      },
    };
  }
}
