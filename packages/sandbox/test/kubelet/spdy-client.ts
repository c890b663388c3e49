import type { Duplex } from 'node:stream';
import { dataFrame, FrameReader, type SpdyFrame, synStream } from '../../src/streams/spdy/frames.js';
import { HeaderCodec } from '../../src/streams/spdy/header-codec.js';

/** A client's side of SPDY/3.1, for tests: opens streams and collects what comes on them. */
export class SpdyClient {
  private readonly codec = new HeaderCodec();
  private readonly reader = new FrameReader();
  private readonly received = new Map<number, { data: string; ended: boolean }>();
  private readonly waiting = new Set<() => void>();
  private next = 1;

  constructor(private readonly transport: Duplex) {
    transport.on('data', (data: Buffer) => {
      for (const frame of this.reader.push(data)) this.take(frame);
      for (const wake of this.waiting) wake();
    });
  }

  async open(headers: Readonly<Record<string, string>>): Promise<number> {
    const id = this.next;
    this.next += 2;
    this.received.set(id, { data: '', ended: false });
    this.transport.write(synStream(id, await this.codec.encode(headers)));
    return id;
  }

  write(id: number, data: string, last = false): void {
    this.transport.write(dataFrame(id, Buffer.from(data), last));
  }

  /** All of a stream, when it has ended. */
  all(id: number): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.received.get(id);
        if (found?.ended) resolve(found.data);
      };
      this.waiting.add(look);
      look();
    });
  }

  private take(frame: SpdyFrame): void {
    if (frame.type !== 'data') return;
    const found = this.received.get(frame.stream);
    if (!found) return;
    found.data += frame.data.toString('utf8');
    found.ended ||= frame.last;
  }
}
