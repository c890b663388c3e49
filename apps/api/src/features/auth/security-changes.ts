import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { PgEvents } from '../../platform/pg-events.js';

export interface SecurityChange {
  kind: 'grant' | 'token' | 'session' | 'principal' | 'namespace' | 'cluster';
  principalId: string | null;
  subjectId: string;
}

const pollMs = 2_000;

/**
 * Tells when a fact that rights rest on has changed, in this process or another: pushed by NOTIFY (≤ 1 s), and polled every 2 s from the same
 * rows, so that a lost notification costs two seconds. A change may be told twice.
 */
@Injectable()
export class SecurityChanges implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly handlers = new Set<(change: SecurityChange) => void>();
  private readonly stopped = new AbortController();
  private readonly seen = new Set<string>();
  private lastPollMs: number;
  private undo = () => {};

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly events: PgEvents,
  ) {
    this.lastPollMs = clock.monotonicMs();
  }

  /** Milliseconds since push or poll last worked. Above 15,000 nobody's rights are known well enough to keep a stream open. */
  get staleMs(): number {
    return Math.min(this.events.silentMs, this.clock.monotonicMs() - this.lastPollMs);
  }

  onChange(handler: (change: SecurityChange) => void): () => void {
    this.handlers.add(handler);
    return () => this.handlers.delete(handler);
  }

  onApplicationBootstrap(): void {
    this.undo = this.events.on('security', (payload) => this.tell(JSON.parse(payload) as SecurityChange));
    void this.poll(); // ends with shutdown
  }

  onApplicationShutdown(): void {
    this.undo();
    this.stopped.abort();
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.clock.sleep(pollMs, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        // Sequence numbers become visible out of order, so look back in time and skip what was seen.
        const rows = await this.database.$queryRaw<
          { seq: bigint; kind: SecurityChange['kind']; principal_id: string | null; subject_id: string }[]
        >`
          SELECT seq, kind, principal_id, subject_id FROM security_changes WHERE at > clock_timestamp() - interval '30 s' ORDER BY seq`;
        this.lastPollMs = this.clock.monotonicMs();
        const current = new Set(rows.map((row) => String(row.seq)));
        for (const seq of this.seen) if (!current.has(seq)) this.seen.delete(seq);
        for (const row of rows) {
          if (this.seen.has(String(row.seq))) continue;
          this.seen.add(String(row.seq));
          this.tell({ kind: row.kind, principalId: row.principal_id, subjectId: row.subject_id });
        }
      } catch {
        // The staleness that follows is what matters; the database's own health says why.
      }
    }
  }

  private tell(change: SecurityChange): void {
    for (const handler of this.handlers) {
      try {
        handler(change);
      } catch (error) {
        this.logger.error({ error }, 'a handler of security changes failed');
      }
    }
  }
}
