import { isDeepStrictEqual } from 'node:util';
import type { LiveTopic } from '../../platform/live-topic.js';
import type { LiveSubscription, Reader } from './live-subscription.js';

const keptMs = 60_000;
const maxParked = 2_000;

interface Parked {
  subscription: LiveSubscription;
  credentialId: string;
  untilMs: number;
}

/**
 * Subscriptions whose socket was cut, kept for a minute so that the same session or token can go on where it was. They hear of changes as a very
 * slow reader does. Nothing leaves here: whoever takes one asks for the right again first.
 */
export class ParkedSubscriptions {
  private readonly byEpoch = new Map<string, Parked>();
  private readonly reader: Reader = {
    owe: () => {},
    ended: (subscription) => this.byEpoch.delete(subscription.feed.epoch),
  };

  park(subscription: LiveSubscription, credentialId: string, nowMs: number): void {
    if (!subscription.askable) {
      subscription.close();
      return;
    }
    subscription.handTo(this.reader);
    this.byEpoch.set(subscription.feed.epoch, { subscription, credentialId, untilMs: nowMs + keptMs });
    if (this.byEpoch.size > maxParked) this.drop(this.byEpoch.values().next().value!);
  }

  /** The subscription that spoke of `at`, if it is here and is for the same credential, topic and params. */
  take(at: string, wanted: { credentialId: string; topic: LiveTopic; params: unknown }): LiveSubscription | null {
    const epoch = at.slice(0, at.lastIndexOf('.'));
    const parked = this.byEpoch.get(epoch);
    if (!parked || parked.credentialId !== wanted.credentialId) return null;
    const { subscription } = parked;
    if (subscription.topic !== wanted.topic || !isDeepStrictEqual(subscription.params, wanted.params)) return null;
    this.byEpoch.delete(epoch);
    return subscription;
  }

  clear(): void {
    for (const parked of this.byEpoch.values()) this.drop(parked);
  }

  sweep(nowMs: number): void {
    for (const parked of this.byEpoch.values()) if (parked.untilMs <= nowMs) this.drop(parked);
  }

  private drop(parked: Parked): void {
    this.byEpoch.delete(parked.subscription.feed.epoch);
    parked.subscription.close();
  }
}
