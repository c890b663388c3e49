import { createHash } from 'node:crypto';
import type { Part, Process, Program } from '../machine/process.js';
import { contents, flagsOf, lines, linesOf, nameOf, simple } from './arguments.js';
import { findProgram } from './find-program.js';

/** A program over all of its input. */
const filter = (
  withValue: string,
  run: (process: Process, input: { name: string; data: Buffer }[], flags: Map<string, string>) => unknown,
): Program =>
  function* (process) {
    const { flags, operands } = flagsOf(process.argv, withValue);
    const code = run(process, yield* contents(process, operands), flags);
    return typeof code === 'number' ? code : 0;
  };

const grep: Program = function* (process) {
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

const head: Program = function* (process) {
  const argv = process.argv.map((word) => word.replace(/^-(\d+)$/, '-n$1'));
  const { flags, operands } = flagsOf(argv, 'nc');
  const bytes = flags.get('c');
  let left = Number(flags.get('n') ?? 10);
  if (bytes !== undefined) {
    let data: Buffer = Buffer.alloc(0);
    if (operands.length > 0) data = (yield* contents(process, operands))[0]?.data ?? data;
    else
      while (data.length < Number(bytes)) {
        const piece = yield* process.readPiece();
        if (!piece) break;
        data = Buffer.concat([data, piece]);
      }
    process.write(data.subarray(0, Number(bytes)));
    return 0;
  }
  if (operands.length === 0) {
    for (; left > 0; left -= 1) {
      const line = yield* process.readLine();
      if (line === undefined) break;
      process.write(`${line}\n`);
    }
    return 0;
  }
  const files = yield* contents(process, operands);
  for (const [index, { name, data }] of files.entries()) {
    if (files.length > 1) process.write(`${index > 0 ? '\n' : ''}==> ${name} <==\n`);
    process.write(lines(linesOf(data).slice(0, left)));
  }
  return 0;
};

const tail: Program = function* (process) {
  const argv = process.argv.map((word) => word.replace(/^-(\d+)$/, '-n$1').replace(/^-(\d+)f$/, '-fn$1'));
  const { flags, operands } = flagsOf(argv, 'nc');
  const count = flags.get('n') ?? '10';
  const bytes = flags.get('c');
  for (const { data } of yield* contents(process, operands)) {
    if (bytes !== undefined) process.write(data.subarray(Math.max(data.length - Number(bytes), 0)));
    else {
      const all = linesOf(data);
      process.write(
        lines(count.startsWith('+') ? all.slice(Number(count) - 1) : Number(count) === 0 ? [] : all.slice(-Math.abs(Number(count)))),
      );
    }
  }
  if (!flags.has('f') && !flags.has('F')) return 0;
  yield* followFiles(process, operands);
  return 0;
};

function* followFiles(process: Process, files: readonly string[]): Part {
  const length = (name: string): number => (process.fs.stat(process.path(name)) ? process.fs.read(process.path(name)).length : 0);
  const seen = new Map(files.map((name) => [name, length(name)]));
  // /dev/null and the like never grow: nothing to look after.
  const growing = files.filter((name) => process.fs.stat(process.path(name))?.type !== 'device');
  for (;;) {
    yield* process.sleep(growing.length > 0 ? 1000 : 3600_000);
    for (const name of growing) {
      const now = length(name);
      const before = seen.get(name) ?? 0;
      if (now > before) process.write(process.fs.read(process.path(name)).subarray(before));
      seen.set(name, now);
    }
  }
}

const wc = filter('', (process, input, flags) => {
  const wanted = ['l', 'w', 'c'].filter((flag) => flags.has(flag) || (flag === 'c' && flags.has('m')));
  const kinds = wanted.length === 0 ? ['l', 'w', 'c'] : wanted;
  const count = (data: Buffer): number[] => {
    const text = data.toString('utf8');
    const all: Readonly<Record<string, number>> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter(Boolean).length,
      c: data.length,
    };
    return kinds.map((kind) => all[kind] ?? 0);
  };
  const row = (numbers: readonly number[], name: string): string =>
    (numbers.length === 1 && (name === '' || input.length === 1)
      ? String(numbers[0])
      : numbers
          .map((each) => String(each).padStart(9))
          .join('')
          .replace(/^ {2}/, '')) + (name ? ` ${name}` : '');
  const rows = input.map(({ name, data }) => row(count(data), name === '-' ? '' : name));
  if (input.length > 1)
    rows.push(
      row(
        kinds.map((_, index) => input.reduce((sum, { data }) => sum + (count(data)[index] ?? 0), 0)),
        'total',
      ),
    );
  process.write(lines(rows));
});

const sort = filter('kto', (process, input, flags) => {
  const key = Number.parseInt(flags.get('k') ?? '0', 10);
  const separator = flags.get('t') ?? /\s+/;
  const of = (line: string): string => (key > 0 ? (line.trim().split(separator)[key - 1] ?? '') : line);
  const compare = (a: string, b: string): number => {
    if (flags.has('n') || flags.has('h'))
      return (Number.parseFloat(of(a)) || 0) - (Number.parseFloat(of(b)) || 0) || (a < b ? -1 : Number(a > b));
    const [x, y] = flags.has('f') ? [of(a).toLowerCase(), of(b).toLowerCase()] : [of(a), of(b)];
    return x < y ? -1 : Number(x > y);
  };
  let sorted = input.flatMap(({ data }) => linesOf(data)).sort(compare);
  if (flags.has('r')) sorted.reverse();
  if (flags.has('u')) sorted = sorted.filter((line, index) => index === 0 || line !== sorted[index - 1]);
  process.write(lines(sorted));
});

