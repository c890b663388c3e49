import { type Backoff, backoff } from './backoff.js';
import type { KubeClient } from './client.js';
import type { Clock } from './clock.js';
import { ClusterUnreachable, KubeError } from './errors.js';
import { listAll, openWatch, type WatchedResource } from './list-watch.js';
import { type KubeObject, objectKey } from './objects.js';
import type { ObjectStore } from './store.js';
import type { WatchEvent } from './watch-stream.js';

/** `stale`: what is in the store was true at `since`; `reason` is fit to be shown. */
export type SyncState =
  | { state: 'starting'; since: Date; reason?: string }
  | { state: 'live'; since: Date; reason?: undefined }
  | { state: 'stale'; since: Date; reason: string };

export interface ReflectorOptions {
  resource: WatchedResource;
  /** Asked for each attempt, so that a renewed connection is taken up. */
  client: () => KubeClient | Promise<KubeClient>;
  store: ObjectStore;
  /** What is kept of an object as it came. */
  keep: (object: KubeObject) => KubeObject;
  onState: (state: SyncState) => void;
  clock: Clock;
  random: () => number;
  /** Whether the API server answers at all; called when a watch has been silent. Throws ClusterUnreachable if not. */
  probe?: (client: KubeClient, signal: AbortSignal) => Promise<void>;
}

/** A watch may be silent for this long before the API server is asked whether it is there. */
const silenceMs = 10_000;
/** A server that does not know streaming lists never closes one: after so much silence a paged list is tried. */
const initialSilenceMs = 20_000;
/** Bookmarks come every minute; after so much silence something between may have dropped the connection, and resuming is cheap. */
const resumeAfterMs = 180_000;

/**
 * Keeps a store equal to what the API server has: list, watch from there, resume where a watch ended, list again when that is too old (410).
 * Failures make the state `stale` and are tried again with backoff; nothing but the signal ends it. What was stored stays until it
 * is replaced.
 */
export class Reflector {
  private resourceVersion: string | undefined;
  private streamingList = true;
  private state: SyncState;
  private readonly backoff: Backoff;
  private readonly relists: Backoff;
  private relistedAt = 0;

  constructor(private readonly options: ReflectorOptions) {
    this.backoff = backoff({ baseMs: 250, maxMs: 30_000, random: options.random });
    this.relists = backoff({ baseMs: 50, maxMs: 30_000, random: options.random });
    this.state = { state: 'starting', since: this.now() };
  }

  /** Settles (never rejects) when the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = await this.attempt(signal);
      if (wait > 0 && !signal.aborted) await this.options.clock.sleep(wait, signal).catch(() => undefined); // aborted: the loop ends
    }
  }

  /** One list and watch, to its end. Gives the milliseconds to wait before the next. */
  private async attempt(signal: AbortSignal): Promise<number> {
    const started = this.options.clock.now();
    try {
      await this.session(signal);
      // A watch that ends at once, again and again, must not become a busy loop.
      if (this.options.clock.now() - started < 1000) return this.backoff.next();
      this.backoff.reset();
      return 0;
    } catch (error) {
      if (signal.aborted || error instanceof SilentTooLong) return 0;
      return this.failed(error, this.options.clock.now() - started);
    }
  }

  private failed(error: unknown, lasted: number): number {
    if (lasted > 10_000) this.backoff.reset();
    if (error instanceof KubeError && isExpired(error)) {
      this.resourceVersion = undefined;
      return this.relist();
    }
    if (this.streamingList && this.resourceVersion === undefined && refusesStreamingList(error)) {
      this.streamingList = false;
      return 0;
    }
    this.becomes('stale', reasonOf(error));
    const asked = error instanceof KubeError ? (error.details?.retryAfterSeconds ?? 0) : 0;
    const wait = Math.max(this.backoff.next(), Math.min(asked, 60) * 1000);
    // A refusal seldom changes; an outage ends, and then everybody is waiting for us.
    return error instanceof ClusterUnreachable ? Math.min(wait, 5_000) : wait;
  }

  /** At once the first time: until then we are live in name only. A server that forgets again and again is asked ever less often. */
  private relist(): number {
    const now = this.options.clock.now();
    if (now - this.relistedAt > 60_000) this.relists.reset();
    this.relistedAt = now;
    const wait = this.relists.next();
    if (wait > 500) this.becomes('stale', 'the cluster has forgotten our place');
    return wait;
  }

  private async session(signal: AbortSignal): Promise<void> {
    const client = await this.options.client();
    if (this.resourceVersion === undefined && !this.streamingList) await this.listPages(client, signal);
    await this.watch(client, signal);
  }

  private async listPages(client: KubeClient, signal: AbortSignal): Promise<void> {
    const objects: KubeObject[] = [];
    const { resourceVersion } = await listAll(client, this.options.resource, signal, (object) => objects.push(this.options.keep(object)));
    this.synced(objects, resourceVersion);
  }

