import type { Piece, Script, Word } from './syntax.js';
import { SyntaxProblem } from './syntax.js';

/** Reads the words of a script: quotes, parameters, substitutions, here-documents. */
export abstract class WordReader {
  protected position = 0;

  constructor(protected source: string) {}

  protected abstract nested(): Script;

  protected atEnd(): boolean {
    return this.position >= this.source.length;
  }

  protected peek(): string {
    return this.source[this.position] ?? '';
  }

  protected rest(): string {
    return this.source.slice(this.position);
  }

  protected skipSpace(): void {
    for (;;) {
      if (this.peek() === ' ' || this.peek() === '\t' || this.peek() === '\r') this.position += 1;
      else if (this.peek() === '\\' && this.source[this.position + 1] === '\n') this.position += 2;
      else if (this.peek() === '#') while (!this.atEnd() && this.peek() !== '\n') this.position += 1;
      else return;
    }
  }

  protected skipLines(): void {
    for (this.skipSpace(); this.peek() === '\n' || (this.peek() === ';' && this.source[this.position + 1] !== ';'); this.skipSpace()) {
      this.position += 1;
    }
  }

  /** The plain word that comes next, for keywords; undefined where it is none. */
  protected peekWord(): string | undefined {
    return /^[^\s;&|()<>'"$`\\]+/.exec(this.source.slice(this.position, this.position + 64))?.[0];
  }

  protected takeWord(word: string): void {
    this.position += word.length;
  }

  protected takeName(): string {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.rest())?.[0];
    if (!name) throw new SyntaxProblem('syntax error: bad for loop variable');
    this.position += name.length;
    return name;
  }

