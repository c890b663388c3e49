import { describe, expect, it } from 'vitest';
import { parseJsonPath, valuesAt } from './json-path.js';

const object = {
  spec: {
    size: 3,
    'a.b': 'x',
    list: [
      { name: 'one', on: true },
      { name: 'two', n: 2 },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Other', status: 'False' },
    ],
  },
};

describe('JSONPath of a column', () => {
  it.each([
    ['.spec.size', [3]],
    ['.spec.none', []],
    ['.spec.a\\.b', ['x']],
    ["['spec']['a.b']", ['x']],
    ['.spec.list[1].name', ['two']],
    ['.spec.list[-1].name', ['two']],
    ['.spec.list[9]', []],
    ['.spec.list[*].name', ['one', 'two']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    ["..status.conditions[?(@.type=='Ready')].status", undefined],
    ['.spec.list[?(@.n>1)].name', ['two']],
    ['.spec.list[?(@.on==true)].name', ['one']],
    ['spec', undefined],
  ])('%s', (path, expected) => {
    const steps = parseJsonPath(path);
    expect(steps && valuesAt(steps, object)).toEqual(expected);
  });
});
