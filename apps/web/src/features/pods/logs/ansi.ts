/** A run of text that looks the same. Colours are names of tokens, never values from the log. */
export interface Span {
  /** Where it begins in the line. */
  at: number;
  text: string;
  color: AnsiColor | null;
  bold: boolean;
  faint: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
}

export const ansiColors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
export type AnsiColor = (typeof ansiColors)[number];

type Look = Omit<Span, 'text' | 'at'>;
const plain: Look = { color: null, bold: false, faint: false, italic: false, underline: false, inverse: false };

/** ESC and what belongs to it: CSI, OSC and other strings with their ends, two-character escapes; the same in their 8-bit forms. */
const escapes =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\x1b\[([0-9;:]*)([ -/]*)([@-~])|\x9b[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)|\x1b[ -/]*[0-~]?/g;

/** One line as runs of text. Of all escapes only SGR is understood; the others are taken out. Ends its look at the end of the line. */
export function readAnsi(line: string): Span[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: most lines hold no escape
  if (!/[\x1b\x80-\x9f]/.test(line)) return line === '' ? [] : [{ ...plain, at: 0, text: line }];
  const spans: Span[] = [];
  let look = plain;
  let from = 0;
  const add = (text: string) => {
    if (text !== '') spans.push({ ...look, at: from, text });
  };
  for (const match of line.matchAll(escapes)) {
    add(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[3] === 'm' && match[2] === '') look = sgr(look, match[1] ?? '');
  }
  add(line.slice(from));
  return spans;
}

/** The line as it is searched and copied: without escapes. */
export const stripAnsi = (line: string): string => readAnsi(line).reduce((text, span) => text + span.text, '');

function sgr(look: Look, codes: string): Look {
  const list = codes === '' ? [0] : codes.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let next = look;
  for (let i = 0; i < list.length; i++) {
    const code = list[i] ?? 0;
    if (code === 38 || code === 48) {
      // 256 colours and true colours would leave the theme's contrasts: taken out with what belongs to them.
      const skip = list[i + 1] === 5 ? 2 : list[i + 1] === 2 ? 4 : 0;
      if (code === 38) next = { ...next, color: skip === 2 ? indexed(list[i + 2] ?? -1) : null };
      i += skip;
    } else next = apply(next, code);
  }
  return next;
}

const indexed = (index: number): AnsiColor | null => (index >= 0 && index < 16 ? (ansiColors[index % 8] ?? null) : null);

function apply(look: Look, code: number): Look {
  if (code >= 30 && code <= 37) return { ...look, color: ansiColors[code - 30] ?? null };
  if (code >= 90 && code <= 97) return { ...look, color: ansiColors[code - 90] ?? null };
  switch (code) {
    case 0:
      return plain;
    case 1:
      return { ...look, bold: true };
    case 2:
      return { ...look, faint: true };
    case 3:
      return { ...look, italic: true };
    case 4:
      return { ...look, underline: true };
    case 7:
      return { ...look, inverse: true };
    case 22:
      return { ...look, bold: false, faint: false };
    case 23:
      return { ...look, italic: false };
    case 24:
      return { ...look, underline: false };
    case 27:
      return { ...look, inverse: false };
    case 39:
      return { ...look, color: null };
    default:
      return look;
  }
}
