/** SPDY/3.1 frames, so far as the API server's streams use them. */
export type SpdyFrame =
  | { type: 'data'; stream: number; data: Buffer; last: boolean }
  | { type: 'syn-stream'; stream: number; block: Buffer; last: boolean; oneWay: boolean }
  | { type: 'syn-reply'; stream: number; block: Buffer; last: boolean }
  | { type: 'rst-stream'; stream: number; status: number }
  | { type: 'ping'; id: number }
  | { type: 'goaway' }
  | { type: 'headers'; stream: number; block: Buffer; last: boolean }
  /** Settings and window updates: nobody here minds them. */
  | { type: 'other' };

export class SpdyError extends Error {}

/** Cuts frames out of bytes as they come. Throws SpdyError for what is no SPDY. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  push(data: Buffer): SpdyFrame[] {
    this.rest = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    const frames: SpdyFrame[] = [];
    while (this.rest.length >= 8) {
      if ((this.rest[0] ?? 0) >= 0x80 && this.rest.readUInt16BE(0) !== 0x8003) throw new SpdyError('not SPDY/3');
      const length = this.rest.readUInt32BE(4) & 0xffffff;
      if (this.rest.length < 8 + length) break;
      frames.push(decode(this.rest.subarray(0, 8), this.rest.subarray(8, 8 + length)));
      this.rest = this.rest.subarray(8 + length);
    }
    return frames;
  }
}

function decode(head: Buffer, body: Buffer): SpdyFrame {
  const first = head.readUInt32BE(0);
  const last = ((head[4] ?? 0) & 1) !== 0;
  if (first >>> 31 === 0) return { type: 'data', stream: first, data: body, last };
  const stream = body.length >= 4 ? body.readUInt32BE(0) & 0x7fffffff : 0;
  switch (first & 0xffff) {
    case 1:
      return { type: 'syn-stream', stream, block: body.subarray(10), last, oneWay: ((head[4] ?? 0) & 2) !== 0 };
    case 2:
      return { type: 'syn-reply', stream, block: body.subarray(4), last };
    case 3:
      return { type: 'rst-stream', stream, status: body.readUInt32BE(4) };
    case 6:
      return { type: 'ping', id: body.readUInt32BE(0) };
    case 7:
      return { type: 'goaway' };
    case 8:
      return { type: 'headers', stream, block: body.subarray(4), last };
    default:
      return { type: 'other' };
  }
}

const control = (type: number, flags: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8003, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(flags * 0x1000000 + body.length, 4);
  return Buffer.concat([head, body]);
};
const number = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
};

export function dataFrame(stream: number, data: Buffer, last = false): Buffer {
  return Buffer.concat([number(stream, (last ? 0x1000000 : 0) + data.length), data]);
}
export const synStream = (stream: number, block: Buffer): Buffer =>
  control(1, 0, Buffer.concat([number(stream, 0), Buffer.alloc(2), block]));
export const synReply = (stream: number, block: Buffer): Buffer => control(2, 0, Buffer.concat([number(stream), block]));
export const rstStream = (stream: number, status: number): Buffer => control(3, 0, number(stream, status));
export const ping = (id: number): Buffer => control(6, 0, number(id));
export const goAway = (lastStream: number): Buffer => control(7, 0, number(lastStream, 0));

/** Name and value pairs as they are before compression. */
export function encodeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(headers);
  const pieces = [number(entries.length)];
  for (const text of entries.flat()) pieces.push(number(Buffer.byteLength(text)), Buffer.from(text));
  return Buffer.concat(pieces);
}

export function decodeHeaders(block: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let at = 0;
  const take = (): string => {
    const length = block.readUInt32BE(at);
    if (at + 4 + length > block.length) throw new SpdyError('headers are cut short');
    at += 4 + length;
    return block.toString('utf8', at - length, at);
  };
  const count = block.readUInt32BE(0);
  at = 4;
  for (let index = 0; index < count; index += 1) {
    const name = take().toLowerCase();
    headers[name] = take();
  }
  return headers;
}
