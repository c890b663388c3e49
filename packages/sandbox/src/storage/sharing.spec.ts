import { describe, expect, it } from 'vitest';
import { equal } from '../machinery/object.js';
import { Interner, sharedWith } from './sharing.js';

describe('sharing', () => {
  it.each([
    [{ a: { b: 1 }, c: [1, { d: 2 }] }, { a: { b: 1 }, c: [1, { d: 2 }] }, true],
    [{ a: { b: 1 } }, { a: { b: 2 } }, false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [[1, 2], [1, 2, 3], false],
    [[], {}, false],
    [{ a: null }, { a: {} }, false],
  ])('%j beside %j', (next, old, same) => {
    const before = JSON.stringify(next);
    const shared = sharedWith(next as unknown, old);
    expect(shared === old).toBe(same);
    expect(equal(next, old)).toBe(same);
    expect(JSON.stringify(shared)).toBe(same ? JSON.stringify(old) : before);
  });

  it('keeps what did not change', () => {
    const old = { spec: { x: [1] }, status: { phase: 'A' } };
    const next = sharedWith({ spec: { x: [1] }, status: { phase: 'B' } }, old);
    expect(next.spec).toBe(old.spec);
    expect(next.status).not.toBe(old.status);
  });

  it('holds equal parts once', () => {
    const interner = new Interner();
    const first = interner.of({ a: [1] });
    expect(interner.of({ a: [1] })).toBe(first);
    expect(interner.of({ a: [2] })).not.toBe(first);
  });
});
