import type { LiveItem, ServerMessage } from '@fairlead/shared';
import type { LiveTopic, TopicSink, TopicSubscription } from '../../platform/live-topic.js';
import type { Caller } from '../auth/index.js';
import { Feed } from './feed.js';
import type { Owing } from './send-queue.js';

/** Who hears of a subscription: a connection, or the parking place of one that was cut. */
export interface Reader {
  owe(subscription: LiveSubscription): void;
  ended(subscription: LiveSubscription, code: string, message: string): void;
}

/** One topic for one reader: what the topic says goes into the feed, and the reader takes it from there. */
export class LiveSubscription implements Owing {
  readonly feed: Feed;
  private source: TopicSubscription | null = null;
  /** Counts openings: what an earlier one still says is not heard. */
  private opening = 0;
  private over = false;

  constructor(
    public id: string,
    readonly topic: LiveTopic,
    readonly params: unknown,
    epoch: string,
    private reader: Reader,
  ) {
    this.feed = new Feed(epoch);
  }

  get closed(): boolean {
    return this.over;
  }

  get dirty(): boolean {
    return this.feed.dirty;
  }

  /** Can the caller's right be asked again while it is open? Only then may it be kept for a reader that was cut off. */
  get askable(): boolean {
    return this.source?.recheck !== undefined && !this.over;
  }

  take(): ServerMessage[] {
    return this.feed.take(this.id);
  }

  /** Opens the topic as the caller. @throws what the topic throws, AppError when the caller may not */
  async open(caller: Caller): Promise<void> {
    const opening = ++this.opening;
    this.source?.close();
    this.source = null;
    const source = await this.topic.open(caller, this.params, this.sink(opening));
    if (this.over || opening !== this.opening) source.close();
    else this.source = source;
  }

  /** Asks again whether the caller may. A topic that cannot be asked is opened anew when rights changed. */
  async recheck(caller: Caller, rightsChanged: boolean): Promise<void> {
    if (this.over) return;
    if (this.source?.recheck) await this.source.recheck(caller);
    else if (this.source && rightsChanged) await this.open(caller);
  }

  /** Hands the subscription to another reader, who then knows nothing of what was owed to the one before. */
  handTo(reader: Reader): void {
    this.reader = reader;
  }

  fail(code: string, message: string): void {
    if (this.over) return;
    this.close();
    this.reader.ended(this, code, message);
  }

  close(): void {
    this.over = true;
    this.source?.close();
    this.source = null;
  }

  private sink(opening: number): TopicSink {
    const tell = (change: () => void) => {
      if (this.over || opening !== this.opening) return;
      change();
      if (this.feed.dirty) this.reader.owe(this);
    };
    return {
      snapshot: (items: LiveItem[]) => tell(() => this.feed.snapshot(items)),
      put: (item) => tell(() => this.feed.put(item)),
      remove: (key) => tell(() => this.feed.remove(key)),
      state: (state, since, reason) => tell(() => this.feed.state({ state, since, reason })),
      fail: (code, message) => {
        if (opening === this.opening) this.fail(code, message);
      },
    };
  }
}
