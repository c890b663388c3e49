import type { LiveChange, LiveItem, ServerMessage } from '@fairlead/shared';

/** So many single changes are remembered for a reader that comes back; one that missed more gets a snapshot. */
const rememberedKeys = 2_000;
/** Up to here changes are sent one by one even where the snapshot would be smaller. */
const smallBudget = 1_000;

type Word = { state: 'live' | 'stale'; since: Date; reason: string | null };

/**
 * What one subscription's reader has yet to hear. Keyed by row: an unsent change is replaced by the newer one, a snapshot replaces all of them,
 * and when as many rows changed as there are, a snapshot is sent instead. So a slow reader costs at most the rows themselves, misses states
 * in between, and never the last. Pure: it neither sends nor waits.
 */
export class Feed {
  private rows = new Map<string, LiveItem>();
  private begun = false;
  private whole = false;
  private unsent = new Set<string>();
  private answerOwed = false;
  private word: Word | null = null;
  private wordOwed = false;
  private seq = 0;
  /** Keys in the order they were last sent as a change, with the number of that message. */
  private readonly sent = new Map<string, number>();
  /** Changes up to this message are no longer known one by one. */
  private floor = 0;

  /** `epoch` is unique among all feeds of all processes: it makes `at` meaningless elsewhere. */
  constructor(readonly epoch: string) {}

  /** Is there anything to send? */
  get dirty(): boolean {
    return this.whole || this.unsent.size > 0 || this.answerOwed || this.wordOwed;
  }

  snapshot(items: readonly LiveItem[]): void {
    this.rows = new Map(items.map((item) => [item.key, item]));
    this.begun = true;
    this.sendWhole();
  }

  put(item: LiveItem): void {
    if (!this.begun) return; // the snapshot to come holds it
    this.rows.set(item.key, item);
    this.touch(item.key);
  }

  remove(key: string): void {
    if (this.rows.delete(key)) this.touch(key);
  }

  state(word: Word): void {
    const same = this.word?.state === word.state && this.word.since.getTime() === word.since.getTime() && this.word.reason === word.reason;
    this.word = word;
    if (!same) this.wordOwed = true;
  }

  /**
   * The reader is back and has seen everything up to `at`: what it missed is owed, or a snapshot when that is not known any more. An answer is owed
   * in any case, so that the reader knows it is live.
   */
  resume(at: string): void {
    const seq = at.startsWith(`${this.epoch}.`) ? Number(at.slice(this.epoch.length + 1)) : Number.NaN;
    this.wordOwed = this.word !== null;
    if (!this.begun || this.whole) return;
    if (Number.isSafeInteger(seq) && seq >= this.floor && seq <= this.seq) {
      for (const [key, sentAt] of this.sent) if (sentAt > seq) this.touch(key);
      this.answerOwed = true;
    } else this.sendWhole();
  }

  /** The messages that are owed; afterwards nothing is. */
  take(id: string): ServerMessage[] {
    const messages: ServerMessage[] = [];
    if (this.whole) {
      this.sent.clear();
      this.floor = ++this.seq;
      messages.push({ type: 'snapshot', id, at: this.at, items: [...this.rows.values()], total: this.rows.size });
    } else if (this.unsent.size > 0 || this.answerOwed) {
      this.seq++;
      const changes = [...this.unsent].map((key) => this.changeOf(key));
      messages.push({ type: 'changes', id, at: this.at, changes });
    }
    if (this.word && this.wordOwed) {
      const { state, since, reason } = this.word;
      messages.push({ type: 'state', id, state, since: since.toISOString(), reason });
    }
    this.unsent.clear();
    this.whole = this.answerOwed = this.wordOwed = false;
    return messages;
  }

  private get at(): string {
    return `${this.epoch}.${this.seq}`;
  }

  private changeOf(key: string): LiveChange {
    this.sent.delete(key);
    this.sent.set(key, this.seq);
    if (this.sent.size > rememberedKeys) {
      const [oldest, seq] = this.sent.entries().next().value!;
      this.sent.delete(oldest);
      this.floor = seq;
    }
    const row = this.rows.get(key);
    return row ? { put: row } : { remove: key };
  }

  private touch(key: string): void {
    if (this.whole) return;
    this.unsent.add(key);
    if (this.unsent.size > Math.max(smallBudget, this.rows.size)) this.sendWhole();
  }

  private sendWhole(): void {
    this.whole = true;
    this.unsent.clear();
  }
}
