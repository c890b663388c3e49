import { findProgram } from '../commands/find-program.js';
import { printed } from '../commands/printf.js';
import { holds } from '../commands/test.js';
import { Exit, type Part, type Signal, signalNumbers } from '../machine/process.js';
import { Leave } from './leave.js';
import { parse } from './parse.js';
import type { Shell } from './shell.js';
import { SyntaxProblem } from './syntax.js';

export type Builtin = (shell: Shell, args: readonly string[], name: string) => Part<number>;

const integer = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : otherwise;

/** A builtin that waits for nothing. */
const plain = (run: (shell: Shell, args: readonly string[], name: string) => number): Builtin =>
  // biome-ignore lint/correctness/useYield: it is called where others wait
  function* (shell, args, name) {
    return run(shell, args, name);
  };

const leave = (to: 'break' | 'continue'): Builtin =>
  plain((_, [levels]) => {
    throw new Leave(to, integer(levels, 1), 0);
  });

const echo = plain((shell, args) => {
  const flags = /^-[neE]+$/.test(args[0] ?? '') ? (args[0] ?? '') : '';
  const text = (flags === '' ? args : args.slice(1)).join(' ');
  shell.process.write((flags.includes('e') ? printed('%b', [text]) : text) + (flags.includes('n') ? '' : '\n'));
  return 0;
});

const test: Builtin = plain((shell, args, name) => {
  const given = name === '[' ? args.slice(0, -1) : args;
  if (name === '[' && args.at(-1) !== ']') {
    shell.complain('[: missing ]');
    return 2;
  }
  const result = holds(given, shell.process);
  if (typeof result === 'boolean') return result ? 0 : 1;
  shell.complain(`${name}: ${result}`);
  return 2;
});

const cd = plain((shell, args) => {
  const { process } = shell;
  const given = args[0] ?? shell.get('HOME', '/');
  const path = process.path(given === '-' ? shell.get('OLDPWD', process.cwd) : given);
  const entry = process.fs.stat(path);
  if (entry?.type !== 'directory') {
    shell.complain(`cd: can't cd to ${given}: ${entry ? 'Not a directory' : 'No such file or directory'}`);
    return 2;
  }
  shell.set('OLDPWD', process.cwd);
  process.cwd = path;
  if (given === '-') process.write(`${path}\n`);
  return 0;
});

const exportVariables = plain((shell, args, name) => {
  const given = args.filter((each) => !/^-[pnrx]$/.test(each));
  if (given.length === 0 && name === 'export') {
    for (const [key, value] of Object.entries(shell.process.env).sort()) shell.process.write(`export ${key}='${value}'\n`);
  }
  for (const each of given) {
    const [, key = each, value] = /^([^=]+)=([\s\S]*)$/.exec(each) ?? [];
    shell.set(key, value ?? shell.get(key), name === 'export');
  }
  return 0;
});

const set = plain((shell, args) => {
  if (args.length === 0) for (const [key, value] of shell.variables()) shell.process.write(`${key}='${value}'\n`);
  let index = 0;
  for (; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--' || !/^[-+]/.test(word)) {
      shell.positional = args.slice(word === '--' ? index + 1 : index);
      break;
    }
    if (word.slice(1) === 'o') {
      index += 1;
      const option = args[index] ?? '';
      const known: Readonly<Record<string, string>> = { errexit: 'e', nounset: 'u', xtrace: 'x', noglob: 'f', allexport: 'a' };
      toggle(shell, known[option] ?? option, word.startsWith('-'));
    } else {
      for (const letter of word.slice(1)) {
        if (letter === 'o') index += 1;
        toggle(shell, letter === 'o' ? (args[index] ?? '') : letter, word.startsWith('-'));
      }
    }
  }
  return 0;
});

const toggle = (shell: Shell, option: string, on: boolean): void => {
  if (on) shell.options.add(option);
  else shell.options.delete(option);
};

const read: Builtin = function* (shell, args) {
  const names: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '-p') {
      index += 1;
      if (shell.process.stdin.isTerminal) shell.process.complain(args[index] ?? '');
    } else if (word === '-t' || word === '-n') index += 1;
    else if (!word.startsWith('-')) names.push(word);
  }
  const line = yield* shell.process.readLine();
  const words = (line ?? '').trim().split(/\s+/);
  const into = names.length === 0 ? ['REPLY'] : names;
  for (const [index, name] of into.entries()) {
    const last = index === into.length - 1;
    shell.set(name, last ? words.slice(index).join(' ') : (words[index] ?? ''));
  }
  yield* shell.checkSignals();
  return line === undefined ? 1 : 0;
};

const evaluate: Builtin = function* (shell, args) {
  try {
    return yield* shell.run(parse(args.join(' ')));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    shell.complain(error.message);
    return 2;
  }
};

const source: Builtin = function* (shell, [file = '', ...args]) {
  const path = shell.process.path(file);
  if (shell.process.fs.stat(path)?.type !== 'file') throw shell.fatal(`.: can't open '${file}': No such file or directory`);
  const positional = shell.positional;
  if (args.length > 0) shell.positional = [...args];
  try {
    return yield* evaluate(shell, [shell.process.fs.read(path).toString('utf8')], '.');
  } catch (error) {
    if (!(error instanceof Leave) || error.to !== 'return') throw error;
    return error.status;
  } finally {
    shell.positional = positional;
  }
};

