import type { LiveItem } from '@fairlead/shared';
import type { z } from 'zod';

/** Where a topic puts what it knows. Calls may come at any time until the subscription is closed; the sender joins and paces them. */
export interface TopicSink {
  /** Replaces everything, in this order. */
  snapshot(items: LiveItem[]): void;
  put(item: LiveItem): void;
  remove(key: string): void;
  state(state: 'live' | 'stale', since: Date, reason: string | null): void;
  /** Ends the subscription for a reason that its reader may see. */
  fail(code: string, message: string): void;
}

export interface TopicSubscription {
  close(): void;
  /** Asks again whether the caller may; ends the subscription by `sink.fail` if not. Called when rights changed, and every 30 s. */
  recheck?(caller: unknown): Promise<void>;
}

/**
 * A feature's topic, handed to the live door by the token LIVE_TOPICS. `open` authorises first and throws an AppError when the caller may not.
 * `Caller` is the caller of the features' `auth`; this ring does not know it.
 */
export interface LiveTopic<C = unknown, P = unknown> {
  readonly name: string;
  readonly params: z.ZodType<P>;
  open(caller: C, params: P, sink: TopicSink): Promise<TopicSubscription>;
}

/** Registry by name. Features register in their module's `onModuleInit`. */
export class LiveTopics {
  private readonly topics = new Map<string, LiveTopic>();

  register<C, P>(topic: LiveTopic<C, P>): void {
    if (this.topics.has(topic.name)) throw new Error(`two topics are called ${topic.name}`);
    this.topics.set(topic.name, topic as unknown as LiveTopic);
  }

  get(name: string): LiveTopic | undefined {
    return this.topics.get(name);
  }
}
