import { describe, expect, it } from 'vitest';
import { CelFailure, CelSyntaxError, celProgram } from './cel-program.js';
import { celProblem } from './undefined-field.js';

const self = new Map<string, bigint | string | bigint[] | string[]>([
  ['min', 1n],
  ['text', 'abc1'],
  ['list', [3n, 1n, 2n]],
  ['words', ['a', 'b']],
]);

describe('celProgram', () => {
  it.each([
    ['self.min <= 5 && has(self.text)', true],
    ['has(self.none)', false],
    ['self.list.all(x, x > 0)', true],
    ['self.list.sum() == 6 && self.list.max() == 3 && self.list.min() == 1', true],
    ['self.list.isSorted()', false],
    ['self.words.indexOf("b") == 1', true],
    ['self.text.find("[0-9]+")', '1'],
    ['self.text.matches("^[a-z]+1$")', true],
  ])('%s', (text, expected) => {
    expect(celProgram(text).evaluate({ self })).toBe(expected);
  });

  it('says what went wrong', () => {
    expect(() => celProgram('self.none > 1').evaluate({ self })).toThrow(new CelFailure('no such key: none'));
    expect(() => celProgram('self.min / 0 > 1').evaluate({ self })).toThrow(new CelFailure('division by zero'));
    expect(() => celProgram('a b')).toThrow(CelSyntaxError);
  });
});

const schema = {
  type: 'object',
  properties: {
    a: { type: 'integer' },
    list: { type: 'array', items: { type: 'object', properties: { x: { type: 'string' } } } },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    'with-dash': { type: 'string' },
  },
};

describe('celProblem', () => {
  it.each([
    ['self.b > 1', "ERROR: <input>:1:5: undefined field 'b'\n | self.b > 1\n | ....^"],
    ['self.list.all(x, x.y == "a")', 'ERROR: <input>:1:19: undefined field \'y\'\n | self.list.all(x, x.y == "a")\n | ..................^'],
    ['foo == 1', "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo == 1\n | ^"],
    ['self.a > 1 && self.list.all(x, x.x != "") && self.map.any == "b" && self.free.thing', undefined],
    [
      'self.list[0].x == "a" && self.__dash__ == 1',
      'ERROR: <input>:1:30: undefined field \'__dash__\'\n | self.list[0].x == "a" && self.__dash__ == 1\n | .............................^',
    ],
    ['self.with__dash__dash == "a"', undefined],
    ['type(self.a) == int', undefined],
  ])('%s', (text, expected) => {
    expect(celProblem(text, celProgram(text).parsed, { self: schema })).toBe(expected);
  });
});