  private async watch(client: KubeClient, signal: AbortSignal): Promise<void> {
    const control = new AbortController();
    const stop = () => control.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    // Different for each watch, so that they do not all end at once.
    const timeoutSeconds = 300 + Math.floor(this.options.random() * 300);
    const initial = this.resourceVersion === undefined ? new Map<string, KubeObject>() : undefined;
    const pulse = { last: this.options.clock.now(), listing: initial !== undefined };
    const watching = this.watchdog(client, control, pulse, timeoutSeconds);
    try {
      const request = { resourceVersion: this.resourceVersion, timeoutSeconds, signal: control.signal, onBytes: () => this.beat(pulse) };
      const batches = await openWatch(client, this.options.resource, request);
      if (!initial) this.becomes('live');
      for await (const events of batches) for (const event of events) pulse.listing = this.take(event, pulse.listing ? initial : undefined);
      if (pulse.listing) throw new ClusterUnreachable('connection reset');
    } finally {
      signal.removeEventListener('abort', stop);
      control.abort();
      await watching;
    }
  }

  /** Whether the initial list is still coming. */
  private take(event: WatchEvent, initial: Map<string, KubeObject> | undefined): boolean {
    switch (event.type) {
      case 'ERROR':
        throw new KubeError(event.status);
      case 'BOOKMARK':
        if (initial && event.initialEnd) {
          this.synced(initial.values(), event.resourceVersion);
          return false;
        }
        if (!initial) this.resourceVersion = event.resourceVersion;
        return initial !== undefined;
      case 'ADDED':
      case 'MODIFIED': {
        const object = this.options.keep(event.object);
        if (initial) initial.set(objectKey(object), object);
        else this.advance(object, () => this.options.store.put(object));
        return initial !== undefined;
      }
      case 'DELETED':
        if (initial) initial.delete(objectKey(event.object));
        else this.advance(event.object, () => this.options.store.remove(objectKey(event.object)));
        return initial !== undefined;
      default:
        return event satisfies never;
    }
  }

  private advance(object: KubeObject, change: () => void): void {
    change();
    if (object.metadata.resourceVersion) this.resourceVersion = object.metadata.resourceVersion;
  }

  private synced(objects: Iterable<KubeObject>, resourceVersion: string): void {
    this.options.store.replace(objects);
    this.resourceVersion = resourceVersion;
    this.becomes('live');
  }

  private beat(pulse: { last: number }): void {
    pulse.last = this.options.clock.now();
  }

  /** Ends a watch whose server has gone without a word (no FIN, no RST), or which outlives its own time limit. */
  private async watchdog(
    client: KubeClient,
    control: AbortController,
    pulse: { last: number; listing: boolean },
    timeoutSeconds: number,
  ): Promise<void> {
    const { clock, probe } = this.options;
    const deadline = clock.now() + (timeoutSeconds + 30) * 1000;
    try {
      for (;;) {
        await clock.sleep(silenceMs, control.signal);
        const silent = clock.now() - pulse.last;
        if (clock.now() > deadline) control.abort(new ClusterUnreachable('timeout'));
        else if (pulse.listing && silent >= initialSilenceMs) control.abort(new StreamingListUnknown());
        else if (silent >= resumeAfterMs) control.abort(new SilentTooLong());
        else if (silent >= silenceMs) await probe?.(client, control.signal);
      }
    } catch (error) {
      if (!control.signal.aborted) control.abort(error);
    }
  }

  private becomes(state: 'live' | 'stale', reason = ''): void {
    const { state: before, reason: reasonBefore } = this.state;
    if (before === state && (state === 'live' || reasonBefore === reason)) return;
    // Stale counts from the moment it stopped being live, whatever the reasons were since.
    const since = before === state ? this.state.since : this.now();
    this.state = state === 'live' ? { state, since } : { state, since, reason };
    this.options.onState(this.state);
  }

  private now(): Date {
    return new Date(this.options.clock.now());
  }
}

class StreamingListUnknown extends Error {}
class SilentTooLong extends Error {}

function isExpired(error: KubeError): boolean {
  return error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone';
}

/** 1.34 says 422 where the feature is off; aggregated servers say 400 or 405 in words of their own. */
function refusesStreamingList(error: unknown): boolean {
  if (error instanceof StreamingListUnknown) return true;
  return error instanceof KubeError && [400, 405, 422, 501].includes(error.code);
}

function reasonOf(error: unknown): string {
  if (error instanceof ClusterUnreachable) return error.why;
  if (error instanceof KubeError) {
    if (error.code === 401) return 'the cluster does not accept our credential';
    if (error.code === 403) return 'the cluster does not let us list this';
    if (error.code === 404) return 'the cluster does not know this resource';
    if (error.code === 429) return 'the cluster asks us to wait';
    return `the cluster answered ${error.code} ${error.reason}`;
  }
  return 'internal error';
}
