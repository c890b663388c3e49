import type { Wait } from './process.js';

/** Where a process reads. `wait`: nothing yet; ask again after `readable`. */
export interface Input {
  readonly isTerminal?: boolean;
  read(): Buffer | 'wait' | 'end';
  /** Gives back what was read too much. */
  unread(data: Buffer): void;
  readonly readable: Wait;
  open?(): void;
  close?(): void;
}

/** Where a process writes. `full`: wait for `drained` before more. */
export interface Output {
  readonly isTerminal?: boolean;
  readonly full: boolean;
  readonly drained: Wait;
  /** Throws BrokenPipe. */
  write(data: Buffer): void;
  open?(): void;
  close?(): void;
}

export class BrokenPipe extends Error {}

const never: Wait = () => () => {};

/** /dev/null as an input; as an output it takes everything. */
export const nothing: Input & Output = {
  full: false,
  drained: never,
  write: () => {},
  read: () => 'end',
  unread: () => {},
  readable: never,
};

/** An output that hands everything on at once. */
export const sink = (take: (data: Buffer) => void): Output => ({ full: false, drained: never, write: take });

/** An input that has all it will ever have. */
export class GivenInput implements Input {
  readonly readable = never;
  private rest: Buffer;

  constructor(data: Buffer) {
    this.rest = data;
  }

  read(): Buffer | 'end' {
    if (this.rest.length === 0) return 'end';
    const all = this.rest;
    this.rest = Buffer.alloc(0);
    return all;
  }

  unread(data: Buffer): void {
    this.rest = Buffer.concat([data, this.rest]);
  }
}

const highWater = 64 * 1024;

/** Bytes from some writers to a reader. It ends when the last writer closed; writing without a reader is a broken pipe. */
export class Pipe implements Input, Output {
  private pieces: Buffer[] = [];
  private bytes = 0;
  private readonly wakes = new Set<() => void>();
  private writers = 0;
  private readers = 0;
  private hadWriter = false;
  private hadReader = false;
  /** The two ends, to be opened and closed by themselves. */
  readonly writeEnd: Output;
  readonly readEnd: Input;

  constructor() {
    const pipe = this;
    this.writeEnd = {
      get full() {
        return pipe.full;
      },
      drained: pipe.drained,
      write: (data) => pipe.write(data),
      open: () => {
        pipe.writers += 1;
        pipe.hadWriter = true;
      },
      close: () => {
        pipe.writers -= 1;
        pipe.wake();
      },
    };
    this.readEnd = {
      read: () => pipe.read(),
      unread: (data) => pipe.unread(data),
      readable: pipe.readable,
      open: () => {
        pipe.readers += 1;
        pipe.hadReader = true;
      },
      close: () => {
        pipe.readers -= 1;
        pipe.wake();
      },
    };
  }

  get full(): boolean {
    return this.bytes >= highWater && !(this.hadReader && this.readers === 0);
  }

  readonly readable: Wait = (wake) => this.listen(wake);
  readonly drained: Wait = (wake) => this.listen(wake);

  write(data: Buffer): void {
    if (this.hadReader && this.readers === 0) throw new BrokenPipe();
    if (data.length === 0) return;
    this.pieces.push(data);
    this.bytes += data.length;
    this.wake();
  }

  read(): Buffer | 'wait' | 'end' {
    if (this.bytes === 0) return this.hadWriter && this.writers === 0 ? 'end' : 'wait';
    const all = Buffer.concat(this.pieces);
    this.pieces = [];
    this.bytes = 0;
    this.wake();
    return all;
  }

  unread(data: Buffer): void {
    if (data.length === 0) return;
    this.pieces.unshift(data);
    this.bytes += data.length;
  }

  private listen(wake: () => void): () => void {
    this.wakes.add(wake);
    return () => this.wakes.delete(wake);
  }

  private wake(): void {
    for (const each of [...this.wakes]) each();
  }
}
