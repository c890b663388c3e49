import { channel, type Ending, readFrame, readStatus, resizeFrame, stdinFrame } from './channels';

/** What is used of a browser's WebSocket. */
export interface ShellSocket {
  binaryType: string;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

export type ShellState =
  | { phase: 'connecting' }
  | { phase: 'live' }
  | { phase: 'ended'; ending: Ending }
  /** Cut or refused: no status came. */
  | { phase: 'lost'; reason: string; opened: boolean };

export interface ShellOptions {
  socket: ShellSocket;
  onOutput: (bytes: Uint8Array<ArrayBuffer>) => void;
  onState: (state: ShellState) => void;
}

/** One shell over one socket. It is never started again by itself; what is typed while it is not live is refused, not kept. */
export class ShellSession {
  state: ShellState = { phase: 'connecting' };
  readonly #options: ShellOptions;
  #size: { columns: number; rows: number } | null = null;
  #closed = false;

  constructor(options: ShellOptions) {
    this.#options = options;
    const { socket } = options;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      if (this.#closed) return socket.close();
      this.#set({ phase: 'live' });
      if (this.#size) this.resize(this.#size.columns, this.#size.rows);
    });
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) this.#take(data);
    });
    socket.addEventListener('close', ({ code, reason }) => this.#lost(code, reason));
  }

  /** False: it was refused. */
  write(text: string): boolean {
    if (this.state.phase !== 'live') return false;
    this.#options.socket.send(stdinFrame(text));
    return true;
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    if (this.state.phase === 'live') this.#options.socket.send(resizeFrame(columns, rows));
  }

  close(): void {
    this.#closed = true;
    // Closed while it still connects, a browser writes an error to its console: then it is closed as soon as it is open.
    if (this.state.phase !== 'connecting') this.#options.socket.close();
  }

  #take(data: ArrayBuffer): void {
    const { channel: from, bytes } = readFrame(data);
    if (from === channel.stdout || from === channel.stderr) this.#options.onOutput(bytes);
    else if (from === channel.status) this.#set({ phase: 'ended', ending: readStatus(bytes) });
  }

  #lost(code: number, reason: string): void {
    if (this.state.phase === 'ended') return;
    const opened = this.state.phase === 'live';
    this.#set({
      phase: 'lost',
      opened,
      reason: reason || (opened ? `the connection was cut (${code})` : 'the shell was refused or the pod does not answer'),
    });
  }

  #set(state: ShellState): void {
    this.state = state;
    if (!this.#closed) this.#options.onState(state);
  }
}
