import type { Part, Program } from '../machine/process.js';
import { Interrupted } from './leave.js';
import { parse } from './parse.js';
import { pipedScript, whole } from './piped-script.js';
import { Shell } from './shell.js';
import { type Script, SyntaxProblem } from './syntax.js';

/** sh, ash, bash: `-c script`, a file, or standard input; with a prompt where that is a terminal. */
export const shellProgram: Program = (process) => {
  const [invoked = 'sh', ...args] = process.argv;
  const shell = new Shell(process, invoked);
  const { script, file, operands, interactive } = options(args, shell);
  process.handlers.set('INT', () => {
    shell.interrupted = true;
  });
  return shell.finish(function* () {
    if (script !== undefined) {
      shell.positional = operands.slice(1);
      return yield* shell.run(whole(shell, script));
    }
    if (file !== undefined) {
      shell.positional = operands;
      const path = process.path(file);
      if (process.fs.stat(path)?.type !== 'file') throw shell.fatal(`can't open '${file}': No such file or directory`);
      return yield* shell.run(whole(shell, process.fs.read(path).toString('utf8')));
    }
    if (interactive || process.stdin.isTerminal) return yield* conversation(shell);
    return yield* pipedScript(shell);
  });
};

function options(args: readonly string[], shell: Shell) {
  let index = 0;
  let command = false;
  let interactive = false;
  for (; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--login' || word === '--norc' || word === '--noprofile') continue;
    if (!/^-[a-z]+$/i.test(word)) break;
    for (const letter of word.slice(1)) {
      if (letter === 'c') command = true;
      else if (letter === 'i') interactive = true;
      else if (letter === 'o') {
        index += 1;
        shell.options.add(args[index] ?? '');
      } else if ('euxfa'.includes(letter)) shell.options.add(letter);
    }
  }
  if (args[index] === '--') index += 1;
  const operands = args.slice(index + 1);
  const first = args[index];
  return { script: command ? (first ?? '') : undefined, file: command ? undefined : first, operands, interactive };
}

/** Line by line, until `exit` or Ctrl-D. */
function* conversation(shell: Shell): Part<number> {
  const { process } = shell;
  shell.interactive = true;
  const { terminal } = process;
  if (terminal && process.stdin === terminal) terminal.shell = process;
  let source = '';
  for (;;) {
    const prompt = source === '' ? promptOf(shell) : '> ';
    if (terminal && process.stdin === terminal) terminal.prompt(prompt);
    const line = yield* promptedLine(shell);
    if (line === 'interrupted') {
      source = '';
      continue;
    }
    if (line === undefined) {
      if (terminal) process.write('\n');
      return shell.status;
    }
    source += `${line}\n`;
    source = yield* oneLine(shell, source);
  }
}

/** Runs what is complete; answers what is not. */
function* oneLine(shell: Shell, source: string): Part<string> {
  let script: Script;
  try {
    script = parse(source);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    if (error.incomplete) return source;
    shell.complain(`${shell.name.replace(/^-/, '')}: ${error.message}`);
    shell.status = 2;
    return '';
  }
  try {
    yield* shell.run(script);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    shell.interrupted = false;
  }
  return '';
}

function* promptedLine(shell: Shell): Part<string | undefined | 'interrupted'> {
  const { process } = shell;
  for (;;) {
    const piece = process.stdin.read();
    if (piece === 'end') return undefined;
    if (piece !== 'wait') {
      process.stdin.unread(piece);
      return yield* process.readLine();
    }
    if (shell.interrupted) {
      shell.interrupted = false;
      shell.status = 130;
      return 'interrupted';
    }
    yield process.stdin.readable;
  }
}

function promptOf({ process }: Shell): string {
  const { user, hostname } = process.machine.facts;
  const mark = user.uid === 0 ? '#' : '$';
  const home = process.env.HOME ?? '/';
  const short = process.cwd === home ? '~' : process.cwd;
  const isBash = process.argv[0]?.endsWith('bash') ?? false;
  if (isBash && process.fs.stat('/etc/redhat-release'))
    return `[${user.name}@${hostname} ${short === '~' ? '~' : short.split('/').pop() || '/'}]${mark} `;
  return isBash
    ? `${user.name}@${hostname}:${short}${mark} `
    : process.fs.stat('/etc/alpine-release') || process.fs.stat('/bin/busybox')
      ? `${short === '~' ? '~' : short} ${mark} `
      : `${mark} `;
}
