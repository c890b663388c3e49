import pg from 'pg';
import type { Clock } from './clock.js';
import type { Logger } from './logger.js';

type Handler = (payload: string) => void;

/**
 * LISTEN on a connection of its own. Delivers what is sent while connected; after a cut it reconnects by itself and tells the
 * `onReconnect` handlers, who must then look up what they missed.
 */
export class PgEvents {
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly reconnected = new Set<() => void>();
  private readonly stopped = new AbortController();
  private client: pg.Client | null = null;
  private asked: Promise<unknown> = Promise.resolve();
  private lastAliveMs: number;

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.lastAliveMs = clock.monotonicMs();
  }

  /** Milliseconds since the connection was last known to work. */
  get silentMs(): number {
    return this.clock.monotonicMs() - this.lastAliveMs;
  }

  on(channel: string, handler: Handler): () => void {
    const set = this.handlers.get(channel) ?? new Set();
    this.handlers.set(channel, set.add(handler));
    if (this.client) void this.ask(this.client, `LISTEN "${channel}"`).catch(() => {}); // a broken connection is seen by the heartbeat
    return () => set.delete(handler);
  }

  onReconnect(handler: () => void): () => void {
    this.reconnected.add(handler);
    return () => this.reconnected.delete(handler);
  }

  async start(): Promise<void> {
    await this.connect();
    void this.run(); // ends with stop()
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.client?.end().catch(() => {});
  }

  /** One query at a time: pg wants the one before it answered. */
  private ask(client: pg.Client, sql: string): Promise<unknown> {
    this.asked = this.asked.catch(() => {}).then(() => client.query(sql));
    return this.asked;
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, keepAlive: true, connectionTimeoutMillis: 3_000, query_timeout: 5_000 });
    client.on('error', () => {}); // the next heartbeat notices
    client.on('notification', ({ channel, payload }) => {
      this.lastAliveMs = this.clock.monotonicMs();
      for (const handler of this.handlers.get(channel) ?? []) handler(payload ?? '');
    });
    await client.connect();
    for (const channel of this.handlers.keys()) await client.query(`LISTEN "${channel}"`);
    this.asked = Promise.resolve();
    this.client = client;
    this.lastAliveMs = this.clock.monotonicMs();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.clock.sleep(2_000, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        if (this.client) await this.ask(this.client, 'SELECT 1');
        else await this.reconnect();
        this.lastAliveMs = this.clock.monotonicMs();
      } catch (error) {
        if (this.client) this.logger.warn({ error }, 'lost the database connection that listens');
        void this.client?.end().catch(() => {});
        this.client = null;
      }
    }
  }

  private async reconnect(): Promise<void> {
    await this.connect();
    this.logger.info('listening to the database again');
    for (const handler of this.reconnected) handler();
  }
}
