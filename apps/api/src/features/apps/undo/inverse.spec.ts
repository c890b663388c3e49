import { describe, expect, it } from 'vitest';
import { inverse } from './inverse.js';

const env = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));

describe('the inverse of a step', () => {
  it.each<[string, unknown, unknown, unknown, unknown]>([
    ['puts a field back', { a: 1 }, { a: 2 }, { a: 2 }, { a: 1 }],
    ['takes a field away that the step brought', {}, { a: 2 }, { a: 2 }, {}],
    ['brings one back that it took', { a: 1 }, {}, {}, { a: 1 }],
    ['leaves what others changed since', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 2, b: 3 }, { a: 1, b: 3 }],
    [
      'looks inside',
      { r: { cpu: '1', mem: '1' } },
      { r: { cpu: '2', mem: '1' } },
      { r: { cpu: '2', mem: '9' } },
      { r: { cpu: '1', mem: '9' } },
    ],
    [
      'takes lists with names item by item',
      env({ A: '1' }),
      env({ A: '1', B: '2' }),
      env({ A: '1', B: '2', C: '3' }),
      env({ A: '1', C: '3' }),
    ],
    ['takes other lists whole', { c: ['a'] }, { c: ['a', 'b'] }, { c: ['a', 'b'], d: 1 }, { c: ['a'], d: 1 }],
    ['changes nothing where the step did nothing', { a: 1 }, { a: 1 }, { a: 5 }, { a: 5 }],
  ])('%s', (_, before, after, now, undone) => {
    expect(inverse(before, after, now)).toEqual({ undone, clashes: [] });
  });

  it.each<[string, unknown, unknown, unknown, string]>([
    ['the same field', { a: 1 }, { a: 2 }, { a: 3 }, 'a'],
    ['the same variable', { env: env({ A: '1' }) }, { env: env({ A: '2' }) }, { env: env({ A: '3' }) }, 'env.A.value'],
    ['a list', { c: ['a'] }, { c: ['b'] }, { c: ['c'] }, 'c'],
    ['a field that is gone since', { r: { cpu: '1' } }, { r: { cpu: '2' } }, {}, 'r'],
  ])('says where it would take somebody’s work: %s', (_, before, after, now, path) => {
    const { clashes, undone } = inverse(before, after, now);
    expect(clashes.map((each) => each.path)).toEqual([path]);
    expect(undone).toEqual(now);
  });
});
