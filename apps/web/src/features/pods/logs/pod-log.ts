import { LineReader, type ReadLine } from './line-reader';

/** What is used of a browser's WebSocket. */
export interface LogSocket {
  binaryType: string;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
  close(): void;
}

export type PodLogState =
  | { phase: 'connecting' }
  | { phase: 'open' }
  | { phase: 'ended' }
  | { phase: 'lost'; reason: string; since: number };

export interface PodLogOptions {
  /** Address of the stream; `since` continues after a cut (RFC 3339, whole seconds). */
  connect: (since: string | null) => LogSocket;
  /** Comes again after an end or a cut. Without it an end is the end. */
  follow: boolean;
  onLines: (lines: ReadLine[]) => void;
  onState: (state: PodLogState) => void;
  now?: () => number;
  /** Wait before the next attempt, in milliseconds. */
  waitMs?: (attempt: number) => number;
}

const defaultWait = (attempt: number) => Math.min(15_000, 1000 * 2 ** attempt);

/**
 * The log of one container. After a cut it asks from the last time it saw and drops what it already had: each line comes once, and in order.
 * The cluster keeps whole seconds for `sinceTime`, so the last second comes twice; a line is known by its time to the nanosecond and its text.
 */
export class PodLog {
  #socket: LogSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #attempt = 0;
  #last: string | null = null;
  #atLast = new Set<string>();
  #stopped = false;
  #isOpen = false;
  readonly #options: PodLogOptions;

  constructor(options: PodLogOptions) {
    this.#options = options;
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    // Closed while it still connects, a browser writes an error to its console: that one closes itself as soon as it is open.
    if (this.#isOpen) this.#socket?.close();
  }

  #open(): void {
    const { connect, onState, follow, waitMs = defaultWait, now = Date.now } = this.#options;
    onState({ phase: 'connecting' });
    const reader = new LineReader();
    const resumed = this.#last;
    const socket = connect(resumed?.replace(/\.\d+/, '') ?? null);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    let opened = false;
    socket.addEventListener('open', () => {
      if (this.#stopped) return socket.close();
      opened = true;
      this.#isOpen = true;
      onState({ phase: 'open' });
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#stopped || !(typeof data === 'string' || data instanceof ArrayBuffer)) return;
      this.#attempt = 0;
      this.#give(reader.read(data));
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.#isOpen = false;
      if (this.#stopped) return;
      this.#give(reader.end());
      const clean = opened && (code === 1000 || code === 1005);
      if (clean && !follow) return onState({ phase: 'ended' });
      if (clean) onState({ phase: 'ended' });
      else
        onState({
          phase: 'lost',
          reason: reason || (opened ? 'the stream was cut' : 'the stream was refused or the pod does not answer'),
          since: now(),
        });
      if (!follow) return;
      this.#timer = setTimeout(() => this.#open(), waitMs(this.#attempt++));
    });
  }

  #give(lines: ReadLine[]): void {
    const fresh = lines.filter((line) => this.#isNew(line));
    if (fresh.length > 0) this.#options.onLines(fresh);
  }

  #isNew({ stamp, text }: ReadLine): boolean {
    if (stamp === null) return true;
    if (this.#last !== null && stamp < this.#last) return false;
    if (stamp === this.#last) {
      if (this.#atLast.has(text)) return false;
      this.#atLast.add(text);
      return true;
    }
    this.#last = stamp;
    this.#atLast = new Set([text]);
    return true;
  }
}
