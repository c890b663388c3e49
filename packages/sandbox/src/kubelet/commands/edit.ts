import type { Process, Program } from '../machine/process.js';
import { contents, flagsOf, lines, linesOf, nameOf } from './arguments.js';

export const grep: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv, 'emABC');
  const pattern = flags.get('e') ?? operands.shift();
  if (pattern === undefined) {
    process.complain('Usage: grep [-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... } [FILE]...\n');
    return 2;
  }
  const fixed = flags.has('F') || nameOf(process) === 'fgrep';
  const extended = flags.has('E') || flags.has('P') || nameOf(process) === 'egrep';
  let source = fixed ? pattern.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : regexSource(pattern, extended);
  if (flags.has('w')) source = `\\b(?:${source})\\b`;
  if (flags.has('x')) source = `^(?:${source})$`;
  const expression = new RegExp(source, flags.has('i') ? 'i' : '');
  let found = false;
  const files = flags.has('r') || flags.has('R') ? below(process, operands.length === 0 ? ['.'] : operands) : operands;
  const named = (files.length > 1 && !flags.has('h')) || flags.has('H');
  let left = Number(flags.get('m') ?? Number.POSITIVE_INFINITY);
  const show = (name: string, line: string, number: number): void => {
    if (left <= 0) return;
    left -= 1;
    found = true;
    if (flags.has('q') || flags.has('c') || flags.has('l')) return;
    const shown = flags.has('o') ? (expression.exec(line)?.[0] ?? '') : line;
    process.write(`${named ? `${name}:` : ''}${flags.has('n') ? `${number}:` : ''}${shown}\n`);
  };
  if (files.length === 0) {
    let number = 0;
    let count = 0;
    for (let line = yield* process.readLine(); line !== undefined && left > 0; line = yield* process.readLine()) {
      number += 1;
      if (expression.test(line) !== flags.has('v')) {
        count += 1;
        show('-', line, number);
      }
      if (found && flags.has('q')) return 0;
      yield* process.breathe();
    }
    if (flags.has('c')) process.write(`${count}\n`);
    return found ? 0 : 1;
  }
  for (const { name, data } of yield* contents(process, files)) {
    const matching = linesOf(data)
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => expression.test(line) !== flags.has('v'));
    for (const { line, number } of matching) show(name, line, number);
    if (flags.has('c')) process.write(`${named ? `${name}:` : ''}${matching.length}\n`);
    if (flags.has('l') && matching.length > 0) process.write(`${name}\n`);
  }
  return found ? 0 : 1;
};

/** POSIX's expressions as JavaScript's: in basic ones the brackets and marks are special with a backslash. */
function regexSource(pattern: string, extended: boolean): string {
  const classes: Readonly<Record<string, string>> = {
    alpha: 'a-zA-Z',
    digit: '0-9',
    alnum: 'a-zA-Z0-9',
    space: '\\s',
    upper: 'A-Z',
    lower: 'a-z',
    punct: '!-/:-@[-`{-~',
  };
  const named = pattern.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole);
  const swapped = extended ? named : named.replace(/\\?[(){}|+?]/g, (each) => (each.length === 2 ? each.slice(1) : `\\${each}`));
  try {
    return new RegExp(swapped).source;
  } catch {
    return swapped.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
}

function below(process: Process, roots: readonly string[]): string[] {
  return roots.flatMap((root) => {
    if (!process.fs.isDirectory(process.path(root))) return [root];
    return below(
      process,
      process.fs.list(process.path(root)).map((name) => `${root}/${name}`),
    );
  });
}

export const tr: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv);
  const [from = [], to = []] = operands.map(characters);
  const complement = flags.has('c') || flags.has('C');
  const listed = (char: string): boolean => from.includes(char) !== complement;
  for (let piece = yield* process.readPiece(); piece; piece = yield* process.readPiece()) {
    let out = '';
    for (const char of piece.toString('utf8')) {
      if (!listed(char)) out += char;
      else if (flags.has('d')) continue;
      else {
        const mapped = to.length === 0 ? char : (to[Math.min(complement ? to.length - 1 : from.indexOf(char), to.length - 1)] ?? char);
        if (!flags.has('s') || !out.endsWith(mapped)) out += mapped;
      }
    }
    process.write(out);
    yield* process.flush();
  }
  return 0;
};

function characters(set: string): string[] {
  const classes: Readonly<Record<string, string>> = {
    upper: 'A-Z',
    lower: 'a-z',
    digit: '0-9',
    alpha: 'A-Za-z',
    alnum: 'A-Za-z0-9',
    space: ' \t\n\r',
  };
  const plain = set
    .replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\r/g, '\r');
  const all: string[] = [];
  const chars = [...plain];
  for (let index = 0; index < chars.length; index += 1) {
    const [char = '', dash, end] = chars.slice(index, index + 3);
    if (dash === '-' && end !== undefined) {
      for (let code = char.charCodeAt(0); code <= end.charCodeAt(0); code += 1) all.push(String.fromCharCode(code));
      index += 2;
    } else all.push(char);
  }
  return all;
}

