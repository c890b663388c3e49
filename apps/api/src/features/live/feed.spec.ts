import { applyChanges, type LiveItem, type ServerMessage } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { Feed } from './feed.js';

interface Row extends LiveItem {
  value: number;
}
const row = (key: string, value: number): Row => ({ key, value });

class Reader {
  rows = new Map<string, LiveItem>();
  at = '';
  hear(messages: ServerMessage[]): this {
    for (const message of messages) {
      if (message.type === 'snapshot') this.rows = new Map(message.items.map((item) => [item.key, item]));
      if (message.type === 'changes') this.rows = applyChanges(this.rows, message.changes);
      if (message.type === 'snapshot' || message.type === 'changes') this.at = message.at;
    }
    return this;
  }
}

describe('a feed', () => {
  it('has nothing to say before the first snapshot, not even changes', () => {
    const feed = new Feed('e');
    feed.put(row('a', 1));
    expect(feed.dirty).toBe(false);
    feed.snapshot([row('a', 2)]);
    expect(feed.take('s')).toEqual([{ type: 'snapshot', id: 's', at: 'e.1', items: [row('a', 2)], total: 1 }]);
    expect(feed.dirty).toBe(false);
  });

  it('joins unsent changes to the same key: the last one wins, and a removal removes', () => {
    const feed = new Feed('e');
    feed.snapshot([row('a', 1), row('b', 1)]);
    feed.take('s');
    for (let value = 2; value <= 50; value++) feed.put(row('a', value));
    feed.put(row('b', 2));
    feed.remove('b');
    expect(feed.take('s')).toEqual([{ type: 'changes', id: 's', at: 'e.2', changes: [{ put: row('a', 50) }, { remove: 'b' }] }]);
  });

  it('a snapshot replaces every unsent change', () => {
    const feed = new Feed('e');
    feed.snapshot([row('a', 1)]);
    feed.take('s');
    feed.put(row('a', 2));
    feed.snapshot([row('c', 1)]);
    feed.put(row('d', 1));
    expect(feed.take('s')).toMatchObject([{ type: 'snapshot', items: [row('c', 1), row('d', 1)] }]);
  });

  it('sends a snapshot once more rows changed than there are', () => {
    const feed = new Feed('e');
    feed.snapshot([]);
    feed.take('s');
    for (let i = 0; i <= 1_000; i++) {
      feed.put(row(`k${i}`, i));
      feed.remove(`k${i}`);
    }
    expect(feed.take('s')).toMatchObject([{ type: 'snapshot', total: 0 }]);
  });

  it('says a state once, and again to a reader that came back', () => {
    const feed = new Feed('e');
    const since = new Date(0);
    feed.snapshot([]);
    feed.state({ state: 'stale', since, reason: 'away' });
    expect(feed.take('s').map((message) => message.type)).toEqual(['snapshot', 'state']);
    feed.state({ state: 'stale', since, reason: 'away' });
    expect(feed.dirty).toBe(false);
    feed.resume('e.1');
    expect(feed.take('s')).toEqual([
      { type: 'changes', id: 's', at: 'e.2', changes: [] },
      { type: 'state', id: 's', state: 'stale', since: since.toISOString(), reason: 'away' },
    ]);
  });

  it.each(['', 'other.1', 'e.99', 'e.x', 'e.1.5', 'e.0'])('answers an unknown place (%s) with a snapshot', (at) => {
    const feed = new Feed('e');
    feed.snapshot([row('a', 1)]);
    feed.take('s');
    feed.resume(at);
    expect(feed.take('s')).toMatchObject([{ type: 'snapshot' }]);
  });

  it('whatever is cut or lost, a reader that resumes ends with the rows as they are (10,000 random steps)', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % below;
    };
    const feed = new Feed('e');
    const truth = new Map<string, Row>();
    let reader = new Reader();
    feed.snapshot([]);
    reader.hear(feed.take('s'));
    const history: { at: string; rows: Map<string, LiveItem> }[] = [];
    for (let step = 0; step < 10_000; step++) {
      const key = `k${random(300)}`;
      const act = random(20);
      if (act < 12) {
        truth.set(key, row(key, step));
        feed.put(row(key, step));
      } else if (act < 16) {
        truth.delete(key);
        feed.remove(key);
      } else if (act < 18) reader.hear(feed.take('s'));
      else if (act === 18) history.push({ at: reader.at, rows: new Map(reader.rows) });
      else {
        // The connection is cut: the reader stands where it was some time ago, and some messages are lost.
        const past = history.at(-1 - random(5));
        if (!past) continue;
        feed.take('s');
        reader = new Reader();
        reader.rows = past.rows;
        feed.resume(past.at);
        reader.hear(feed.take('s'));
        expect(Object.fromEntries(reader.rows)).toEqual(Object.fromEntries(truth));
      }
    }
  });
});
