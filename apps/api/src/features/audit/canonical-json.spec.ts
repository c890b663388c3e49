import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

it.each([
  [{ b: 1, a: 'x' }, '{"a":"x","b":1}'],
  [{ '\u20ac': 1, '\r': 2, '1': 3 }, '{"\\r":2,"1":3,"\u20ac":1}'],
  [[null, true, 1e21, 0.1], '[null,true,1e+21,0.1]'],
  [{ a: undefined, b: { d: 1, c: [] } }, '{"b":{"c":[],"d":1}}'],
  ['line\nbreak "quoted"', '"line\\nbreak \\"quoted\\""'],
])('writes %j in one way', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n])('refuses what has no canonical form', (value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});
