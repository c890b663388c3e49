import { describe, expect, it } from 'vitest';
import { applyMergePatch } from './merge-patch.js';

/** [title, document, patch, what it becomes]: the table of RFC 7386 as far as an object is patched. */
const rows: [string, unknown, unknown, unknown][] = [
  ['a key is set', { a: 'b' }, { a: 'c' }, { a: 'c' }],
  ['a key is added', { a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  ['null removes', { a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  ['a list is replaced', { a: ['b'] }, { a: ['c', 'd'] }, { a: ['c', 'd'] }],
  ['a list takes the place of a value', { a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  ['objects are merged', { a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  ['an object takes the place of a list', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['nulls of a new object are left out', {}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ['nulls inside a list stay', {}, { a: [null] }, { a: [null] }],
];

describe('applyMergePatch', () => {
  it.each(rows)('%s', (_, document, patch, expected) => {
    expect(applyMergePatch(document, patch)).toEqual(expected);
  });

  it.each([
    [[1], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['x', 'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [null, 'Invalid JSON Patch'],
  ])('refuses %j', (patch, words) => {
    expect(() => applyMergePatch({}, patch)).toThrow(words);
  });
});
