import type { LogLine } from './log-line';
import type { Ring } from './ring';

/** What an update did to the rows: gone above, and lines added below. */
export interface LayoutChange {
  goneRows: number;
  addedLines: number;
}

/**
 * Which lines are shown and at which row each begins. A line takes one row, or as many as its text needs at a width in characters, so that
 * nothing has to be measured. Takes lines from the ring as they come and lets go of those that the ring let go.
 */
export class LogLayout {
  #numbers: number[] = [];
  #tops: number[] = [];
  #head = 0;
  #bottom = 0;
  #next: number;

  constructor(
    readonly lines: Ring<LogLine>,
    readonly shows: (line: LogLine) => boolean,
    readonly rowsOf: (line: LogLine) => number,
  ) {
    this.#next = lines.first;
    this.update();
  }

  update(): LayoutChange {
    const before = this.#top;
    while (this.#head < this.#numbers.length && (this.#numbers[this.#head] ?? 0) < this.lines.first) this.#head++;
    const goneRows = this.#top - before;
    if (this.#head > 8192 && this.#head * 2 > this.#numbers.length) {
      this.#numbers = this.#numbers.slice(this.#head);
      this.#tops = this.#tops.slice(this.#head);
      this.#head = 0;
    }
    let addedLines = 0;
    for (let number = Math.max(this.#next, this.lines.first); number < this.lines.end; number++) {
      const line = this.lines.at(number);
      if (!line || !this.shows(line)) continue;
      this.#numbers.push(number);
      this.#tops.push(this.#bottom);
      this.#bottom += this.rowsOf(line);
      addedLines++;
    }
    this.#next = this.lines.end;
    return { goneRows, addedLines };
  }

  get count(): number {
    return this.#numbers.length - this.#head;
  }

  /** Rows of all lines together. */
  get rows(): number {
    return this.#bottom - this.#top;
  }

  /** Ring number of the line at a place. */
  number(index: number): number {
    return this.#numbers[this.#head + index] ?? -1;
  }

  /** The row at which the line at a place begins. */
  top(index: number): number {
    return (this.#tops[this.#head + index] ?? this.#bottom) - this.#top;
  }

  /** Place of the last line that begins at or above a row. */
  indexAt(row: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.top(middle) <= row) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** Place of a line by its ring number, or of the first after it. */
  indexOf(number: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.number(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get #top(): number {
    return this.#tops[this.#head] ?? this.#bottom;
  }
}

/** Wide characters take two columns; marks that stand for hidden ones a few. Close enough to never cut text: rows may only be too tall. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    columns += char === '\t' ? 4 : code < 0x20 || (code >= 0x7f && code < 0xa0) ? 8 : code < 0x1100 ? 1 : 2;
  }
  return columns;
}
