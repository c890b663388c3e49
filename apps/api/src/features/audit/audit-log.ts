import { createHash } from 'node:crypto';
import { AppError } from '../../platform/app-error.js';
import type { Clock } from '../../platform/clock.js';
import type { Database } from '../../platform/database.js';
import { newId } from '../../platform/id.js';
import type { Logger } from '../../platform/logger.js';
import { type AuditRecord, completeRecord, receivedRecord, recordText } from './audit-record.js';
import type { AuditEnd, AuditStart } from './entry.js';

const stages = { received: 0, started: 1, complete: 2 } as const;

interface Pending {
  record: AuditRecord;
  mutating: boolean;
  /** Somebody waits for it. */
  awaited: boolean;
  stored(): void;
  failed(error: unknown): void;
}

/** One act under way. Exactly one of `end` and `refuse` is called, once; a second call is a fault in our code and is ignored. */
export interface AuditHandle {
  /** Also the request id, and the `Audit-ID` that the cluster's own log gets. */
  readonly id: string;
  /** A stream is open: what is known so far is stored, durable. */
  started(reason: string): Promise<void>;
  /** The act is over. Resolves when it is stored; never rejects: a record that cannot be stored now is kept and tried again. */
  end(end: AuditEnd): Promise<void>;
  /** The same for what nobody waits for. A read's record lies up to 100 ms for others to join it, so that many share one round trip. */
  ended(end: AuditEnd): void;
}

const maxQueued = 50_000;
const maxBatch = 500;
/** So many are not kept waiting. */
const fullBatch = 250;
const lingerMs = 100;

/**
 * The audit log: rows are only added, each holds the hash of the one before it in this process's chain (`writer`) and of its own canonical
 * text. Rows are stored in batches by one loop; an act that changes something waits until its first row is stored and is refused with
 * `audit_unavailable` when that fails. What ended while the database was away stays queued, in order, up to 50,000 rows; beyond that new acts
 * are refused, so nothing is lost silently.
 */
export class AuditLog {
  readonly writer = newId();
  private seq = 0n;
  private previous: Buffer = Buffer.alloc(32);
  private queue: Pending[] = [];
  private flushing: Promise<void> | null = null;
  private day = '';
  private failedSince: Date | null = null;
  private closed = false;
  private retrying = false;
  private lingering = false;
  /** A batch whose answer was lost: it may stand in the database or not. */
  private doubt: { batch: Pending[]; seq: bigint; hash: Buffer } | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Since when the log cannot be written; null while it can. */
  get unavailableSince(): Date | null {
    return this.failedSince;
  }

  /** @throws AppError audit_unavailable when the act must be recorded first and cannot be */
  async begin(start: AuditStart, id: string = newId()): Promise<AuditHandle> {
    if (
      this.queue.length >= maxQueued ||
      (start.mutating && this.failedSince && this.clock.now().getTime() - this.failedSince.getTime() < 1_000)
    )
      throw new AppError('audit_unavailable');
    const at = this.clock.now();
    const t0 = this.clock.monotonicMs();
    const base = receivedRecord(id, start, at);
    if (start.mutating) await this.durable({ ...base, stage: 'received', outcome: 'started', reason: start.reason ?? 'asked' }, true);
    return this.handle(base, start.mutating, () => this.clock.monotonicMs() - t0);
  }

  /** An act that began before, here or in another process: whoever finds that it goes on or is over says so. Only one of them may end it. */
  resume(start: AuditStart, id: string, at: Date): AuditHandle {
    return this.handle(receivedRecord(id, start, at), start.mutating, () => this.clock.now().getTime() - at.getTime());
  }

  private handle(base: AuditRecord, mutating: boolean, durationMs: () => number): AuditHandle {
    let over = false;
    const complete = (end: AuditEnd): AuditRecord | null => {
      if (over) return null;
      over = true;
      return completeRecord(base, end, durationMs());
    };
    return {
      id: base.id,
      started: (reason) => this.durable({ ...base, stage: 'started', outcome: 'started', reason }, true),
      end: async (end) => {
        const record = complete(end);
        if (record) await this.store(record, mutating);
      },
      ended: (end) => {
        const record = complete(end);
        if (record && mutating)
          void this.store(record, true); // whoever acted looks for it at once
        else if (record) this.linger(record);
      },
    };
  }

