import { describe, expect, it } from 'vitest';
import { commandOfLine, lineOfCommand } from './command-line';

describe('a typed command', () => {
  it.each([
    ['', null],
    ['   ', null],
    ["echo 'open", null],
    ['npm run migrate', ['npm', 'run', 'migrate']],
    ['  echo   a  ', ['echo', 'a']],
    [`echo 'two words' "and more"`, ['echo', 'two words', 'and more']],
    [`echo 'a'b"c"`, ['echo', 'abc']],
    ['echo a\\ b', ['echo', 'a b']],
    [`echo "say \\"hi\\""`, ['echo', 'say "hi"']],
    [`echo '$HOME'`, ['echo', '$HOME']],
    ["echo ''", ['echo', '']],
    ['echo $HOME', ['sh', '-c', 'echo $HOME']],
    ['echo "$HOME"', ['sh', '-c', 'echo "$HOME"']],
    ['ls | wc -l', ['sh', '-c', 'ls | wc -l']],
    ['a && b', ['sh', '-c', 'a && b']],
    ['MODE=x ./run', ['sh', '-c', 'MODE=x ./run']],
  ])('%s', (line, words) => {
    expect(commandOfLine(line)).toEqual(words);
  });

  it('is shown as one would type it', () => {
    expect(lineOfCommand(['sh', '-c', "echo 'hi'"])).toBe(`sh -c 'echo '\\''hi'\\'''`);
    expect(lineOfCommand(['npm', 'run', 'a:b'])).toBe('npm run a:b');
  });
});
