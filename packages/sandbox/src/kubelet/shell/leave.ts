/** `break`, `continue` and `return` on their way out. */
export class Leave extends Error {
  constructor(
    readonly to: 'break' | 'continue' | 'return',
    public levels: number,
    readonly status: number,
  ) {
    super(to);
  }
}

/** Ctrl-C at a prompt. */
export class Interrupted extends Error {}