/** Becomes the program: here, runs it and ends with it. */
const exec: Builtin = function* (shell, args) {
  if (args.length === 0) return 0;
  const { process } = shell;
  const found = findProgram(process, args[0] ?? '');
  if (typeof found === 'string') throw shell.fatal(`exec: ${args[0]}: ${found}`);
  process.argv = args;
  process.memory = 0;
  throw new Exit(yield* found(process));
};

const trap = plain((shell, args) => {
  const [action = '', ...signals] = args;
  if (args.length === 0) return 0;
  const clears = action === '-' || (signals.length === 0 && /^\d+$/.test(action));
  for (const each of signals.length === 0 ? [action] : signals) {
    const number = Number(each);
    const byNumber = Object.entries(signalNumbers).find(([, value]) => value === number)?.[0];
    const name = number === 0 ? 'EXIT' : (byNumber ?? each.toUpperCase().replace(/^SIG/, ''));
    shell.trap(name, clears ? undefined : action === '' ? 'ignore' : parse(action));
  }
  return 0;
});

const wait: Builtin = function* (shell, args) {
  const { process } = shell;
  const wanted = shell.jobs.map((job) => job.process).filter((each) => args.length === 0 || args.includes(String(each.pid)));
  let status = 0;
  for (const child of wanted) {
    while (child.exitCode === undefined) {
      if (shell.pendingTraps.length > 0 || shell.interrupted) {
        yield* shell.checkSignals();
        return 143;
      }
      yield (wake) => child.onExit(wake);
    }
    status = child.exitCode;
  }
  shell.jobs.splice(0, shell.jobs.length, ...shell.jobs.filter((job) => job.process.exitCode === undefined));
  yield* process.breathe();
  return args.length > 0 ? status : 0;
};

const kill = plain((shell, args) => {
  if (args[0] === '-l') {
    shell.process.write(`${Object.keys(signalNumbers).join(' ')}\n`);
    return 0;
  }
  let signal = 'TERM';
  let status = 0;
  for (const [index, word] of args.entries()) {
    if (word === '-s') continue;
    const flag = /^-(.+)$/.exec(word)?.[1] ?? (args[index - 1] === '-s' ? word : undefined);
    if (flag !== undefined) {
      const named = Object.entries(signalNumbers).find(
        ([name, number]) => String(number) === flag || name === flag.toUpperCase().replace(/^SIG/, ''),
      );
      signal = flag === '0' ? '0' : (named?.[0] ?? 'TERM');
      continue;
    }
    const pid = word.startsWith('%') ? shell.jobs[Number(word.slice(1)) - 1]?.process.pid : Number(word);
    const target = shell.process.machine.processes.get(pid ?? 0);
    if (!target) {
      shell.complain(`kill: can't kill pid ${word}: No such process`);
      status = 1;
    } else if (signal !== '0') target.kill(signal as Signal);
  }
  if (shell.process.exitCode !== undefined) throw new Exit(shell.process.exitCode);
  return status;
});

const type = plain((shell, args, name) => {
  const terse = name === 'command';
  const names = args.filter((each) => !each.startsWith('-'));
  let status = 0;
  for (const each of names) {
    const found = findProgram(shell.process, each, (path) => shell.process.write(terse ? `${path}\n` : `${each} is ${path}\n`));
    if (shell.functions.has(each)) shell.process.write(terse ? `${each}\n` : `${each} is a function\n`);
    else if (builtins[each]) shell.process.write(terse ? `${each}\n` : `${each} is a shell builtin\n`);
    else if (typeof found === 'string') {
      if (!terse) shell.process.write(`${each}: not found\n`);
      status = 127;
    }
  }
  return status;
});

const command: Builtin = function* (shell, args, name) {
  if (args[0] === '-v' || args[0] === '-V') return yield* type(shell, args, name);
  const [first = ''] = args;
  const builtin = builtins[first];
  return builtin ? yield* builtin(shell, args.slice(1), first) : yield* shell.external(args);
};

const returns = plain((shell, [status]) => {
  throw new Leave('return', 0, integer(status, shell.status));
});

export const builtins: Readonly<Record<string, Builtin | undefined>> = Object.assign(Object.create(null) as object, {
  ':': plain(() => 0),
  true: plain(() => 0),
  false: plain(() => 1),
  echo,
  printf: plain((shell, [format = '', ...values]) => {
    shell.process.write(printed(format, values));
    return 0;
  }),
  test,
  '[': test,
  cd,
  pwd: plain((shell) => {
    shell.process.write(`${shell.process.cwd}\n`);
    return 0;
  }),
  exit: plain((shell, [status]) => {
    throw new Exit(integer(status, shell.status) & 255);
  }),
  export: exportVariables,
  readonly: exportVariables,
  local: exportVariables,
  declare: exportVariables,
  unset: plain((shell, names) => {
    for (const name of names) shell.unset(name);
    return 0;
  }),
  set,
  shift: plain((shell, [count]) => {
    shell.positional = shell.positional.slice(integer(count, 1));
    return 0;
  }),
  read,
  eval: evaluate,
  '.': source,
  source,
  exec,
  trap,
  wait,
  kill,
  type,
  command,
  return: returns,
  break: leave('break'),
  continue: leave('continue'),
  jobs: plain((shell) => {
    for (const [index, { process, source: text }] of shell.jobs.entries()) {
      shell.process.write(`[${index + 1}]  ${process.exitCode === undefined ? 'Running' : 'Done'}                 ${text}\n`);
    }
    return 0;
  }),
  umask: plain((shell) => {
    shell.process.write('0022\n');
    return 0;
  }),
  ulimit: plain((shell) => {
    shell.process.write('unlimited\n');
    return 0;
  }),
  alias: plain(() => 0),
  hash: plain(() => 0),
});