const uniq = filter('', (process, input, flags) => {
  const groups: { line: string; count: number }[] = [];
  for (const line of input.flatMap(({ data }) => linesOf(data))) {
    const last = groups.at(-1);
    if (last?.line === line) last.count += 1;
    else groups.push({ line, count: 1 });
  }
  const kept = groups.filter(({ count }) => (flags.has('d') ? count > 1 : flags.has('u') ? count === 1 : true));
  process.write(lines(kept.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}` : line))));
});

const cut = filter('dfcb', (process, input, flags) => {
  const wanted = (flags.get('f') ?? flags.get('c') ?? flags.get('b') ?? '1').split(',').map((range) => {
    const [from, to] = range.split('-');
    return { from: Number(from || 1), to: range.includes('-') ? Number(to || Number.POSITIVE_INFINITY) : Number(from) };
  });
  const keeps = (index: number): boolean => wanted.some(({ from, to }) => index + 1 >= from && index + 1 <= to);
  const separator = flags.get('d') ?? '\t';
  const one = (line: string): string => {
    if (!flags.has('f')) return [...line].filter((_, index) => keeps(index)).join('');
    return line.includes(separator)
      ? line
          .split(separator)
          .filter((_, index) => keeps(index))
          .join(separator)
      : line;
  };
  process.write(lines(input.flatMap(({ data }) => linesOf(data)).map(one)));
});

const tr: Program = function* (process) {
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

const sed: Program = function* (process) {
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
const awk: Program = function* (process) {
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

const seq: Program = function* (process) {
  const numbers = flagsOf(process.argv, 's').operands.map(Number);
  const [from, step, to] =
    numbers.length === 1
      ? [1, 1, numbers[0] ?? 0]
      : numbers.length === 2
        ? [numbers[0] ?? 1, 1, numbers[1] ?? 0]
        : [numbers[0] ?? 1, numbers[1] ?? 1, numbers[2] ?? 0];
  for (let value = from; step > 0 ? value <= to : value >= to; value += step) {
    process.write(`${value}\n`);
    yield* process.flush();
    yield* process.breathe();
    if (step === 0) break;
  }
  return 0;
};

const yes: Program = function* (process) {
  for (const text = `${process.argv.slice(1).join(' ') || 'y'}\n`; ; ) {
    // To a file or a terminal it would never end: a page at a time.
    process.write(text.repeat(64));
    yield* process.flush();
    yield* process.breathe();
  }
};

const xargs: Program = function* (process) {
  const { flags } = flagsOf(process.argv, 'nIP');
  const start = process.argv.findIndex(
    (word, index) => index > 0 && !word.startsWith('-') && !/^-[nIP]$/.test(process.argv[index - 1] ?? ''),
  );
  const command = start === -1 ? ['echo'] : process.argv.slice(start);
  const replace = flags.get('I');
  const input = (yield* process.readAll()).toString('utf8');
  const words = replace === undefined ? input.split(flags.has('0') ? '\0' : /\s+/).filter(Boolean) : input.split('\n').filter(Boolean);
  const size = replace === undefined ? Number(flags.get('n') ?? Math.max(words.length, 1)) : 1;
  let status = 0;
  for (let index = 0; index < Math.max(words.length, flags.has('r') ? 0 : 1); index += size) {
    const group = words.slice(index, index + size);
    const argv = replace === undefined ? [...command, ...group] : command.map((word) => word.replaceAll(replace, group[0] ?? ''));
    const program = findProgram(process, argv[0] ?? '');
    if (typeof program === 'string') {
      process.complain(`xargs: ${argv[0]}: ${program}\n`);
      return 127;
    }
    const { env, cwd, stdin, stdout, stderr } = process;
    const code = yield* process.waitFor(process.machine.spawn({ argv, program, env, cwd, stdin, stdout, stderr, parent: process }));
    if (code !== 0) status = 123;
  }
  return status;
};

const hash = (algorithm: string): Program =>
  filter('', (process, input) =>
    process.write(lines(input.map(({ name, data }) => `${createHash(algorithm).update(data).digest('hex')}  ${name}`))),
  );

const base64 = filter('w', (process, input, flags) => {
  const data = Buffer.concat(input.map((each) => each.data));
  if (flags.has('d') || flags.has('decode')) process.write(Buffer.from(data.toString('latin1'), 'base64'));
  else process.write(flags.get('w') === '0' ? data.toString('base64') : lines(data.toString('base64').match(/.{1,76}/g) ?? []));
});

export const textPrograms: Readonly<Record<string, Program>> = {
  grep,
  egrep: grep,
  fgrep: grep,
  head,
  tail,
  wc,
  sort,
  uniq,
  cut,
  tr,
  sed,
  awk,
  seq,
  yes,
  xargs,
  base64,
  md5sum: hash('md5'),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  rev: filter('', (process, input) =>
    process.write(lines(input.flatMap(({ data }) => linesOf(data)).map((line) => [...line].reverse().join('')))),
  ),
  tac: filter('', (process, input) => process.write(lines(input.flatMap(({ data }) => linesOf(data)).reverse()))),
  more: filter('', (process, input) => process.write(Buffer.concat(input.map(({ data }) => data)))),
  less: filter('', (process, input) => process.write(Buffer.concat(input.map(({ data }) => data)))),
  diff: simple((process) => {
    const [a = '', b = ''] = flagsOf(process.argv).operands;
    const same = process.fs.read(process.path(a)).equals(process.fs.read(process.path(b)));
    if (!same) process.write(`Files ${a} and ${b} differ\n`);
    return same ? 0 : 1;
  }),
};
