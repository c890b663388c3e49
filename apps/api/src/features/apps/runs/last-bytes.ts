/** So much of a run's log is kept. */
export const keptBytes = 256 * 1024;

/** The end of a text that comes in pieces, in whole lines where there was more. */
export class LastBytes {
  private pieces: Uint8Array[] = [];
  private size = 0;

  constructor(private readonly limit = keptBytes) {}

  push(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.size += piece.length;
    // One byte more than asked for says whether a line begins there.
    while (this.size - (this.pieces[0]?.length ?? 0) > this.limit) this.size -= this.pieces.shift()?.length ?? 0;
  }

  /** Without what a database cannot keep. */
  read(): { text: string; truncated: boolean } {
    const all = Buffer.concat(this.pieces);
    const from = Math.max(0, all.length - this.limit);
    const line = from > 0 && all[from - 1] !== 10 ? all.indexOf(10, from) + 1 : from;
    const whole = all.subarray(line > 0 && line < all.length ? line : from);
    return { text: whole.toString('utf8').replaceAll('\0', ''), truncated: from > 0 };
  }
}
