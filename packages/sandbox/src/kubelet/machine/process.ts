import { BrokenPipe, type Input, type Output } from './channel.js';
import { absolute, type FileSystem } from './file-system.js';
import type { Machine } from './machine.js';
import type { Terminal } from './terminal.js';

/** What a process waits for: arms `wake`, answers the undo. */
export type Wait = (wake: () => void) => () => void;
/** A program as it runs: it yields what it waits for, and returns its exit code. */
export type Running = Generator<Wait, number, void>;
/** A piece of a program. */
export type Part<T = void> = Generator<Wait, T, void>;
export type Program = (process: Process) => Running;
export type Programs = Readonly<Record<string, Program | undefined>>;

export type Signal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'PIPE' | 'TERM' | 'USR1' | 'USR2' | 'WINCH';
export const signalNumbers: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  TERM: 15,
  WINCH: 28,
};

/** Thrown inside a program to end it. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

export interface ProcessOptions {
  argv: readonly string[];
  program: Program;
  env: Readonly<Record<string, string>>;
  cwd: string;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  parent?: Process;
  terminal?: Terminal | undefined;
}

/** Steps before a program that waits for nothing is taken for busy. */
const stepsAtOnce = 1500;
const longestBreathMs = 5000;

export class Process {
  readonly pid: number;
  argv: readonly string[];
  env: Record<string, string>;
  cwd: string;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  readonly terminal: Terminal | undefined;
  readonly startedAt: number;
  readonly parent: Process | undefined;
  readonly children = new Set<Process>();
  /** 'ignore', or what to do instead of ending. */
  readonly handlers = new Map<Signal, 'ignore' | (() => void)>();
  exitCode: number | undefined;
  killedBy: Signal | undefined;
  /** Bytes that its variables take, told by the shell. */
  memory = 0;
  private readonly opened: (Input | Output)[];
  private readonly body: Running;
  private undo: (() => void) | undefined;
  private readonly enders = new Set<() => void>();
  private steps = 0;
  private breathMs = 10;
  private burst = 0;

  constructor(
    readonly machine: Machine,
    options: ProcessOptions,
  ) {
    this.pid = machine.nextPid();
    this.argv = options.argv;
    this.env = { ...options.env };
    this.cwd = options.cwd;
    this.stdin = options.stdin;
    this.stdout = options.stdout;
    this.stderr = options.stderr;
    this.terminal = options.terminal ?? options.parent?.terminal;
    this.parent = options.parent;
    this.startedAt = machine.clock.now();
    this.opened = [this.stdin, this.stdout, this.stderr];
    for (const each of this.opened) each.open?.();
    options.parent?.children.add(this);
    this.body = options.program(this);
  }

  get fs(): FileSystem {
    return this.machine.fs;
  }

  get now(): number {
    return this.machine.clock.now();
  }

  path(name: string): string {
    return absolute(this.cwd, name);
  }

  /** Runs until it waits or ends. Only the machine calls it. */
  run(): void {
    if (this.exitCode !== undefined) return;
    this.undo = undefined;
    try {
      const { done, value } = this.body.next();
      if (this.exitCode !== undefined) this.body.return(this.exitCode);
      else if (done) this.end(value);
      else this.arm(value);
    } catch (error) {
      if (error instanceof Exit) this.end(error.code);
      else if (error instanceof BrokenPipe) this.end(128 + signalNumbers.PIPE, 'PIPE');
      else throw error;
    }
  }

  kill(signal: Signal): void {
    if (this.exitCode !== undefined) return;
    if (signal !== 'KILL') {
      const handler = this.handlers.get(signal);
      if (typeof handler === 'function') {
        handler();
        this.machine.ready(this);
      }
      // The first process of a container gets only the signals that it asked for.
      if (handler !== undefined || this.pid === 1 || signal === 'WINCH') return;
    }
    this.end(128 + signalNumbers[signal], signal);
  }

  onExit(listener: () => void): () => void {
    this.enders.add(listener);
    return () => this.enders.delete(listener);
  }

  write(text: string | Buffer): void {
    this.stdout.write(typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
  }

  complain(text: string): void {
    this.stderr.write(Buffer.from(text, 'utf8'));
  }

  *sleep(ms: number): Part {
    const until = this.now + Math.ceil(ms);
    while (this.now < until) yield (wake) => this.machine.clock.after(until - this.now, wake);
  }

  /** Until what it wrote is taken. */
  *flush(): Part {
    while (this.stdout.full) yield this.stdout.drained;
  }

  *waitFor(child: Process): Part<number> {
    while (child.exitCode === undefined) yield (wake) => child.onExit(wake);
    return child.exitCode;
  }

  /** The next piece of standard input; undefined at its end. */
  *readPiece(): Part<Buffer | undefined> {
    for (;;) {
      const piece = this.stdin.read();
      if (piece === 'end') return undefined;
      if (piece !== 'wait') return piece;
      yield this.stdin.readable;
    }
  }

  *readAll(): Part<Buffer> {
    const pieces: Buffer[] = [];
    for (let piece = yield* this.readPiece(); piece; piece = yield* this.readPiece()) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** Without its newline; undefined at the end. */
  *readLine(): Part<string | undefined> {
    let line: Buffer = Buffer.alloc(0);
    for (let piece = yield* this.readPiece(); piece; piece = yield* this.readPiece()) {
      const end = piece.indexOf(10);
      if (end !== -1) {
        this.stdin.unread(piece.subarray(end + 1));
        return Buffer.concat([line, piece.subarray(0, end)]).toString('utf8');
      }
      line = Buffer.concat([line, piece]);
    }
    return line.length > 0 ? line.toString('utf8') : undefined;
  }

  /** To be called in every loop: a program that never waits gets a whole core for a while, then the others run. */
  *breathe(): Part {
    this.steps += 1;
    if (this.steps < stepsAtOnce) return;
    this.steps = 0;
    this.burst += 1;
    this.machine.burn(this.breathMs);
    const until = this.now + this.breathMs;
    if (this.burst > 20) this.breathMs = Math.min(this.breathMs * 2, longestBreathMs);
    while (this.now < until) yield (wake) => this.machine.clock.after(until - this.now, wake);
  }

  private arm(wait: Wait): void {
    let woken = false;
    const undo = wait(() => {
      if (woken) return;
      woken = true;
      this.machine.ready(this);
    });
    if (this.steps < stepsAtOnce / 2) this.steps = Math.max(this.steps - 10, 0);
    this.undo = undo;
  }

  private end(code: number, signal?: Signal): void {
    if (this.exitCode !== undefined) return;
    this.undo?.();
    this.undo = undefined;
    this.exitCode = code;
    this.killedBy = signal;
    this.memory = 0;
    // A program that kills itself goes on to its next wait, and no further.
    if (signal && this.machine.current !== this) this.body.return(code);
    this.parent?.children.delete(this);
    this.machine.ended(this);
    for (const each of this.opened) each.close?.();
    for (const each of this.enders) each();
    this.enders.clear();
  }
}
