import type { Input, Output } from './channel.js';
import { LineEditor } from './line-editor.js';
import type { Process, Signal, Wait } from './process.js';

/**
 * A terminal between a person and the processes of an exec: echo, line editing, newlines, Ctrl-C and Ctrl-D. Bytes come by `type`; what is
 * to be shown goes to `show`.
 */
export class Terminal implements Input, Output {
  readonly isTerminal = true;
  readonly full = false;
  readonly drained: Wait = () => () => {};
  columns = 80;
  rows = 24;
  /** The shell that reads lines here: Ctrl-C spares it. */
  shell: Process | undefined;
  private lines: Buffer[] = [];
  private ended = false;
  private hungUp = false;
  private readonly wakes = new Set<() => void>();
  private readonly editor: LineEditor;

  constructor(
    private readonly show: (data: Buffer) => void,
    private readonly foreground: () => Iterable<Process>,
  ) {
    this.editor = new LineEditor((text) => show(Buffer.from(text, 'utf8')), {
      line: (line) => this.take(Buffer.from(`${line}\n`, 'utf8')),
      end: () => {
        this.ended = true;
        this.wake();
      },
      signal: (signal) => this.signal(signal),
    });
  }

  type(data: Buffer): void {
    this.editor.type(data.toString('utf8'));
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    for (const process of this.foreground()) process.kill('WINCH');
  }

  /** The person went away. */
  hangUp(): void {
    this.hungUp = true;
    for (const process of [...this.foreground()].reverse()) process.kill('HUP');
    this.wake();
  }

  /** Prompts, and remembers lines for the arrow keys from here on. */
  prompt(text: string): void {
    this.editor.begin(text);
  }

  write(data: Buffer): void {
    // ONLCR
    this.show(data.includes(10) ? Buffer.from(data.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1') : data);
  }

  read(): Buffer | 'wait' | 'end' {
    const first = this.lines.shift();
    if (first) return first;
    if (!this.ended && !this.hungUp) return 'wait';
    this.ended = false;
    return 'end';
  }

  unread(data: Buffer): void {
    if (data.length > 0) this.lines.unshift(data);
  }

  readonly readable: Wait = (wake) => {
    this.wakes.add(wake);
    return () => this.wakes.delete(wake);
  };

  private take(line: Buffer): void {
    this.lines.push(line);
    this.wake();
  }

  private wake(): void {
    for (const each of [...this.wakes]) each();
  }

  private signal(signal: Signal): void {
    const others = [...this.foreground()].filter((process) => process !== this.shell);
    for (const process of others.reverse()) process.kill(signal);
    this.shell?.kill(signal);
  }
}
