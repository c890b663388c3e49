import { findProgram } from '../commands/find-program.js';
import { type Input, nothing, type Output, Pipe, sink } from '../machine/channel.js';
import { Exit, type Part, type Process, type Program, type Running, type Signal } from '../machine/process.js';
import { ArithmeticError } from './arithmetic.js';
import { builtins } from './builtins.js';
import { compound } from './compound.js';
import { expandText, expandWords } from './expand.js';
import { Interrupted, Leave } from './leave.js';
import { redirect } from './redirect.js';
import type { Command, Pipeline, Script, Statement } from './syntax.js';

interface Descriptors {
  stdin: Input;
  stdout: Output;
  stderr: Output;
}

const deepest = 60;

/** One shell: its variables, functions and options, over a process of the machine. */
export class Shell {
  readonly options = new Set<string>();
  readonly functions = new Map<string, Command>();
  readonly traps = new Map<string, Script>();
  readonly jobs: { process: Process; source: string }[] = [];
  positional: string[] = [];
  status = 0;
  lastBackground = 0;
  interactive = false;
  interrupted = false;
  /** The command whose failure does not end a `set -e` shell. */
  private tested = 0;
  private depth = 0;
  private readonly local = new Map<string, string>();
  readonly pendingTraps: Script[] = [];

  constructor(
    readonly process: Process,
    readonly name = 'sh',
  ) {}

  get(name: string, otherwise = ''): string {
    return this.lookup(name) ?? otherwise;
  }

