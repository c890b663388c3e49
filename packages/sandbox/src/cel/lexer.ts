import type { Problem } from './problem.js';

export interface Token {
  kind: 'ident' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'punctuation' | 'end';
  text: string;
  at: number;
  /** What a string or bytes literal stands for. */
  value?: string | Uint8Array;
}

const number = /(?:0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)/y;
const ident = /[A-Za-z_][A-Za-z0-9_]*/y;
const blank = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y;
const escapedIdent = /`[a-zA-Z0-9_.\-/ ]+`/y;
const punctuation = /==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}]/y;
const opening = /(?:[rR][bB]?|[bB][rR]?)?("""|'''|"|')/y;

/** Reads what it can; what is no token is a problem, and is passed over. */
export function tokenize(source: string): { tokens: Token[]; problems: Problem[] } {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  let at = 0;
  const match = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    return expression.exec(source);
  };
  while (at < source.length) {
    const skipped = match(blank);
    if (skipped) {
      at += skipped[0].length;
      continue;
    }
    const opened = match(opening);
    if (opened) {
      const read = literal(source, at, opened[0], opened[1] ?? '');
      if ('token' in read) tokens.push(read.token);
      else problems.push({ at, message: `Syntax error: token recognition error at: '${read.unread}'` });
      at += 'token' in read ? read.token.text.length : read.unread.length;
      continue;
    }
    const digits = match(number);
    if (digits && !(digits[0].startsWith('.') && /[A-Za-z0-9_)\]}]/.test(source[at - 1] ?? ''))) {
      tokens.push(numberToken(source, at, digits[0]));
      at += tokens.at(-1)?.text.length ?? 1;
      continue;
    }
    const word = match(ident);
    const sign = word ? null : (match(punctuation) ?? match(escapedIdent));
    const text = word?.[0] ?? sign?.[0];
    if (text === undefined) {
      problems.push({ at, message: `Syntax error: token recognition error at: '${source[at]}'` });
      at += 1;
      continue;
    }
    tokens.push({ kind: word ? 'ident' : 'punctuation', text, at });
    at += text.length;
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: source.length });
  return { tokens, problems };
}

function numberToken(source: string, at: number, digits: string): Token {
  const isDouble = !digits.startsWith('0x') && /[.eE]/.test(digits);
  if (isDouble) return { kind: 'double', text: digits, at };
  const uint = /[uU]/.test(source[at + digits.length] ?? '');
  return uint ? { kind: 'uint', text: digits + source[at + digits.length], at } : { kind: 'int', text: digits, at };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
};

/** `prefix` is what opens it, `quote` the quotes in it. */
function literal(source: string, at: number, prefix: string, quote: string): { token: Token } | { unread: string } {
  const letters = prefix.slice(0, -quote.length).toLowerCase();
  const [raw, isBytes] = [letters.includes('r'), letters.includes('b')];
  const single = quote.length === 1;
  const parts: (string | number)[] = [];
  let position = at + prefix.length;
  for (;;) {
    const next = source[position];
    if (next === undefined || (single && (next === '\n' || next === '\r'))) return { unread: source.slice(at, position) };
    if (source.startsWith(quote, position)) break;
    if (next !== '\\' || raw) {
      parts.push(next);
      position += 1;
      continue;
    }
    const found = escaped(source, position + 1, isBytes);
    if (!found) return { unread: source.slice(at, position + 2) };
    parts.push(found.value);
    position += 1 + found.length;
  }
  const text = source.slice(at, position + quote.length);
  const value = isBytes
    ? Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part & 0xff]) : Buffer.from(part, 'utf8'))))
    : parts.map((part) => (typeof part === 'number' ? String.fromCodePoint(part) : part)).join('');
  return { token: { kind: isBytes ? 'bytes' : 'string', text, at, value } };
}

function escaped(source: string, at: number, isBytes: boolean): { value: string | number; length: number } | undefined {
  const simple = simpleEscapes[source[at] ?? ''];
  if (simple !== undefined) return { value: simple, length: 1 };
  const rest = source.slice(at, at + 9);
  const [found, octal, hex, short, long] = /^(?:([0-3][0-7]{2})|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest) ?? [];
  if (found === undefined || (isBytes && (short ?? long) !== undefined)) return undefined;
  const value = octal ? Number.parseInt(octal, 8) : Number.parseInt(hex ?? short ?? long ?? '0', 16);
  return value > 0x10ffff ? undefined : { value, length: found.length };
}
