import { Duplex } from 'node:stream';
import { decodeFrame, encodeFrame } from '@fairlead/kube';
import type { WebSocket } from 'ws';

/** What the node says where nothing can be reached at the port. */
export class PortRefused extends Error {
  override readonly name = 'PortRefused';
}

const channels = { data: 0, error: 1 } as const;
const largestErrorBytes = 4096;

/**
 * One connection to a port of a pod, over a WebSocket that speaks v4.channel.k8s.io: channel 0 carries the bytes, channel 1 says what went wrong,
 * and the first message of each is the port's number. The protocol cannot say that only one side has ended: when either does, both have.
 * It stands for a socket where Node's HTTP client wants one.
 */
export class PortStream extends Duplex {
  private readonly announced = new Set<number>();

  constructor(
    private readonly websocket: WebSocket,
    private readonly onBytes: (bytesIn: number, bytesOut: number) => void,
  ) {
    super({ allowHalfOpen: false });
    // Held until somebody reads: a refusal may come with the handshake, before whoever dialled has the stream in hand.
    websocket.once('open', () => websocket.pause());
    websocket.on('message', (message: Buffer) => this.took(message));
    websocket.on('close', (code: number) => {
      // The node closes in order when the pod's side has ended; anything else has lost bytes.
      if (code === 1000 || code === 1005) this.push(null);
      else this.destroy(new Error('the connection to the pod was lost'));
    });
    websocket.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    if (this.websocket.isPaused) this.websocket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.onBytes(chunk.length, 0);
    this.websocket.send(encodeFrame(channels.data, chunk), { binary: true }, (error) => done(error));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.websocket.terminate();
    done(error);
  }

  private took(message: Buffer): void {
    const frame = decodeFrame(message);
    if (!frame || this.destroyed) return;
    if (!this.announced.has(frame.channel)) {
      this.announced.add(frame.channel);
      return;
    }
    if (frame.channel === channels.error) this.destroy(new PortRefused(Buffer.from(frame.data).toString('utf8', 0, largestErrorBytes)));
    else if (frame.channel === channels.data) {
      this.onBytes(0, frame.data.length);
      if (!this.push(frame.data)) this.websocket.pause();
    }
  }

  // What Node's HTTP client asks of a socket. Its owner keeps the time, and the WebSocket's own socket keeps alive.
  setTimeout = (): this => this;
  setNoDelay = (): this => this;
  setKeepAlive = (): this => this;
  ref = (): this => this;
  unref = (): this => this;
}