  lookup(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status);
      case '$':
        return String(this.process.pid);
      case '!':
        return this.lastBackground ? String(this.lastBackground) : '';
      case '#':
        return String(this.positional.length);
      case '@':
      case '*':
        return this.positional.join(' ');
      case '-':
        return [...this.options].join('');
      case '0':
        return this.name;
      case 'PWD':
        return this.process.cwd;
      case 'RANDOM':
        return String(Math.floor(this.process.machine.random() * 32768));
      default:
        if (/^\d+$/.test(name)) return this.positional[Number(name) - 1];
        return this.local.get(name) ?? this.process.env[name];
    }
  }

  set(name: string, value: string, exported = false): void {
    const memory = this.process.memory - (this.lookup(name)?.length ?? 0) + value.length;
    this.process.machine.claimMemory(memory);
    this.process.memory = memory;
    if (exported || this.options.has('a') || Object.hasOwn(this.process.env, name)) {
      this.process.env[name] = value;
      this.local.delete(name);
    } else this.local.set(name, value);
  }

  unset(name: string): void {
    this.local.delete(name);
    delete this.process.env[name];
    this.functions.delete(name);
  }

  variables(): [string, string][] {
    return [...Object.entries(this.process.env), ...this.local].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  complain(message: string): void {
    this.process.complain(`${this.interactive || this.name.startsWith('-') ? '' : `${this.name}: `}${message}\n`);
  }

  /** Says why and ends the shell (an interactive one only its line). */
  fatal(message: string): Error {
    this.complain(message);
    return this.interactive ? new Interrupted() : new Exit(2);
  }

  *run(script: Script): Part<number> {
    for (const statement of script) {
      if (statement.background) this.startInBackground(statement);
      else yield* this.statement(statement);
    }
    return this.status;
  }

  /** Traps that are due run between two commands; Ctrl-C leaves here. */
  *checkSignals(): Part {
    for (let trap = this.pendingTraps.shift(); trap; trap = this.pendingTraps.shift()) {
      const status = this.status;
      yield* this.run(trap);
      this.status = status;
    }
    if (this.interrupted) {
      this.interrupted = false;
      this.status = 130;
      throw this.interactive ? new Interrupted() : new Exit(130);
    }
  }

  /** Standard output of a script, without the newlines at its end. */
  *capture(script: Script): Part<string> {
    const pieces: Buffer[] = [];
    const child = this.fork(script, { ...this.descriptors(), stdout: sink((data) => void pieces.push(data)) }, 'sh');
    this.status = yield* this.process.waitFor(child);
    return Buffer.concat(pieces).toString('utf8').replace(/\n+$/, '');
  }

  trap(signal: string, script: Script | 'ignore' | undefined): void {
    if (signal === 'EXIT') {
      if (script && script !== 'ignore') this.traps.set('EXIT', script);
      else this.traps.delete('EXIT');
    } else if (script === undefined) this.process.handlers.delete(signal as Signal);
    else this.process.handlers.set(signal as Signal, script === 'ignore' ? 'ignore' : () => this.pendingTraps.push(script));
  }

  /** Ends with the EXIT trap. */
  *finish(body: () => Part<number>): Running {
    let code: number;
    try {
      code = yield* body();
    } catch (error) {
      if (error instanceof Exit) code = error.code;
      else if (error instanceof Leave) code = error.status;
      else throw error;
    }
    const last = this.traps.get('EXIT');
    this.traps.delete('EXIT');
    if (last) {
      this.status = code;
      try {
        yield* this.run(last);
      } catch (error) {
        if (!(error instanceof Exit)) throw error;
        code = error.code;
      }
    }
    return code;
  }

  private *statement({ first, rest }: Statement): Part {
    if (rest.length > 0) this.tested += 1;
    try {
      yield* this.pipeline(first);
    } finally {
      if (rest.length > 0) this.tested -= 1;
    }
    for (const [index, { operator, pipeline }] of rest.entries()) {
      if ((operator === '&&') !== (this.status === 0)) continue;
      const last = index === rest.length - 1;
      if (!last) this.tested += 1;
      try {
        yield* this.pipeline(pipeline);
      } finally {
        if (!last) this.tested -= 1;
      }
    }
    yield* this.checkSignals();
  }

  private *pipeline({ negated, commands, timed }: Pipeline): Part {
    const began = this.process.now;
    if (negated) this.tested += 1;
    try {
      const [only] = commands;
      if (commands.length === 1 && only) yield* this.command(only);
      else yield* this.piped(commands);
    } finally {
      if (negated) this.tested -= 1;
    }
    if (negated) this.status = this.status === 0 ? 1 : 0;
    else if (this.status !== 0 && this.options.has('e') && this.tested === 0) throw new Exit(this.status);
    if (timed) {
      const seconds = (this.process.now - began) / 1000;
      this.process.complain(`real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
    }
  }

  private *piped(commands: readonly Command[]): Part {
    const children: Process[] = [];
    let stdin = this.process.stdin;
    for (const [index, command] of commands.entries()) {
      const pipe = index < commands.length - 1 ? new Pipe() : undefined;
      const given = { ...this.descriptors(), stdin, ...(pipe ? { stdout: pipe.writeEnd } : {}) };
      children.push(this.fork(command, given, this.name));
      if (pipe) stdin = pipe.readEnd;
    }
    const codes: number[] = [];
    for (const child of children) codes.push(yield* this.process.waitFor(child));
    this.status = (this.options.has('pipefail') ? codes.findLast((code) => code !== 0) : codes.at(-1)) ?? 0;
  }

  private *command(command: Command): Part {
    yield* this.process.breathe();
    if (this.depth > deepest) throw this.fatal('maximum function recursion depth exceeded');
    this.depth += 1;
    const before = this.descriptors();
    try {
      if (command.type === 'simple') yield* this.simple(command);
      else {
        if (!(yield* redirect(this, command.redirects))) return;
        yield* compound(this, command, {
          test: (condition) => this.test(condition),
          subshell: (body) => this.process.waitFor(this.fork(body, this.descriptors(), this.name)),
        });
      }
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      throw this.fatal(error.message);
    } finally {
      Object.assign(this.process, before);
      this.depth -= 1;
    }
  }

  private *test(condition: Script): Part<number> {
    this.tested += 1;
    try {
      return yield* this.run(condition);
    } finally {
      this.tested -= 1;
    }
  }

  private *simple({ assignments, words, redirects }: Extract<Command, { type: 'simple' }>): Part {
    const argv = yield* expandWords(this, words);
    if (this.options.has('x') && argv.length > 0) this.process.complain(`+ ${argv.join(' ')}\n`);
    if (!(yield* redirect(this, redirects))) return;
    const [name, ...args] = argv;
    if (name === undefined) {
      this.status = 0;
      for (const { name: variable, value } of assignments) this.set(variable, yield* expandText(this, value));
      return;
    }
    const own = this.functions.get(name);
    const builtin = own ? undefined : builtins[name];
    if (own || builtin) {
      for (const { name: variable, value } of assignments) this.set(variable, yield* expandText(this, value));
      this.status = own ? yield* this.call(own, args) : yield* builtin?.(this, args, name) ?? nothingToDo();
      return;
    }
    const env = { ...this.process.env };
    for (const { name: variable, value } of assignments) env[variable] = yield* expandText(this, value);
    this.status = yield* this.external(argv, env);
  }

  /** A program of the image. */
  *external(argv: readonly string[], env: Readonly<Record<string, string>> = this.process.env): Part<number> {
    const [name = ''] = argv;
    const found = findProgram(this.process, name);
    if (typeof found === 'string') {
      this.complain(`${name}: ${found}`);
      return found === 'Permission denied' || found === 'Is a directory' ? 126 : 127;
    }
    const child = this.spawn(argv, found, env, this.descriptors());
    return yield* this.process.waitFor(child);
  }

  private *call(body: Command, args: readonly string[]): Part<number> {
    const positional = this.positional;
    this.positional = [...args];
    try {
      yield* this.command(body);
    } catch (error) {
      if (!(error instanceof Leave) || error.to !== 'return') throw error;
      this.status = error.status;
    } finally {
      this.positional = positional;
    }
    return this.status;
  }

  private startInBackground({ first, rest, source }: Statement): void {
    const script: Script = [{ first, rest, background: false, source }];
    const child = this.fork(script, { ...this.descriptors(), stdin: nothing }, this.name);
    child.argv = [source];
    this.jobs.push({ process: child, source });
    this.lastBackground = child.pid;
    this.status = 0;
    if (this.interactive) this.process.complain(`[${this.jobs.length}] ${child.pid}\n`);
  }

  private fork(what: Script | Command, given: Descriptors, name: string): Process {
    const body: Program = (process) => {
      const copy = new Shell(process, this.name);
      for (const option of this.options) copy.options.add(option);
      for (const [key, value] of this.local) copy.local.set(key, value);
      for (const [key, value] of this.functions) copy.functions.set(key, value);
      copy.positional = [...this.positional];
      copy.status = this.status;
      copy.lastBackground = this.lastBackground;
      return copy.finish(function* () {
        if ('type' in what) yield* copy.command(what);
        else yield* copy.run(what);
        return copy.status;
      });
    };
    return this.spawn([name], body, this.process.env, given);
  }

  private spawn(argv: readonly string[], program: Program, env: Readonly<Record<string, string>>, given: Descriptors): Process {
    return this.process.machine.spawn({ argv, program, env, cwd: this.process.cwd, ...given, parent: this.process });
  }

  private descriptors(): Descriptors {
    const { stdin, stdout, stderr } = this.process;
    return { stdin, stdout, stderr };
  }
}

// biome-ignore lint/correctness/useYield: a program that does nothing waits for nothing
function* nothingToDo(): Part<number> {
  return 0;
}
