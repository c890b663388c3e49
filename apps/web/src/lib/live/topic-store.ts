import type { LiveChange, LiveItem } from '@fairlead/shared';

/**
 * `loading` until the first snapshot; `stale` while the rows may be behind, with the time they were last known to be right;
 * `refused` when the server ended the subscription.
 */
export type TopicState =
  | { phase: 'loading' }
  | { phase: 'live'; caughtUp: number }
  | { phase: 'stale'; since: number; reason: string | null }
  | { phase: 'refused'; code: string; message: string };

type Listener = () => void;

/**
 * Rows of one topic. Changes gather in `next` and become visible at once by `commit`, which calls those who watch a changed row, the order,
 * or everything. A row that did not change keeps its identity, also over a new snapshot.
 */
export class TopicStore<Row extends LiveItem = LiveItem> {
  state: TopicState = { phase: 'loading' };
  order: readonly string[] = [];
  rows: readonly Row[] = [];
  /** Place to resume from. */
  at: string | null = null;
  total = 0;
  #byKey = new Map<string, Row>();
  #next: Map<string, Row> | null = null;
  #nextState: TopicState | null = null;
  readonly #listeners = new Set<Listener>();
  readonly #rowListeners = new Map<string, Set<Listener>>();

  row(key: string): Row | undefined {
    return this.#byKey.get(key);
  }

  /** Watches order, rows and state; answers its undo. */
  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Watches one row only. */
  subscribeRow(key: string, listener: Listener): () => void {
    const set = this.#rowListeners.get(key) ?? new Set();
    this.#rowListeners.set(key, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0) this.#rowListeners.delete(key);
    };
  }

  snapshot(items: Row[], total: number, at: string): void {
    this.#next = new Map(items.map((item) => [item.key, sameAs(this.#byKey.get(item.key), item)]));
    this.total = total;
    this.at = at;
  }

  change(changes: LiveChange<Row>[], at: string): void {
    const next = this.#next ?? new Map(this.#byKey);
    for (const change of changes) {
      if ('put' in change) next.set(change.put.key, sameAs(next.get(change.put.key), change.put));
      else next.delete(change.remove);
    }
    this.#next = next;
    this.at = at;
  }

  setState(state: TopicState): void {
    this.#nextState = state;
  }

  /** Where the state will be after the commit. */
  get coming(): TopicState {
    return this.#nextState ?? this.state;
  }

  /** Makes what gathered visible. Answers how many rows changed. */
  commit(): number {
    const changed = this.#next ? this.#commitRows(this.#next) : [];
    const stateChanged = this.#nextState !== null;
    if (this.#nextState) {
      const caughtUp = this.#nextState.phase === 'live' && this.state.phase === 'stale' ? changed.length : 0;
      this.state = this.#nextState.phase === 'live' ? { phase: 'live', caughtUp } : this.#nextState;
    }
    this.#next = null;
    this.#nextState = null;
    if (changed.length === 0 && !stateChanged) return 0;
    for (const key of changed) for (const listener of this.#rowListeners.get(key) ?? []) listener();
    for (const listener of this.#listeners) listener();
    return changed.length;
  }

  #commitRows(next: Map<string, Row>): string[] {
    const changed = [...next].filter(([key, row]) => this.#byKey.get(key) !== row).map(([key]) => key);
    for (const key of this.#byKey.keys()) if (!next.has(key)) changed.push(key);
    const order = [...next.keys()];
    const moved = order.length !== this.order.length || order.some((key, index) => key !== this.order[index]);
    this.#byKey = next;
    if (changed.length > 0 || moved) this.rows = [...next.values()];
    if (moved) this.order = order;
    return changed;
  }
}

const sameAs = <Row>(old: Row | undefined, row: Row): Row => (old !== undefined && JSON.stringify(old) === JSON.stringify(row) ? old : row);
