import type { Rollout } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { pageOf, readCursor } from '../../../platform/http/paging.js';
import type { AppRecord } from '../app-store.js';
import { KnownApps } from '../observed/known-apps.js';
import { type RolloutRecord, RolloutStore, rolloutOf } from './rollout-store.js';
import { Verdicts } from './verdicts.js';

/** An end that another process wrote is noticed at the latest after so long. */
const lookMs = 1_000;

/** Rollouts for a request. */
@Injectable()
export class Rollouts {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: RolloutStore,
    private readonly known: KnownApps,
    private readonly verdicts: Verdicts,
  ) {}

  async list(app: AppRecord, limit: number, cursor: string | undefined): Promise<{ items: Rollout[]; next: string | null }> {
    const before = readCursor(cursor, /^\d{1,9}$/);
    const rows = await this.store.list(app.id, limit + 1, before === null ? null : Number(before));
    return pageOf(
      rows,
      limit,
      (row) => String(row.revision),
      (row) => this.show(row),
    );
  }

  /** Waits until it has ended, the time is over, or the signal says that nobody waits any more. @throws AppError not_found */
  async get(app: { id: string; name: string }, revision: number, waitMs: number, signal?: AbortSignal): Promise<Rollout> {
    const until = this.clock.monotonicMs() + waitMs;
    for (;;) {
      const row = await this.store.of(app.id, revision);
      if (!row) throw new AppError('not_found', { what: `rollout of ${app.name}`, name: String(revision) });
      const left = until - this.clock.monotonicMs();
      if (row.state !== 'running' || left <= 0 || signal?.aborted) return this.show(row);
      await this.nextChange(app.id, Math.min(left, lookMs));
    }
  }

  private show(row: RolloutRecord): Rollout {
    return rolloutOf(row, row.state === 'running' ? this.verdicts.causeNow(row.appId) : null);
  }

  private async nextChange(appId: string, ms: number): Promise<void> {
    const changed = new AbortController();
    const undo = this.known.onChange((id) => {
      if (id === appId) changed.abort();
    });
    try {
      await this.clock.sleep(ms, changed.signal).catch(() => {});
    } finally {
      undo();
    }
  }
}
