import type { ClientMessage, ServerMessage, TopicName, TopicRows } from '@fairlead/shared';
import { liveCloseCodes, protocolVersion, readMessage } from './protocol';
import { TopicStore } from './topic-store';

/** The part of WebSocket that is used. */
export interface Socket {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
}

export type ConnectionState =
  | { phase: 'connecting'; since: number }
  | { phase: 'live'; since: number }
  | { phase: 'stale'; since: number; retryAt: number }
  | { phase: 'paused'; since: number }
  | { phase: 'stopped'; since: number; reason: 'signed-out' | 'new-version' | 'refused' };

export interface LiveOptions {
  connect(): Socket;
  /** Calls back before the next frame. */
  nextFrame(commit: () => void): void;
  random?: () => number;
  /** Nothing heard for so long: stale. The product promises a mark within 3 s. */
  silenceMs?: number;
  lingerMs?: number;
  firstRetryMs?: number;
  onServerTime?: (at: string) => void;
  onSignedOut?: () => void;
}

interface Subscription {
  id: string;
  topic: TopicName;
  params: Record<string, string>;
  store: TopicStore;
  users: number;
  linger: ReturnType<typeof setTimeout> | null;
}

const tickMs = 500;
const retryCapMs = 10_000;

/**
 * One socket for a tab; one store for a topic and its params, however many components watch it. Starts with the first `retain`, reconnects
 * by decorrelated backoff and resumes where it was.
 */
export class LiveClient {
  connection: ConnectionState = { phase: 'connecting', since: Date.now() };
  readonly #options: Required<LiveOptions>;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #listeners = new Set<() => void>();
  readonly #dirty = new Set<TopicStore>();
  #socket: Socket | null = null;
  #welcome = false;
  #session: string | undefined;
  /** When the server last said anything: what `since` means. */
  #lastAt = Date.now();
  /** From when silence is measured: the last message, or the last attempt. */
  #heardAt = 0;
  #tickedAt = 0;
  #retryMs = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #ticker: ReturnType<typeof setInterval> | null = null;
  #frame = false;
  #ids = 0;

  constructor(options: LiveOptions) {
    this.#options = {
      random: Math.random,
      silenceMs: 2_500,
      lingerMs: 5_000,
      firstRetryMs: 300,
      onServerTime: () => {},
      onSignedOut: () => {},
      ...options,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The store of a topic; empty and quiet until someone retains it. */
  store<T extends TopicName>(topic: T, params: Record<string, string>): TopicStore<TopicRows[T]> {
    return this.#subscription(topic, params).store as unknown as TopicStore<TopicRows[T]>;
  }

  /** Keeps a topic subscribed until the undo, and a moment longer, so that a page change or a second mount does not ask again. */
  retain(topic: TopicName, params: Record<string, string>): () => void {
    const subscription = this.#subscription(topic, params);
    subscription.users++;
    if (subscription.linger) clearTimeout(subscription.linger);
    else if (subscription.users === 1) this.#send(subscribeMessage(subscription));
    subscription.linger = null;
    this.#start();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      subscription.users--;
      if (subscription.users === 0) subscription.linger = setTimeout(() => this.#drop(subscription), this.#options.lingerMs);
    };
  }

  /** Connects, also before anything is subscribed, so that the page knows its age; answers its undo. */
  start(): () => void {
    this.#start();
    return () => {
      this.#abandon();
      this.connection = { phase: 'connecting', since: this.#lastAt };
    };
  }

  /** Tries now: the button, coming back online, or after signing in again. */
  retryNow(): void {
    if (this.#welcome) return;
    this.#abandon();
    this.#retryMs = 0;
    this.#open();
  }

  /** Closes the socket and says so; `retryNow` goes on. */
  pause(): void {
    this.#abandon();
    this.#setConnection({ phase: 'paused', since: this.#lastAt });
    this.#markStale('paused while this tab was hidden');
  }

  close(): void {
    this.#abandon();
    for (const subscription of this.#subscriptions.values()) if (subscription.linger) clearTimeout(subscription.linger);
    this.#subscriptions.clear();
  }

  #subscription(topic: TopicName, params: Record<string, string>): Subscription {
    const key = JSON.stringify([topic, Object.entries(params).sort()]);
    let subscription = this.#subscriptions.get(key);
    if (!subscription) {
      subscription = { id: `s${++this.#ids}`, topic, params, store: new TopicStore(), users: 0, linger: null };
      this.#subscriptions.set(key, subscription);
    }
    return subscription;
  }

  #drop(subscription: Subscription): void {
    for (const [key, value] of this.#subscriptions) if (value === subscription) this.#subscriptions.delete(key);
    this.#send({ type: 'unsubscribe', id: subscription.id });
  }

  #start(): void {
    if (!this.#socket && !this.#retry && this.connection.phase === 'connecting') this.#open();
  }

  #open(): void {
    const socket = this.#options.connect();
    this.#socket = socket;
    this.#heardAt = this.#tickedAt = Date.now();
    socket.onopen = () => this.#sendRaw({ type: 'hello', version: protocolVersion, ...(this.#session ? { resume: this.#session } : {}) });
    socket.onmessage = (event) => {
      if (socket !== this.#socket) return;
      this.#lastAt = this.#heardAt = Date.now();
      const message = readMessage(event.data);
      if (message) this.#receive(message);
    };
    socket.onerror = () => {}; // a close event always follows
    socket.onclose = (event) => {
      if (socket === this.#socket) this.#closed(event.code);
    };
    this.#ticker ??= setInterval(() => this.#tick(), tickMs);
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#welcome = true;
        this.#session = message.session;
        this.#retryMs = 0;
        this.#options.onServerTime(message.serverTime);
        this.#setConnection({ phase: 'live', since: Date.now() });
        for (const subscription of this.#subscriptions.values()) if (isWanted(subscription)) this.#send(subscribeMessage(subscription));
        return;
      case 'pong':
        this.#options.onServerTime(message.serverTime);
        if (this.connection.phase === 'stale') this.#recovered();
        return;
      case 'snapshot':
        this.#toStore(message.id, (store) => {
          store.snapshot(message.items, message.total, message.at);
          if (!this.#serverStale.has(message.id)) store.setState({ phase: 'live', caughtUp: 0 });
        });
        return;
      case 'changes':
        this.#toStore(message.id, (store) => {
          store.change(message.changes, message.at);
          if (!this.#serverStale.has(message.id)) store.setState({ phase: 'live', caughtUp: 0 });
        });
        return;
      case 'state':
        this.#toStore(message.id, (store) => {
          if (message.state === 'live') {
            this.#serverStale.delete(message.id);
            if (store.at !== null) store.setState({ phase: 'live', caughtUp: 0 });
          } else {
            this.#serverStale.set(message.id, message.reason);
            store.setState({ phase: 'stale', since: Date.parse(message.since), reason: message.reason });
          }
        });
        return;
      case 'error':
        if (message.id === null) return;
        this.#toStore(message.id, (store) => store.setState({ phase: 'refused', code: message.code, message: message.message }));
        return;
      default:
        message satisfies never;
    }
  }