  /** Stores what is queued; for shutdown. Gives up after `timeoutMs`. */
  async close(timeoutMs = 5_000): Promise<void> {
    this.closed = true;
    const end = new AbortController();
    await Promise.race([this.drain(), this.clock.sleep(timeoutMs, end.signal).catch(() => {})]);
    end.abort();
    if (this.queue.length > 0) this.logger.error({ rows: this.queue.length }, 'audit rows were not stored before the end');
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0 || this.flushing) await (this.flushing ?? this.flush());
  }

  /** Rejects when the row cannot be stored now; the row is then taken back. */
  private durable(record: AuditRecord, mutating: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({
        record,
        mutating,
        awaited: true,
        stored: resolve,
        failed: (cause) => reject(new AppError('audit_unavailable', {}, { cause })),
      });
      this.kick();
    });
  }

  /** Resolves when stored, or when the first try failed (the row then stays queued). */
  private store(record: AuditRecord, mutating: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.queue.push({ record, mutating, awaited: true, stored: resolve, failed: () => resolve() });
      this.kick();
    });
  }

  private linger(record: AuditRecord): void {
    this.queue.push({ record, mutating: false, awaited: false, stored: nothing, failed: nothing });
    if (this.closed || this.queue.length >= fullBatch) this.kick();
    else this.kickLater();
  }

  private kickLater(): void {
    if (this.lingering) return;
    this.lingering = true;
    void this.clock.sleep(lingerMs).then(() => {
      this.lingering = false;
      if (this.queue.length > 0) this.kick();
    });
  }

  private kick(): void {
    if (this.flushing || this.retrying) return;
    // One turn later, so that what is asked for in the same turn shares a batch.
    this.flushing = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.flush())
      .finally(() => {
        this.flushing = null;
        if (this.queue.length === 0 || this.failedSince) return;
        if (this.closed || this.queue.length >= fullBatch || this.queue.some(({ awaited }) => awaited)) this.kick();
        else this.kickLater();
      });
  }

  private async flush(): Promise<void> {
    const batch = this.queue.slice(0, maxBatch);
    if (batch.length === 0) return;
    try {
      if (this.doubt && (await this.settleDoubt(this.doubt))) return;
      await this.insert(batch);
      this.queue.splice(0, batch.length);
      if (this.failedSince) this.logger.info({ since: this.failedSince, queued: this.queue.length }, 'the audit log can be written again');
      this.failedSince = null;
      for (const row of batch) row.stored();
    } catch (error) {
      if (!this.failedSince) this.logger.error({ error }, 'the audit log cannot be written');
      this.failedSince ??= this.clock.now();
      // A received or started row whose act is refused was never an act; it is taken back. Ends stay.
      this.queue = this.queue.filter((row) => {
        row.failed(error);
        return row.record.stage === 'complete';
      });
      if (!this.closed) this.retryLater();
    }
  }

  private retryLater(): void {
    if (this.retrying) return;
    this.retrying = true;
    void this.clock.sleep(1_000).then(() => {
      this.retrying = false;
      if (this.queue.length > 0) this.kick();
      else this.failedSince = null; // the next act finds out
    });
  }

  private async insert(batch: Pending[]): Promise<void> {
    const day = this.clock.now().toISOString().slice(0, 10);
    let seq = this.seq;
    let previous = this.previous;
    const rows = batch.map(({ record, mutating }) => {
      const text = recordText(record);
      seq += 1n;
      const hash = createHash('sha256').update(previous).update(text).digest();
      const row = {
        day,
        writer: this.writer,
        seq: seq.toString(),
        id: record.id,
        at: record.at,
        stage: stages[record.stage],
        action: record.action,
        verb: record.verb,
        actor_id: record.actor.id,
        actor_name: record.actor.name,
        project_id: record.project?.id ?? null,
        cluster_id: record.cluster?.id ?? null,
        door: record.door,
        outcome: record.outcome,
        mutating,
        record: text,
        prev_hash: previous.toString('base64'),
        hash: hash.toString('base64'),
      };
      previous = hash;
      return row;
    });
    if (day !== this.day) {
      await this.database.$executeRaw`SELECT audit_ensure_partition(${day}::date)`;
      this.day = day;
    }
    this.doubt = { batch, seq, hash: previous };
    await this.database.$executeRaw`
      INSERT INTO audit_entries (day, writer, seq, id, at, stage, action, verb, actor_id, actor_name, project_id, cluster_id, door, outcome, mutating, record, prev_hash, hash)
      SELECT day, writer, seq, id, at, stage, action, verb, actor_id, actor_name, project_id, cluster_id, door, outcome, mutating, record, decode(prev_hash, 'base64'), decode(hash, 'base64')
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(day date, writer uuid, seq bigint, id uuid, at timestamptz, stage smallint, action text, verb text, actor_id uuid, actor_name text, project_id uuid, cluster_id uuid, door text, outcome text, mutating boolean, record text, prev_hash text, hash text)`;
    this.doubt = null;
    this.seq = seq;
    this.previous = previous;
  }

  /** Did the batch in doubt arrive after all? Then the chain goes on behind it and its rows leave the queue. */
  private async settleDoubt(doubt: { batch: Pending[]; seq: bigint; hash: Buffer }): Promise<boolean> {
    const found = await this.database.$queryRaw<
      unknown[]
    >`SELECT 1 FROM audit_entries WHERE writer = ${this.writer}::uuid AND seq = ${doubt.seq}`;
    this.doubt = null;
    this.failedSince = null;
    if (found.length === 0) return false;
    this.seq = doubt.seq;
    this.previous = doubt.hash;
    const arrived = new Set(doubt.batch);
    this.queue = this.queue.filter((row) => !arrived.has(row));
    for (const row of doubt.batch) row.stored();
    return true;
  }
}

const nothing = () => {};
