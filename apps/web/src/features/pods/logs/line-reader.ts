/** A line of a pod's log with its time, as the cluster wrote it. */
export interface ReadLine {
  /** RFC 3339 with nanoseconds; null when the line had none. */
  stamp: string | null;
  text: string;
}

const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/;

/** Makes lines of bytes as they come; a line or a character may be cut anywhere. */
export class LineReader {
  readonly #decoder = new TextDecoder();
  #rest = '';

  read(bytes: ArrayBuffer | string): ReadLine[] {
    this.#rest += typeof bytes === 'string' ? bytes : this.#decoder.decode(bytes, { stream: true });
    const parts = this.#rest.split('\n');
    this.#rest = parts.pop() ?? '';
    return parts.map(readLine);
  }

  /** What is left without an end of line. */
  end(): ReadLine[] {
    const rest = this.#rest + this.#decoder.decode();
    this.#rest = '';
    return rest === '' ? [] : [readLine(rest)];
  }
}

function readLine(line: string): ReadLine {
  const stamp = stamped.exec(line);
  const text = (stamp ? line.slice(stamp[0].length) : line).replace(/\r$/, '');
  return { stamp: stamp?.[1] ?? null, text };
}

/** Orders times with different numbers of decimals; the same as text order within one zone, which is what a cluster writes. */
export function stampMs(stamp: string | null): number {
  return stamp ? Date.parse(stamp.replace(/(\.\d{3})\d*/, '$1')) : Number.NaN;
}