  /** Subscriptions whose cluster is away, by the server's word. */
  readonly #serverStale = new Map<string, string | null>();

  #toStore(id: string, change: (store: TopicStore) => void): void {
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.id !== id) continue;
      change(subscription.store);
      this.#commitSoon(subscription.store);
    }
  }

  #commitSoon(store: TopicStore): void {
    this.#dirty.add(store);
    if (this.#frame) return;
    this.#frame = true;
    this.#options.nextFrame(() => {
      this.#frame = false;
      const stores = [...this.#dirty];
      this.#dirty.clear();
      for (const dirty of stores) dirty.commit();
    });
  }

  #tick(): void {
    const now = Date.now();
    const late = now - this.#tickedAt > 4 * tickMs; // the browser slowed this timer down: silence proves nothing
    this.#tickedAt = now;
    const silence = now - this.#heardAt;
    if (this.#welcome && silence >= 1_000) this.#send({ type: 'ping' });
    if (late || silence < this.#options.silenceMs) return;
    if (this.#welcome && this.connection.phase === 'live') {
      this.#setConnection({ phase: 'stale', since: this.#lastAt, retryAt: now });
      this.#markStale('no answer from Fairlead');
    }
    // A socket that stays silent is dead although nobody said so.
    if (this.#socket && silence > 2 * this.#options.silenceMs) this.#closed(1006);
  }

  #recovered(): void {
    this.#setConnection({ phase: 'live', since: Date.now() });
    for (const { id, store } of this.#subscriptions.values()) {
      if (store.state.phase !== 'stale' || this.#serverStale.has(id)) continue;
      store.setState({ phase: 'live', caughtUp: 0 });
      this.#commitSoon(store);
    }
  }

  #closed(code: number): void {
    const since = this.#lastAt;
    this.#abandon();
    if (code === liveCloseCodes.notSignedIn) {
      this.#stop('signed-out');
      this.#options.onSignedOut();
      return;
    }
    if (code === liveCloseCodes.version || code === liveCloseCodes.origin) {
      this.#stop(code === liveCloseCodes.version ? 'new-version' : 'refused');
      return;
    }
    const first = this.#options.firstRetryMs;
    const waitMs = Math.min(retryCapMs, first + this.#options.random() * (Math.max(this.#retryMs, first) * 3 - first));
    this.#retryMs = waitMs;
    this.#setConnection({ phase: 'stale', since, retryAt: Date.now() + waitMs });
    this.#markStale('the connection to Fairlead was lost');
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#open();
    }, waitMs);
  }

  #stop(reason: 'signed-out' | 'new-version' | 'refused'): void {
    this.#setConnection({ phase: 'stopped', since: this.#lastAt, reason });
    this.#markStale('not connected');
  }

  #markStale(reason: string): void {
    for (const { store } of this.#subscriptions.values()) {
      const { phase } = store.coming;
      if (phase !== 'live') continue;
      store.setState({ phase: 'stale', since: this.#lastAt, reason });
      this.#commitSoon(store);
    }
  }

  #abandon(): void {
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#ticker) clearInterval(this.#ticker);
    this.#retry = null;
    this.#ticker = null;
    this.#welcome = false;
    this.#serverStale.clear();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #send(message: ClientMessage): void {
    if (this.#welcome) this.#sendRaw(message);
  }

  #sendRaw(message: ClientMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  #setConnection(connection: ConnectionState): void {
    this.connection = connection;
    for (const listener of this.#listeners) listener();
  }
}

const isWanted = (subscription: Subscription) => subscription.users > 0 || subscription.linger !== null;

const subscribeMessage = ({ id, topic, params, store }: Subscription): ClientMessage => ({
  type: 'subscribe',
  id,
  topic,
  params,
  ...(store.at === null ? {} : { from: store.at }),
});
