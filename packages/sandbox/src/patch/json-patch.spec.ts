import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from './json-patch.js';

const document = { data: { a: '1', b: '2' }, list: ['x', 'y'], 'a/b': { 'c~d': 1 } };

/** [title, operations, the document after it]. */
const works: [string, unknown[], unknown][] = [
  ['add', [{ op: 'add', path: '/data/c', value: '3' }], { ...document, data: { a: '1', b: '2', c: '3' } }],
  ['add without a value adds null', [{ op: 'add', path: '/data/c' }], { ...document, data: { a: '1', b: '2', c: null } }],
  ['add to the end of a list', [{ op: 'add', path: '/list/-', value: 'z' }], { ...document, list: ['x', 'y', 'z'] }],
  ['add before', [{ op: 'add', path: '/list/0', value: 'z' }], { ...document, list: ['z', 'x', 'y'] }],
  ['add at -1 is add to the end', [{ op: 'add', path: '/list/-1', value: 'z' }], { ...document, list: ['x', 'y', 'z'] }],
  ['replace', [{ op: 'replace', path: '/list/1', value: 'z' }], { ...document, list: ['x', 'z'] }],
  ['replace of what is not there', [{ op: 'replace', path: '/none', value: 1 }], { ...document, none: 1 }],
  ['replace of everything', [{ op: 'replace', path: '', value: { a: 1 } }], { a: 1 }],
  ['remove', [{ op: 'remove', path: '/list/0' }], { ...document, list: ['y'] }],
  ['move', [{ op: 'move', from: '/data/a', path: '/data/c' }], { ...document, data: { b: '2', c: '1' } }],
  ['copy', [{ op: 'copy', from: '/data', path: '/more' }], { ...document, more: document.data }],
  ['escapes', [{ op: 'replace', path: '/a~1b/c~0d', value: 2 }], { ...document, 'a/b': { 'c~d': 2 } }],
  ['a test that holds', [{ op: 'test', path: '/data', value: { b: '2', a: '1' } }], document],
  ['a missing key tests as null', [{ op: 'test', path: '/data/z', value: null }], document],
];

const refused: [string, unknown[]][] = [
  ['a test that fails', [{ op: 'test', path: '/data/a', value: 'x' }]],
  ['remove of what is not there', [{ op: 'remove', path: '/data/none' }]],
  ['an unknown operation', [{ op: 'twist', path: '/data/a' }]],
  ['no path', [{ op: 'add', value: 1 }]],
  ['a path without slash', [{ op: 'add', path: 'data', value: 1 }]],
  ['add below nothing', [{ op: 'add', path: '/none/a', value: 1 }]],
  ['replace below nothing', [{ op: 'replace', path: '/none/a', value: 1 }]],
  ['a move from nothing', [{ op: 'move', from: '/data/none', path: '/data/c' }]],
  ['an index beyond the list', [{ op: 'add', path: '/list/3', value: 'z' }]],
  ['an index that is a word', [{ op: 'replace', path: '/list/first', value: 'z' }]],
];

describe('applyJsonPatch', () => {
  it.each(works)('%s', (_, operations, expected) => {
    const before = structuredClone(document);
    expect(applyJsonPatch(document, operations)).toEqual(expected);
    expect(document).toEqual(before);
  });

  it.each(refused)('refuses %s', (_, operations) => {
    expect(() => applyJsonPatch(document, operations)).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code: 422, reason: 'Invalid', details: {} }) }),
    );
  });

  it('refuses what is no list', () => {
    expect(() => applyJsonPatch(document, { op: 'remove' })).toThrow(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  });
});
