/** Characters that would hide or reorder text: controls but tab, bidi marks and overrides, zero width, the line and paragraph separators. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const hidden = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export interface Piece {
  /** Where it begins in the text. */
  at: number;
  text: string;
  /** This stands for a character that cannot be seen. */
  stand: boolean;
}

/** Text as pieces in which every hidden character is written out: "␛", "⟨U+202E⟩". A tab becomes blanks. */
export function showHidden(text: string): Piece[] {
  const clean = text.replaceAll('\t', '    ');
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of clean.matchAll(hidden)) {
    if (match.index > from) pieces.push({ at: from, text: clean.slice(from, match.index), stand: false });
    pieces.push({ at: match.index, text: nameOf(match[0]), stand: true });
    from = match.index + match[0].length;
  }
  if (from < clean.length) pieces.push({ at: from, text: clean.slice(from), stand: false });
  return pieces;
}

function nameOf(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
