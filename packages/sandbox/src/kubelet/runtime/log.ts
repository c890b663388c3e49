export interface LogLine {
  at: number;
  stream: 'stdout' | 'stderr';
  /** Without its newline. */
  text: string;
  /** Ended without a newline: more of the line may follow. */
  partial?: boolean;
}

const mostLines = 2000;
const mostCharacters = 512 * 1024;

/**
 * What a container wrote: the last 2,000 lines, 512 Ki characters at most. Lines that nobody needs to see happen (access logs) are
 * made when somebody looks.
 */
export class Log {
  private lines: LogLine[] = [];
  private characters = 0;
  private readonly open = { stdout: '', stderr: '' };
  private readonly listeners = new Set<() => void>();
  /** Of all lines ever: what a reader counts with. */
  private dropped = 0;

  /** `later(from, to)`: lines of the time in between, made up as they are asked for. */
  constructor(
    private readonly later: ((from: number, to: number) => LogLine[]) | undefined = undefined,
    private madeUntil = 0,
  ) {}

  write(at: number, stream: 'stdout' | 'stderr', data: string): void {
    this.catchUp(at);
    const parts = (this.open[stream] + data).split('\n');
    this.open[stream] = parts.pop() ?? '';
    for (const text of parts) this.add({ at, stream, text });
    // A line without an end is cut where containerd cuts it.
    if (this.open[stream].length > 16_384) {
      this.add({ at, stream, text: this.open[stream], partial: true });
      this.open[stream] = '';
    }
    for (const listener of this.listeners) listener();
  }

  /** The process ended: what it left without a newline counts as it is. */
  close(at: number): void {
    this.catchUp(at);
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.open[stream] !== '') this.add({ at, stream, text: this.open[stream], partial: true });
      this.open[stream] = '';
    }
    for (const listener of this.listeners) listener();
  }

  /** Lines from number `from` on (0: the first ever), and the number of the next. */
  read(now: number, from = 0): { lines: readonly LogLine[]; next: number } {
    this.catchUp(now);
    return { lines: this.lines.slice(Math.max(from - this.dropped, 0)), next: this.dropped + this.lines.length };
  }

  /** Whether lines come without being written. */
  get growsByItself(): boolean {
    return this.later !== undefined;
  }

  onWrite(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private catchUp(now: number): void {
    if (!this.later || now <= this.madeUntil) return;
    const from = this.madeUntil;
    this.madeUntil = now;
    for (const line of this.later(from, now)) this.add(line);
  }

  private add(line: LogLine): void {
    this.lines.push(line);
    this.characters += line.text.length;
    let excess = 0;
    while (this.lines.length - excess > mostLines || this.characters > mostCharacters) {
      this.characters -= this.lines[excess]?.text.length ?? 0;
      excess += 1;
    }
    if (excess === 0) return;
    this.lines = this.lines.slice(excess);
    this.dropped += excess;
  }
}
