/** The cluster's answer is no HTTP/1.1 that has one reading. Nothing more is read from its connection. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

export interface AnswerSink {
  /** Names and values in turn, as they came. */
  head(code: number, rawHeaders: string[]): void;
  body(bytes: Buffer): void;
  /** The answer is whole. */
  end(): void;
}

const maxHeadBytes = 32 * 1024;
const maxLineBytes = 256;
const maxTrailerBytes = 8 * 1024;

/**
 * Reads one answer of HTTP/1.1 as its bytes come; bodies are handed on as views of what came, never copied. Strict: lines end with CRLF, lengths have one
 * reading, and what has two (a length and chunks, two lengths, a folded line) is refused. Interim answers (1xx) are passed over.
 */
export class AnswerReader {
  /** The answer is whole, and nothing came after it. */
  whole = false;
  /** Its end was told by the answer itself, and the server did not ask for the connection's end. */
  keepsAlive = false;
  private state: 'head' | 'length' | 'until close' | 'chunk size' | 'chunk' | 'chunk end' | 'trailer' = 'head';
  private rest: Buffer | null = null;
  private left = 0;
  private trailerBytes = 0;

  constructor(
    private readonly isHead: boolean,
    private readonly sink: AnswerSink,
  ) {}

  /** @throws BadAnswer */
  read(bytes: Buffer): void {
    let chunk = bytes;
    if (this.rest) {
      chunk = Buffer.concat([this.rest, bytes]);
      this.rest = null;
    }
    let at = 0;
    while (at < chunk.length) {
      if (this.whole) throw new BadAnswer('more came than was asked for');
      const next = this.step(chunk, at);
      if (next === -1) {
        this.rest = at === 0 ? chunk : chunk.subarray(at);
        return;
      }
      at = next;
    }
  }

  /** The connection ended. Is the answer whole by that? */
  closed(): boolean {
    if (this.state === 'until close' && !this.whole) this.complete();
    return this.whole;
  }

  /** Reads on from `at` and answers how far; -1 when more must come first. */
  private step(chunk: Buffer, at: number): number {
    switch (this.state) {
      case 'head':
        return this.readHead(chunk, at);
      case 'until close':
        this.sink.body(at === 0 ? chunk : chunk.subarray(at));
        return chunk.length;
      case 'length':
      case 'chunk':
        return this.readBody(chunk, at);
      case 'chunk size':
        return this.readChunkSize(chunk, at);
      case 'chunk end':
        if (chunk.length - at < 2) return -1;
        if (chunk[at] !== 13 || chunk[at + 1] !== 10) throw new BadAnswer('a chunk is longer than it says');
        this.state = 'chunk size';
        return at + 2;
      case 'trailer':
        return this.readTrailer(chunk, at);
      default:
        return this.state satisfies never;
    }
  }

  private readHead(chunk: Buffer, at: number): number {
    const end = chunk.indexOf('\r\n\r\n', at, 'latin1');
    if (end === -1 ? chunk.length - at > maxHeadBytes : end - at > maxHeadBytes) throw new BadAnswer('its head is too large');
    if (end === -1) return -1;
    const { code, rawHeaders, framing, close } = readHead(chunk.toString('latin1', at, end));
    if (code === 101) throw new BadAnswer('it switched protocols without being asked');
    if (code < 200) return end + 4;
    this.keepsAlive = !close;
    const empty = this.isHead || code === 204 || code === 304 || framing === 0;
    if (!empty) {
      if (framing === 'chunked') this.state = 'chunk size';
      else if (framing === null) {
        this.state = 'until close';
        this.keepsAlive = false;
      } else {
        this.state = 'length';
        this.left = framing;
      }
    }
    this.sink.head(code, rawHeaders);
    if (empty) this.complete();
    return end + 4;
  }

  private readBody(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.left);
    this.left -= end - at;
    this.sink.body(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    if (this.left === 0) {
      if (this.state === 'length') this.complete();
      else this.state = 'chunk end';
    }
    return end;
  }

  private readChunkSize(chunk: Buffer, at: number): number {
    const end = lineEnd(chunk, at, maxLineBytes);
    if (end === -1) return -1;
    const size = /^([0-9a-f]{1,8})(?:[ \t]*;[\t\x20-\x7e]*)?$/i.exec(chunk.toString('latin1', at, end))?.[1];
    if (size === undefined) throw new BadAnswer('a chunk has no size');
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? 'trailer' : 'chunk';
    return end + 2;
  }

  /** Trailers say nothing that is passed on. */
  private readTrailer(chunk: Buffer, at: number): number {
    const end = lineEnd(chunk, at, maxTrailerBytes);
    if (end === -1) return -1;
    this.trailerBytes += end - at;
    if (this.trailerBytes > maxTrailerBytes) throw new BadAnswer('its trailers are too large');
    if (end === at) this.complete();
    return end + 2;
  }

  private complete(): void {
    this.whole = true;
    this.sink.end();
  }
}

interface Head {
  code: number;
  rawHeaders: string[];
  /** Bytes of the body; null: until the connection closes. */
  framing: number | 'chunked' | null;
  close: boolean;
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/;
const blanks = /^[ \t]+|[ \t]+$/g;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const control = /[\x00-\x08\x0a-\x1f\x7f]/;

function readHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const status = statusLine.exec(first);
  if (!status || control.test(first)) throw new BadAnswer('it does not begin like HTTP/1.1');
  const head: Head = { code: Number(status[2]), rawHeaders: [], framing: null, close: status[1] === '0' };
  let length: string | undefined;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(blanks, '');
    if (colon < 1 || !token.test(name) || control.test(value)) throw new BadAnswer('a header cannot be read');
    head.rawHeaders.push(name, value);
    switch (name.toLowerCase()) {
      case 'content-length':
        if (length !== undefined || !/^\d{1,15}$/.test(value)) throw new BadAnswer('its length has more than one reading');
        length = value;
        break;
      case 'transfer-encoding':
        if (head.framing !== null || value.toLowerCase() !== 'chunked') throw new BadAnswer('its transfer encoding is not known');
        head.framing = 'chunked';
        break;
      case 'connection':
        if (/(?:^|,)\s*close\s*(?:,|$)/i.test(value)) head.close = true;
        break;
    }
  }
  if (length !== undefined) {
    if (head.framing !== null) throw new BadAnswer('its length has more than one reading');
    head.framing = Number(length);
  }
  return head;
}

/** Where the CRLF of the line at `at` is; -1 while it has not come. @throws BadAnswer */
function lineEnd(chunk: Buffer, at: number, max: number): number {
  const end = chunk.indexOf(10, at);
  if ((end === -1 ? chunk.length : end) - at > max) throw new BadAnswer('a line is too long');
  if (end === -1) return -1;
  if (end === at || chunk[end - 1] !== 13) throw new BadAnswer('a line does not end with CRLF');
  return end - 1;
}
