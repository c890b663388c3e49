import { describe, expect, it } from 'vitest';
import { difference, type FieldsV1, has, insert, intersection, paths, recursiveDifference, union } from './fields-v1.js';

/** `a`, `a.b`: a set of these paths. */
const set = (...names: string[]): FieldsV1 => {
  const made: FieldsV1 = {};
  for (const name of names)
    insert(
      made,
      name.split('.').map((key) => `f:${key}`),
    );
  return made;
};

const rows: [string, (a: FieldsV1, b: FieldsV1) => FieldsV1, FieldsV1, FieldsV1, FieldsV1][] = [
  ['union', union, set('a', 'b.c'), set('a.x', 'b'), set('a', 'a.x', 'b', 'b.c')],
  ['difference', difference, set('a', 'a.x', 'b.c', 'd'), set('a', 'b.c'), set('a.x', 'd')],
  ['difference takes nothing below a member', difference, set('a.x', 'a.y'), set('a'), set('a.x', 'a.y')],
  ['recursive difference takes what is below', recursiveDifference, set('a.x', 'a.y', 'b'), set('a'), set('b')],
  ['intersection', intersection, set('a', 'a.x', 'b.c'), set('a.x', 'b', 'c'), set('a.x')],
];

describe('sets of fields', () => {
  it.each(rows)('%s', (_, operation, a, b, expected) => {
    const before = structuredClone([a, b]);
    expect(operation(a, b)).toEqual(expected);
    expect([a, b]).toEqual(before);
  });

  it('answers the same set where nothing is taken from it', () => {
    const a = set('a.b', 'c');
    expect(difference(a, set('x', 'a.c'))).toBe(a);
  });

  it('tells members from what only leads to members', () => {
    expect(set('a', 'a.b')).toEqual({ 'f:a': { '.': {}, 'f:b': {} } });
    expect(has(set('a.b'), ['f:a'])).toBe(false);
    expect(has(set('a', 'a.b'), ['f:a'])).toBe(true);
  });

  it('lists members before what is deeper', () => {
    expect(paths(set('b', 'a.x', 'a', 'b.c')).map((path) => path.join(' '))).toEqual(['f:a', 'f:b', 'f:a f:x', 'f:b f:c']);
  });
});
