import type { SyncState } from '@fairlead/kube';
import type { Clock } from '../../../platform/clock.js';
import type { TopicSink } from '../../../platform/live-topic.js';

/** Says `live` or `stale` for a subscription that rests on several watches, once for each change. */
export class Freshness {
  private last = '';

  constructor(
    private readonly sink: TopicSink,
    private readonly clock: Clock,
  ) {}

  /** Stale as soon as one is, with the oldest time; a watch without its first list yet is not live either. */
  tell(states: readonly SyncState[]): void {
    const behind = states.filter((each) => each.state !== 'live').sort((a, b) => a.since.getTime() - b.since.getTime())[0];
    const since = behind?.since ?? states.map((each) => each.since).sort((a, b) => b.getTime() - a.getTime())[0] ?? this.clock.now();
    const reason = behind ? (behind.reason ?? 'waiting for the cluster') : null;
    const text = `${behind ? 'stale' : 'live'} ${reason ?? ''} ${behind ? since.getTime() : ''}`;
    if (text === this.last) return;
    this.last = text;
    this.sink.state(behind ? 'stale' : 'live', since, reason);
  }
}
