import { describe, expect, it } from 'vitest';
import { readJsonText } from './json-text.js';

describe('JSON as Go reads it', () => {
  it.each([
    ['{"a":{"b":1,"b":2},"c":[{"d":1,"d":2}]}', ['a.b', 'c[0].d']],
    ['{"a":1,"\\u0061":2}', ['a']],
    [' [1, -2.5e3, true, null, "x\\n"] ', []],
    ['{}', []],
  ])('reads %s', (text, duplicates) => {
    expect(readJsonText(text)).toEqual({ value: JSON.parse(text), duplicates });
  });

  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 2}', "invalid character '2' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":{"__proto__":{}}}', 'the sandbox takes no field "__proto__"'],
    ['{"\\u005f_proto__":{}}', 'the sandbox takes no field "__proto__"'],
    ['1 2', "invalid character '2' after top-level value"],
    ['tru', "invalid character ' ' in literal true (expecting 'e')"],
    ['-', "invalid character ' ' in numeric literal"],
    ['nul!', "invalid character '!' in literal null (expecting 'l')"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
  ])('refuses %j', (text, message) => {
    expect(() => readJsonText(text)).toThrow(message);
  });
});
