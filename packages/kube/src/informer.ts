import type { KubeClient } from './client.js';
import { type Clock, systemClock } from './clock.js';
import type { WatchedResource } from './list-watch.js';
import type { KubeObject } from './objects.js';
import { Reflector, type SyncState } from './reflector.js';
import { type Change, type Listener, ObjectStore, stripForStore } from './store.js';

export interface InformerOptions {
  client: () => KubeClient | Promise<KubeClient>;
  clock?: Clock;
  random?: () => number;
  /** Milliseconds for which the watch stays open after the last release. Default 30,000. */
  lingerMs?: number;
  /** Drops more than managedFields and Secrets' values before an object is stored. May change and return the object given. */
  transform?: (object: KubeObject, resource: WatchedResource) => KubeObject;
  probe?: (client: KubeClient, signal: AbortSignal) => Promise<void>;
  /** Told of an error that a listener threw; the others are called all the same. */
  report?: (error: unknown) => void;
}

export interface InformerHandle {
  readonly informer: Informer;
  /** Once is enough; more does nothing. */
  release(): void;
}

/**
 * One resource of one cluster, kept in memory by one watch, however many hold it. Changes to one key arrive in order; states in between may be
 * skipped, the last one never; nothing is promised between keys. Objects are shared: do not change them.
 */
export class Informer {
  private readonly store: ObjectStore;
  private readonly changeListeners = new Set<Listener<Change>>();
  private readonly stateListeners = new Set<Listener<SyncState>>();
  private readonly clock: Clock;
  private holders = 0;
  private running: { control: AbortController; done: Promise<void> } | undefined;
  private linger: AbortController | undefined;
  private current: SyncState;
  private hasSynced = false;

  constructor(
    readonly resource: WatchedResource,
    private readonly options: InformerOptions,
  ) {
    this.clock = options.clock ?? systemClock;
    this.store = new ObjectStore((change) => this.tell(this.changeListeners, change));
    this.current = { state: 'starting', since: new Date(this.clock.now()) };
  }

  /** Starts the watch if nobody holds it yet. */
  acquire(): InformerHandle {
    this.holders++;
    this.linger?.abort();
    this.linger = undefined;
    if (!this.running) this.start();
    let held = true;
    return {
      informer: this,
      release: () => {
        if (!held) return;
        held = false;
        this.holders--;
        if (this.holders === 0) this.lingerThenStop();
      },
    };
  }

  get state(): SyncState {
    return this.current;
  }

  /** Whether a whole list has been stored since the watch was started. */
  get synced(): boolean {
    return this.hasSynced;
  }

  get size(): number {
    return this.store.size;
  }

  /** `namespace/name`, or `name` for what has no namespace. */
  get(key: string): KubeObject | undefined {
    return this.store.get(key);
  }

  list(): KubeObject[] {
    return this.store.list();
  }

  byNamespace(namespace: string): KubeObject[] {
    return this.store.byNamespace(namespace);
  }

  /** Gives the way to stop being told. */
  onChange(listener: Listener<Change>): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  onState(listener: Listener<SyncState>): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Settles at the first complete list; rejects with the signal's reason. Someone must hold the informer. */
  whenSynced(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.hasSynced) return resolve();
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        undo();
        reject(signal?.reason);
      };
      const undo = this.onState(() => {
        if (!this.hasSynced) return;
        undo();
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Ends the watch and forgets the objects, whoever still holds it. */
  async stop(): Promise<void> {
    this.linger?.abort();
    this.linger = undefined;
    const running = this.running;
    this.running = undefined;
    running?.control.abort();
    await running?.done;
    if (this.running) return;
    this.store.clear();
    this.hasSynced = false;
    this.current = { state: 'starting', since: new Date(this.clock.now()) };
  }

  private start(): void {
    this.store.clear();
    this.hasSynced = false;
    this.current = { state: 'starting', since: new Date(this.clock.now()) };
    const control = new AbortController();
    const { transform } = this.options;
    const reflector = new Reflector({
      resource: this.resource,
      client: this.options.client,
      store: this.store,
      keep: (object) => {
        const stripped = stripForStore(object, this.resource);
        return transform ? transform(stripped, this.resource) : stripped;
      },
      onState: (state) => this.becomes(state, control),
      clock: this.clock,
      random: this.options.random ?? Math.random,
      ...(this.options.probe ? { probe: this.options.probe } : {}),
    });
    this.running = { control, done: reflector.run(control.signal) };
  }

  private becomes(state: SyncState, control: AbortController): void {
    if (control.signal.aborted) return;
    this.current = state;
    if (state.state === 'live') this.hasSynced = true;
    this.tell(this.stateListeners, state);
  }

  private lingerThenStop(): void {
    const linger = new AbortController();
    this.linger = linger;
    void this.clock.sleep(this.options.lingerMs ?? 30_000, linger.signal).then(
      () => this.stop(),
      () => undefined, // acquired again
    );
  }

  private tell<T>(listeners: Set<Listener<T>>, event: T): void {
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        if (this.options.report) this.options.report(error);
        else process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