  protected word(): Word {
    const pieces: Piece[] = [];
    const start = this.position;
    while (!this.atEnd()) {
      const next = this.peek();
      if (' \t\r\n;&|()<>'.includes(next)) break;
      if (next === "'") pieces.push({ type: 'text', text: this.single(), quoted: true });
      else if (next === '"') pieces.push(...this.double());
      else if (next === '\\') {
        this.position += 2;
        const escaped = this.source[this.position - 1];
        if (escaped === undefined) throw new SyntaxProblem('syntax error: unexpected end of file', true);
        if (escaped !== '\n') pieces.push({ type: 'text', text: escaped, quoted: true });
      } else if (next === '$' || next === '`') pieces.push(this.dollar(false));
      else {
        const plain = /^[^\s;&|()<>'"\\$`]+/.exec(this.rest())?.[0] ?? next;
        this.position += plain.length;
        pieces.push({ type: 'text', text: plain, quoted: false });
      }
    }
    if (this.position === start) throw new SyntaxProblem(`syntax error: unexpected "${this.peek()}"`);
    return pieces;
  }

  /** The text up to the line that is the delimiter; it is cut out of the source. */
  protected hereDocument(stripTabs: boolean): Word {
    const delimiter = this.word();
    const end = delimiter.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
    const literal = delimiter.some((piece) => piece.type === 'text' && piece.quoted);
    const lineEnd = this.source.indexOf('\n', this.position);
    if (lineEnd === -1) throw new SyntaxProblem('syntax error: unexpected end of file', true);
    const lines: string[] = [];
    let at = lineEnd + 1;
    for (;;) {
      if (at >= this.source.length) throw new SyntaxProblem('syntax error: unexpected end of file', true);
      const next = this.source.indexOf('\n', at);
      const raw = this.source.slice(at, next === -1 ? undefined : next);
      const line = stripTabs ? raw.replace(/^\t+/, '') : raw;
      at = next === -1 ? this.source.length : next + 1;
      if (line === end) break;
      lines.push(`${line}\n`);
    }
    this.source = this.source.slice(0, lineEnd + 1) + this.source.slice(at);
    const text = lines.join('');
    if (literal) return [{ type: 'text', text, quoted: true }];
    return this.within(text, (reader) => reader.quotedPieces(undefined));
  }

  private within(text: string, read: (reader: WordReader) => Word): Word {
    const [source, position] = [this.source, this.position];
    this.source = text;
    this.position = 0;
    try {
      return read(this);
    } finally {
      this.source = source;
      this.position = position;
    }
  }

  private single(): string {
    const end = this.source.indexOf("'", this.position + 1);
    if (end === -1) throw new SyntaxProblem('syntax error: unterminated quoted string', true);
    const text = this.source.slice(this.position + 1, end);
    this.position = end + 1;
    return text;
  }

  private double(): Piece[] {
    this.position += 1;
    const pieces = this.quotedPieces('"');
    // "" is a word too.
    return pieces.length === 0 ? [{ type: 'text', text: '', quoted: true }] : [...pieces];
  }

  private quotedPieces(end: '"' | undefined): Piece[] {
    const pieces: Piece[] = [];
    for (;;) {
      if (this.atEnd()) {
        if (end === undefined) return pieces;
        throw new SyntaxProblem('syntax error: unterminated quoted string', true);
      }
      const next = this.peek();
      if (next === end) {
        this.position += 1;
        return pieces;
      }
      if (next === '$' || next === '`') pieces.push(this.dollar(true));
      else if (next === '\\') {
        const escaped = this.source[this.position + 1] ?? '';
        this.position += 2;
        if (escaped !== '\n') pieces.push({ type: 'text', text: '$`"\\'.includes(escaped) ? escaped : `\\${escaped}`, quoted: true });
      } else {
        const plain = /^[^"\\$`]+/.exec(this.rest())?.[0] ?? next;
        this.position += plain.length;
        pieces.push({ type: 'text', text: plain, quoted: true });
      }
    }
  }

  private dollar(quoted: boolean): Piece {
    if (this.peek() === '`') return this.backquoted(quoted);
    const rest = this.rest();
    if (rest.startsWith('$((')) return this.arithmetic(quoted);
    if (rest.startsWith('$(')) {
      this.position += 2;
      const script = this.nested();
      if (this.peek() !== ')') throw new SyntaxProblem('syntax error: unexpected end of file (expecting ")")', this.atEnd());
      this.position += 1;
      return { type: 'command', script, quoted };
    }
    if (rest.startsWith('${')) return this.braced(quoted);
    const name = /^\$([A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(rest);
    if (!name?.[1]) {
      this.position += 1;
      return { type: 'text', text: '$', quoted };
    }
    this.position += name[0].length;
    return { type: 'parameter', name: name[1], operator: '', argument: [], quoted };
  }

  private backquoted(quoted: boolean): Piece {
    const end = this.source.indexOf('`', this.position + 1);
    if (end === -1) throw new SyntaxProblem('syntax error: unterminated backquote', true);
    const text = this.source.slice(this.position + 1, end).replace(/\\([`$\\])/g, '$1');
    let script: Script = [];
    this.within(text, (reader) => {
      script = reader.nested();
      return [];
    });
    this.position = end + 1;
    return { type: 'command', script, quoted };
  }

  private arithmetic(quoted: boolean): Piece {
    let depth = 0;
    let at = this.position + 3;
    for (; at < this.source.length; at += 1) {
      if (this.source[at] === '(') depth += 1;
      if (this.source[at] === ')') {
        if (depth === 0) break;
        depth -= 1;
      }
    }
    if (!this.source.startsWith('))', at)) throw new SyntaxProblem('syntax error: missing "))"', at >= this.source.length);
    const text = this.source.slice(this.position + 3, at);
    this.position = at + 2;
    return { type: 'arithmetic', expression: this.within(text, (reader) => reader.quotedPieces(undefined)), quoted };
  }

  private braced(quoted: boolean): Piece {
    const end = this.closingBrace();
    const inner = this.source.slice(this.position + 2, end);
    this.position = end + 1;
    const length = /^#([A-Za-z_][A-Za-z0-9_]*|[0-9@*]+)$/.exec(inner);
    if (length?.[1]) return { type: 'parameter', name: length[1], operator: 'length', argument: [], quoted };
    const match = /^([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(:[-=+?]|##?|%%?|[-=+?]|\/\/?|:)?([\s\S]*)$/.exec(inner);
    if (!match?.[1]) throw new SyntaxProblem('syntax error: bad substitution');
    const [, name, operator = '', text = ''] = match;
    return { type: 'parameter', name, operator, argument: this.within(text, (reader) => reader.argumentPieces(quoted)), quoted };
  }

  private argumentPieces(quoted: boolean): Word {
    if (quoted) return this.quotedPieces(undefined);
    const pieces: Piece[] = [];
    while (!this.atEnd()) {
      if (/[\s;&|()<>]/.test(this.peek())) {
        pieces.push({ type: 'text', text: this.peek(), quoted: false });
        this.position += 1;
      } else pieces.push(...this.word());
    }
    return pieces;
  }

  private closingBrace(): number {
    let depth = 0;
    for (let at = this.position + 2; at < this.source.length; at += 1) {
      const next = this.source[at];
      if (next === '\\') at += 1;
      else if (next === '{') depth += 1;
      else if (next === '}') {
        if (depth === 0) return at;
        depth -= 1;
      }
    }
    throw new SyntaxProblem('syntax error: unterminated "${"', true);
  }
}
