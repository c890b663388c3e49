import { expect, it } from 'vitest';
import { applyChanges } from './apply-changes.js';

const rows = new Map([
  ['a', { key: 'a', n: 1 }],
  ['b', { key: 'b', n: 2 }],
]);

it('replaces in place, adds at the end, removes, and leaves the old rows as they were', () => {
  const next = applyChanges(rows, [{ put: { key: 'a', n: 9 } }, { put: { key: 'c', n: 3 } }, { remove: 'b' }, { remove: 'unknown' }]);
  expect([...next.values()]).toEqual([
    { key: 'a', n: 9 },
    { key: 'c', n: 3 },
  ]);
  expect(rows.get('a')).toEqual({ key: 'a', n: 1 });
});

it('ends with the last of several changes to one key', () => {
  expect([...applyChanges(rows, [{ remove: 'a' }, { put: { key: 'a', n: 5 } }, { put: { key: 'a', n: 6 } }]).keys()]).toEqual(['b', 'a']);
});
