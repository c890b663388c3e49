import type { Process } from '../machine/process.js';

/** test(1): what the arguments say, or what is wrong with them. */
export function holds(args: readonly string[], process: Process): boolean | string {
  const or = args.indexOf('-o');
  if (or > 0 && or < args.length - 1) return either(holds(args.slice(0, or), process), () => holds(args.slice(or + 1), process), true);
  const and = args.indexOf('-a');
  if (and > 0 && and < args.length - 1) return either(holds(args.slice(0, and), process), () => holds(args.slice(and + 1), process), false);
  if (args[0] === '!' && args.length > 1) {
    const rest = holds(args.slice(1), process);
    return typeof rest === 'boolean' ? !rest : rest;
  }
  const [a = '', b = '', c = ''] = args;
  if (args.length === 0) return false;
  if (args.length === 1) return a !== '';
  if (args.length === 2) return unary(a, b, process);
  if (args.length === 3) return binary(a, b, c, process);
  return 'too many arguments';
}

const either = (first: boolean | string, second: () => boolean | string, settles: boolean): boolean | string =>
  first === settles || typeof first === 'string' ? first : second();

function unary(operator: string, value: string, process: Process): boolean | string {
  const entry = operator === '-L' || operator === '-h' ? process.fs.lstat(process.path(value)) : process.fs.stat(process.path(value));
  switch (operator) {
    case '-n':
      return value !== '';
    case '-z':
      return value === '';
    case '-e':
    case '-r':
    case '-w':
      return entry !== undefined;
    case '-f':
      return entry?.type === 'file';
    case '-d':
      return entry?.type === 'directory';
    case '-L':
    case '-h':
      return entry?.type === 'link';
    case '-c':
      return entry?.type === 'device';
    case '-x':
      return entry?.type === 'directory' || (entry?.type === 'file' && (entry.mode & 0o111) !== 0);
    case '-s':
      return entry?.type === 'file' && process.fs.read(process.path(value)).length > 0;
    case '-t':
      return (value === '0' ? process.stdin : process.stdout).isTerminal === true;
    case '-p':
    case '-S':
    case '-b':
    case '-u':
    case '-g':
      return false;
    default:
      return `${operator}: unknown operand`;
  }
}

function binary(a: string, operator: string, b: string, process: Process): boolean | string {
  const numeric: Readonly<Record<string, (x: number, y: number) => boolean>> = {
    '-eq': (x, y) => x === y,
    '-ne': (x, y) => x !== y,
    '-lt': (x, y) => x < y,
    '-le': (x, y) => x <= y,
    '-gt': (x, y) => x > y,
    '-ge': (x, y) => x >= y,
  };
  const compare = numeric[operator];
  if (compare) {
    for (const each of [a, b]) if (!/^\s*[-+]?\d+\s*$/.test(each)) return `${each}: bad number`;
    return compare(Number(a), Number(b));
  }
  switch (operator) {
    case '=':
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '-nt':
    case '-ot': {
      const [x, y] = [process.fs.stat(process.path(a))?.mtime ?? 0, process.fs.stat(process.path(b))?.mtime ?? 0];
      return operator === '-nt' ? x > y : x < y;
    }
    default:
      return `${operator}: unknown operand`;
  }
}
