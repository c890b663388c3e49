import { FileError } from '../machine/file-system.js';
import { Exit, type Part, type Process, type Program } from '../machine/process.js';

/** Flags and operands of a command line. Flags named in `withValue` take the rest of their word, or the next word. */
export function flagsOf(
  argv: readonly string[],
  withValue = '',
  long: readonly string[] = [],
): { flags: Map<string, string>; operands: string[] } {
  const flags = new Map<string, string>();
  const operands: string[] = [];
  for (let index = 1; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') {
      operands.push(...argv.slice(index + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split(/=([\s\S]*)/);
      const next = value === undefined && long.includes(name);
      flags.set(name, value ?? (next ? (argv[index + 1] ?? '') : ''));
      if (next) index += 1;
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] ?? '';
        if (!withValue.includes(letter)) flags.set(letter, '');
        else {
          const rest = word.slice(at + 1);
          flags.set(letter, rest || (argv[index + 1] ?? ''));
          if (rest === '') index += 1;
          break;
        }
      }
    } else operands.push(word);
  }
  return { flags, operands };
}

export const nameOf = (process: Process): string => (process.argv[0] ?? '').split('/').pop() ?? '';

/** A program that waits for nothing; it ends with the number that it answers, or 0. A refused file ends it with 1. */
export const simple = (run: (process: Process) => unknown): Program =>
  // biome-ignore lint/correctness/useYield: it is called where others wait
  function* (process) {
    try {
      const code = run(process);
      return typeof code === 'number' ? code : 0;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      process.complain(`${nameOf(process)}: ${error.message}\n`);
      return 1;
    }
  };

/** Does it for each operand; complains about those that are refused, `verb` before the name. */
export function forEachFile(process: Process, files: readonly string[], verb: string, act: (path: string, name: string) => void): number {
  let status = 0;
  for (const name of files) {
    try {
      act(process.path(name), name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      process.complain(`${nameOf(process)}: ${verb ? `${verb} ` : ''}'${name}': ${error.message}\n`.replace(/^(\w+): '(.*)':/, '$1: $2:'));
      status = 1;
    }
  }
  return status;
}

/** Contents of the files (`-`: standard input), or of standard input where none is named. */
export function* contents(process: Process, files: readonly string[]): Part<{ name: string; data: Buffer }[]> {
  const all: { name: string; data: Buffer }[] = [];
  for (const name of files.length === 0 ? ['-'] : files) {
    if (name === '-') {
      all.push({ name, data: yield* process.readAll() });
      continue;
    }
    try {
      all.push({ name, data: process.fs.read(process.path(name)) });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const reason = error.code === 'EISDIR' ? 'read error: Is a directory' : `can't open '${name}': ${error.message}`;
      process.complain(`${nameOf(process)}: ${error.code === 'EISDIR' ? `${name}: ` : ''}${reason}\n`.replace(`${name}: can't`, `can't`));
      if (files.length === 1) throw new Exit(nameOf(process) === 'grep' ? 2 : 1);
    }
  }
  return all;
}

export const linesOf = (data: Buffer): string[] => {
  const lines = data.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

export const lines = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
