import { describe, expect, it } from 'vitest';
import { readAnsi, stripAnsi } from './ansi';
import { showHidden } from './visible';

const looks = (line: string) =>
  readAnsi(line).map(({ text, color, bold }) => [text, color, ...(bold ? ['bold'] : [])].filter((part) => part !== null).join(' '));

describe('readAnsi', () => {
  it.each([
    ['plain text', 'hello', ['hello']],
    ['a colour and its end', '\x1b[31mred\x1b[0m no', ['red red', ' no']],
    ['bold and bright', '\x1b[1;92mok\x1b[22m x\x1b[39my', ['ok green bold', ' x green', 'y']],
    ['an empty code ends all', '\x1b[1;31ma\x1b[mb', ['a red bold', 'b']],
    ['the first sixteen of 256 colours', '\x1b[38;5;4mblue', ['blue blue']],
    ['no other colours, and none of their numbers as codes', '\x1b[38;2;1;31;4mx\x1b[48;5;31my', ['x', 'y']],
    ['no cursor movements', 'a\x1b[2Jb\x1b[10;10Hc', ['a', 'b', 'c']],
    ['no titles', '\x1b]0;owned\x07a', ['a']],
    ['no links', '\x1b]8;;http://evil\x1b\\a\x1b]8;;\x1b\\', ['a']],
    ['no string that never ends', 'a\x1bPq1234', ['a']],
    ['no 8-bit forms', 'a\x9b31mb\x9d0;t\x9cc', ['a', 'b', 'c']],
    ['no escape cut off at the end', 'a\x1b', ['a']],
    ['no broken sequence', 'a\x1b[31', ['a', '31']],
  ])('%s', (_, line, expected) => expect(looks(line)).toEqual(expected));

  it('strips to what is read', () => expect(stripAnsi('\x1b[31mred\x1b[0m and \x1b]0;x\x07plain')).toBe('red and plain'));
});

describe('showHidden', () => {
  const text = (line: string) =>
    showHidden(line)
      .map(({ text: shown, stand }) => (stand ? `[${shown}]` : shown))
      .join('');
  it.each([
    ['leaves text alone', 'häuser 家 🏠', 'häuser 家 🏠'],
    ['writes controls out', 'a\x00b\rc\x7f', 'a[␀]b[␍]c[␡]'],
    ['writes bidi overrides out', 'user\u202etxt.exe', 'user[⟨U+202E⟩]txt.exe'],
    ['writes zero-width out', 'pay\u200bpal', 'pay[⟨U+200B⟩]pal'],
    ['widens tabs', 'a\tb', 'a    b'],
  ])('%s', (_, line, expected) => expect(text(line)).toBe(expected));
});
