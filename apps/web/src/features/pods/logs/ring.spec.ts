import { describe, expect, it } from 'vitest';
import { Ring } from './ring';

const ring = (items: number, size = 1000) => new Ring<string>(items, size, (text) => text.length);

describe('Ring', () => {
  it('keeps the newest and their numbers', () => {
    const kept = ring(3);
    for (const text of ['a', 'b', 'c', 'd', 'e']) kept.push(text);
    expect([kept.first, kept.end, kept.count]).toEqual([2, 5, 3]);
    expect([1, 2, 3, 4, 5].map((number) => kept.at(number))).toEqual([undefined, 'c', 'd', 'e', undefined]);
  });
  it('keeps no more than its size', () => {
    const kept = ring(100, 10);
    kept.push('12345');
    kept.push('12345');
    kept.push('1');
    expect([kept.first, kept.count]).toEqual([1, 2]);
  });
  it('keeps one item that is larger than everything', () => {
    const kept = ring(100, 3);
    kept.push('a');
    kept.push('123456');
    expect(kept.at(kept.first)).toBe('123456');
  });
  it('goes on numbering after it was emptied', () => {
    const kept = ring(3);
    kept.push('a');
    kept.clear();
    kept.push('b');
    expect([kept.first, kept.at(1)]).toEqual([1, 'b']);
  });
  it('stays right over many', () => {
    const kept = ring(50_000, Number.MAX_SAFE_INTEGER);
    for (let i = 0; i < 200_000; i++) kept.push(String(i));
    expect([kept.count, kept.at(kept.first), kept.at(kept.end - 1)]).toEqual([50_000, '150000', '199999']);
  });
});
