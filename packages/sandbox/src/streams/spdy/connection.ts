import type { Duplex } from 'node:stream';
import { dataFrame, FrameReader, goAway, ping, rstStream, type SpdyFrame, synReply } from './frames.js';
import { HeaderCodec } from './header-codec.js';

/** One stream that the client opened. */
export class SpdyStream {
  /** Bytes of the client; undefined: it will send no more. Set before anything else happens. */
  onData: (data: Buffer | undefined) => void = () => {};
  onReset = () => {};
  private ended = false;

  constructor(
    readonly id: number,
    readonly headers: Readonly<Record<string, string>>,
    private readonly send: (frame: Buffer) => void,
  ) {}

  write(data: Buffer): void {
    if (this.ended) return;
    for (let at = 0; at < data.length; at += 32_768) this.send(dataFrame(this.id, data.subarray(at, at + 32_768)));
  }

  /** No more from here. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.send(dataFrame(this.id, Buffer.alloc(0), true));
  }

  reset(): void {
    this.ended = true;
    this.send(rstStream(this.id, 5));
  }
}

const mostStreams = 1000;

/** The server's side of a SPDY/3.1 connection over any duplex stream. Frames are handled one after the other. */
export class SpdyConnection {
  private readonly reader = new FrameReader();
  private readonly codec = new HeaderCodec();
  private readonly streams = new Map<number, SpdyStream>();
  private queue: Promise<void> = Promise.resolve();
  private closed = false;
  private lastStream = 0;

  constructor(
    private readonly transport: Duplex,
    private readonly opened: (stream: SpdyStream) => void,
    private readonly onClose: () => void,
  ) {
    transport.on('data', (data: Buffer) => this.receive(data));
    transport.on('close', () => this.end());
    transport.on('end', () => this.end());
    transport.on('error', () => this.end());
  }

  push(data: Buffer): void {
    if (data.length > 0) this.receive(data);
  }

  /** Everything that was written goes out first. */
  close(): void {
    this.queue = this.queue.then(() => {
      if (this.closed) return;
      this.send(goAway(this.lastStream));
      this.transport.end();
    });
  }

  private receive(data: Buffer): void {
    let frames: SpdyFrame[];
    try {
      frames = this.reader.push(data);
    } catch {
      this.transport.destroy();
      return;
    }
    for (const frame of frames) {
      this.queue = this.queue.then(() => this.handle(frame)).catch(() => void this.transport.destroy());
    }
  }

  private async handle(frame: SpdyFrame): Promise<void> {
    if (this.closed) return;
    switch (frame.type) {
      case 'syn-stream': {
        const headers = await this.codec.decode(frame.block);
        if (this.streams.size >= mostStreams) return this.send(rstStream(frame.stream, 3));
        const stream = new SpdyStream(frame.stream, headers, (bytes) => this.send(bytes));
        this.streams.set(frame.stream, stream);
        this.lastStream = frame.stream;
        this.send(synReply(frame.stream, await this.codec.encode({})));
        this.opened(stream);
        if (frame.last) stream.onData(undefined);
        return;
      }
      case 'headers':
      case 'syn-reply':
        // The compression goes on over every block.
        await this.codec.decode(frame.block);
        return;
      case 'data': {
        const stream = this.streams.get(frame.stream);
        if (!stream) return this.send(rstStream(frame.stream, 2));
        if (frame.data.length > 0) stream.onData(frame.data);
        if (frame.last) stream.onData(undefined);
        return;
      }
      case 'rst-stream':
        this.streams.get(frame.stream)?.onReset();
        this.streams.delete(frame.stream);
        return;
      case 'ping':
        return this.send(ping(frame.id));
      case 'goaway':
      case 'other':
        return;
      default:
        return frame satisfies never;
    }
  }

  private send(bytes: Buffer): void {
    if (!this.closed && this.transport.writable) this.transport.write(bytes);
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.codec.close();
    for (const stream of this.streams.values()) stream.onReset();
    this.streams.clear();
    this.onClose();
  }
}
