import type { WebhookEvent } from '@fairlead/shared';
import type { Transaction } from './database.js';

/** Something that happened to an app, for those who pass it on. It names things; it holds no values of them. */
export interface Happening {
  event: WebhookEvent;
  appId: string;
  at: Date;
  revision: number | null;
  by: { kind: 'user' | 'robot' | 'cluster'; id: string | null; name: string } | null;
  summary: string;
  cause?: { code: string; sentence: string; object: string | null } | null;
  /** Names what it is about where several processes see the same: with the same `at` it is kept once. */
  subject?: string;
}

/** Writes in the transaction it is given; a failure undoes what happened. */
type HappeningKeeper = (tx: Transaction, happening: Happening) => Promise<void>;

/** Lower features tell here, in the transaction of what happened, what higher ones keep: so neither is ever there without the other. */
export class Happenings {
  private readonly keepers = new Set<HappeningKeeper>();

  keep(keeper: HappeningKeeper): () => void {
    this.keepers.add(keeper);
    return () => this.keepers.delete(keeper);
  }

  async tell(tx: Transaction, happening: Happening): Promise<void> {
    for (const keeper of this.keepers) await keeper(tx, happening);
  }
}
