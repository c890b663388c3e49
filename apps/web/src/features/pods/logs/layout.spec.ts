import { describe, expect, it } from 'vitest';
import { columnsOf, LogLayout } from './layout';
import { type LogLine, logLine, weightOf } from './log-line';
import { Ring } from './ring';

const ringOf = (max: number, texts: string[]) => {
  const ring = new Ring<LogLine>(max, Number.MAX_SAFE_INTEGER, weightOf);
  for (const text of texts) ring.push(logLine('a', null, text));
  return ring;
};
const all = () => true;
const tenColumns = (line: LogLine) => Math.max(1, Math.ceil(columnsOf(line.plain) / 10));

describe('LogLayout', () => {
  it('places lines one below the other by their rows', () => {
    const layout = new LogLayout(ringOf(10, ['a', 'x'.repeat(25), 'b']), all, tenColumns);
    expect([0, 1, 2].map((index) => layout.top(index))).toEqual([0, 1, 4]);
    expect(layout.rows).toBe(5);
    expect([0, 1, 3, 4, 99].map((row) => layout.indexAt(row))).toEqual([0, 1, 1, 2, 2]);
  });
  it('says how many rows went above when the ring lets lines go', () => {
    const ring = ringOf(3, ['x'.repeat(15), 'b', 'c']);
    const layout = new LogLayout(ring, all, tenColumns);
    ring.push(logLine('a', null, 'd'));
    expect(layout.update()).toEqual({ goneRows: 2, addedLines: 1 });
    expect([layout.count, layout.rows, layout.number(0), layout.top(0)]).toEqual([3, 3, 1, 0]);
  });
  it('takes only what is shown', () => {
    const ring = ringOf(10, ['hit', 'no', 'hit']);
    const layout = new LogLayout(ring, (line) => line.plain === 'hit', tenColumns);
    expect([layout.count, layout.number(1), layout.indexOf(1)]).toEqual([2, 2, 1]);
  });
  it('is empty after the ring was emptied', () => {
    const ring = ringOf(10, ['a', 'b']);
    const layout = new LogLayout(ring, all, tenColumns);
    ring.clear();
    layout.update();
    expect([layout.count, layout.rows]).toEqual([0, 0]);
    ring.push(logLine('a', null, 'c'));
    layout.update();
    expect([layout.count, layout.rows, layout.top(0)]).toEqual([1, 1, 0]);
  });
});
