import { createHash } from 'node:crypto';
import type { Part, Process, Program } from '../machine/process.js';
import { contents, flagsOf, lines, linesOf, simple } from './arguments.js';
import { awk, grep, sed, tr } from './edit.js';
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