export const sed: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv, 'e');
  const script = flags.get('e') ?? operands.shift() ?? '';
  const quiet = flags.has('n');
  const command = /^(?:(\d+)(?:,(\d+|\$))?|\/((?:[^/\\]|\\.)*)\/|(\$))?\s*(?:s(.)([\s\S]*)|([dpq]))$/.exec(script);
  if (!command) {
    process.complain(`sed: unsupported command: ${script}\n`);
    return 1;
  }
  const [, first, second, address, last, delimiter, rest, action] = command;
  const parts =
    delimiter === undefined ? [] : (rest ?? '').split(new RegExp(`(?<!\\\\)${delimiter.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}`));
  const [pattern = '', replacement = '', modifiers = ''] = parts;
  const extended = flags.has('E') || flags.has('r');
  const expression = new RegExp(
    regexSource(pattern, extended),
    (modifiers.includes('g') ? 'g' : '') + (modifiers.toLowerCase().includes('i') ? 'i' : ''),
  );
  const into = replacement
    .replace(/\$/g, '$$$$')
    .replace(/\\n/g, '\n')
    .replace(/\\(\d)/g, '$$$1')
    .replace(/(?<!\\)&/g, '$$&')
    .replace(/\\&/g, '&')
    .replace(/\\\//g, '/');
  const edit = (text: string): string => {
    const all = text.replace(/\n$/, '').split('\n');
    const out: string[] = [];
    for (const [index, line] of all.entries()) {
      const end = second === '$' ? all.length : Number(second ?? first);
      const selected =
        first !== undefined
          ? index + 1 >= Number(first) && index + 1 <= end
          : address !== undefined
            ? new RegExp(regexSource(address, extended)).test(line)
            : last === undefined || index === all.length - 1;
      const changed = selected && delimiter !== undefined ? line.replace(expression, into) : line;
      if (!(selected && action === 'd') && !quiet) out.push(changed);
      if (selected && (action === 'p' || (modifiers.includes('p') && changed !== line))) out.push(changed);
      if (selected && action === 'q') break;
    }
    return lines(out);
  };
  if (flags.has('i'))
    for (const name of operands)
      process.fs.write(process.path(name), Buffer.from(edit(process.fs.read(process.path(name)).toString('utf8')), 'utf8'));
  else for (const { data } of yield* contents(process, operands)) process.write(data.length === 0 ? '' : edit(data.toString('utf8')));
  return 0;
};

/** `[pattern] { print $1, "text", $NF }`: the awk of one line. */
export const awk: Program = function* (process) {
  const { flags, operands } = flagsOf(process.argv, 'Fv');
  const script = operands.shift() ?? '';
  const match = /^\s*(?:\/(.*)\/|(BEGIN|END)|(NR\s*[=!<>]+\s*\d+))?\s*(?:\{\s*print(?:\s+([\s\S]*?))?;?\s*\})?\s*$/.exec(script);
  if (!match) {
    process.complain('awk: this awk knows one rule: [/pattern/|NR==N|BEGIN|END] { print … }\n');
    return 2;
  }
  const [, pattern, block, condition, printed] = match;
  const separator = flags.get('F');
  let rows = 0;
  const show = (line: string): void => {
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    const value = (token: string): string => {
      if (token.startsWith('"')) return token.slice(1, -1).replace(/\\t/g, '\t').replace(/\\n/g, '\n');
      if (token === '$0') return line;
      if (token === 'NR') return String(rows);
      if (token === 'NF') return String(fields.length);
      if (token === '$NF') return fields.at(-1) ?? '';
      return /^\$\d+$/.test(token) ? (fields[Number(token.slice(1)) - 1] ?? '') : token;
    };
    const tokens = (printed ?? '$0').match(/"(?:[^"\\]|\\.)*"|\$?\w+|,/g) ?? [];
    process.write(`${tokens.map((token) => (token === ',' ? ' ' : value(token))).join('')}\n`);
  };
  if (block === 'BEGIN') {
    show('');
    return 0;
  }
  const all = (yield* contents(process, operands)).flatMap(({ data }) => linesOf(data));
  const [, operator = '', number = '0'] = /NR\s*([=!<>]+)\s*(\d+)/.exec(condition ?? '') ?? [];
  const compare: Readonly<Record<string, (n: number) => boolean>> = {
    '==': (n) => n === Number(number),
    '!=': (n) => n !== Number(number),
    '>': (n) => n > Number(number),
    '<': (n) => n < Number(number),
    '>=': (n) => n >= Number(number),
    '<=': (n) => n <= Number(number),
  };
  for (const line of all) {
    rows += 1;
    if (pattern !== undefined && !new RegExp(regexSource(pattern, true)).test(line)) continue;
    if (condition !== undefined && !compare[operator]?.(rows)) continue;
    if (block !== 'END') show(line);
  }
  if (block === 'END') show(all.at(-1) ?? '');
  return 0;
};
