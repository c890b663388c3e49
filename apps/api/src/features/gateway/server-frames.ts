import { channel, encodeFrame, type Status } from '@fairlead/kube';

/**
 * Follows a server's WebSocket frames without changing them, to know whether words of our own may follow now: between two messages and nowhere else.
 */
export class ServerFrames {
  private readonly head = Buffer.alloc(14);
  private held = 0;
  private payloadLeft = 0;
  private final = true;
  private data = false;

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.payloadLeft > 0) {
        const step = Math.min(this.payloadLeft, chunk.length - at);
        this.payloadLeft -= step;
        at += step;
        continue;
      }
      this.head[this.held++] = chunk[at++] ?? 0;
      const size = headSize(this.head, this.held);
      if (this.held < size) continue;
      const opcode = (this.head[0] ?? 0) & 0x0f;
      // Control frames may stand between the parts of a message.
      if (opcode < 8) this.final = ((this.head[0] ?? 0) & 0x80) !== 0;
      if (opcode < 8) this.data = true;
      this.payloadLeft = payloadSize(this.head);
      this.held = 0;
    }
  }

  /** May a whole message be sent now? */
  get betweenMessages(): boolean {
    return this.held === 0 && this.payloadLeft === 0 && (this.final || !this.data);
  }
}

function headSize(head: Buffer, held: number): number {
  if (held < 2) return 2;
  const length = (head[1] ?? 0) & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((head[1] ?? 0) & 0x80 ? 4 : 0);
}

function payloadSize(head: Buffer): number {
  const length = (head[1] ?? 0) & 0x7f;
  if (length === 126) return head.readUInt16BE(2);
  if (length === 127) return Number(head.readBigUInt64BE(2));
  return length;
}

/** A Status on the error channel (where there are channels), then the close with 1008: the right is gone. */
export function farewell(reason: Status, withStatus: boolean): Buffer {
  const close = Buffer.alloc(2);
  close.writeUInt16BE(1008);
  const words = Buffer.from(reason.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 120));
  const end = frame(8, Buffer.concat([close, words]));
  return withStatus ? Buffer.concat([frame(2, encodeFrame(channel.error, JSON.stringify(reason))), end]) : end;
}

function frame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 4 : 2);
  head[0] = 0x80 | opcode;
  if (long) {
    head[1] = 126;
    head.writeUInt16BE(payload.length, 2);
  } else head[1] = payload.length;
  return Buffer.concat([head, payload]);
}
