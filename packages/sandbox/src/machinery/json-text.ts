/** JSON that is none, in the words of Go's encoding/json. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

/** The value of a JSON text, and the paths of keys that came more than once (`spec.containers[0].name`; the last value counts). Throws JsonTextError. */
export function readJsonText(text: string): { value: unknown; duplicates: string[] } {
  const scan = new Scan(text);
  scan.whole();
  return { value: JSON.parse(text) as unknown, duplicates: scan.duplicates };
}

const maxDepth = 1000;
/** What JavaScript would take for something else than a field. */
export const noKey = '__proto__';
const literals: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

class Scan {
  readonly duplicates: string[] = [];
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): void {
    this.value('', 0);
    this.space();
    if (this.at < this.text.length) this.fail('after top-level value');
  }

  private value(path: string, depth: number): void {
    if (depth > maxDepth) throw new JsonTextError('exceeded max depth');
    this.space();
    const first = this.peek();
    const literal = literals[first];
    if (first === '{') this.object(path, depth);
    else if (first === '[') this.array(path, depth);
    else if (first === '"') this.string();
    else if (first === '-' || (first >= '0' && first <= '9')) this.number();
    else if (literal) this.literal(literal);
    else this.fail('looking for beginning of value');
  }

  private object(path: string, depth: number): void {
    this.at += 1;
    const seen = new Set<string>();
    this.space();
    if (this.peek() === '}') {
      this.at += 1;
      return;
    }
    for (;;) {
      this.space();
      if (this.peek() !== '"') this.fail('looking for beginning of object key string');
      const key = this.string();
      if (key === noKey) throw new JsonTextError(`the sandbox takes no field ${JSON.stringify(key)}`);
      const inner = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) this.duplicates.push(inner);
      seen.add(key);
      this.space();
      if (this.peek() !== ':') this.fail('after object key');
      this.at += 1;
      this.value(inner, depth + 1);
      this.space();
      const next = this.peek();
      if (next !== ',' && next !== '}') this.fail('after object key:value pair');
      this.at += 1;
      if (next === '}') return;
    }
  }

  private array(path: string, depth: number): void {
    this.at += 1;
    this.space();
    if (this.peek() === ']') {
      this.at += 1;
      return;
    }
    for (let index = 0; ; index += 1) {
      this.value(`${path}[${index}]`, depth + 1);
      this.space();
      const next = this.peek();
      if (next !== ',' && next !== ']') this.fail('after array element');
      this.at += 1;
      if (next === ']') return;
    }
  }

  private string(): string {
    const start = this.at;
    this.at += 1;
    let escaped = false;
    for (; ; this.at += 1) {
      const character = this.peek();
      if (character === '"') break;
      if (character < ' ') this.fail('in string literal');
      if (character !== '\\') continue;
      escaped = true;
      this.at += 1;
      const kind = this.peek();
      if (kind === 'u') {
        for (let digit = 0; digit < 4; digit += 1) {
          this.at += 1;
          if (!/[0-9a-fA-F]/.test(this.peek())) this.fail('in \\u hexadecimal character escape');
        }
      } else if (!'"\\/bfnrt'.includes(kind)) this.fail('in string escape code');
    }
    this.at += 1;
    const quoted = this.text.slice(start, this.at);
    return escaped ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  }

  private number(): void {
    const found = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    if (match) {
      this.at += match[0].length;
      return;
    }
    this.at += 1;
    this.fail('in numeric literal');
  }

  private literal(word: string): void {
    for (let index = 0; index < word.length; index += 1, this.at += 1)
      if (this.text[this.at] !== word[index]) this.fail(`in literal ${word} (expecting ${shown(word[index] ?? '')})`);
  }

  private space(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at] ?? '')) this.at += 1;
  }

  private peek(): string {
    const found = this.text[this.at];
    if (found === undefined) throw new JsonTextError('unexpected end of JSON input');
    return found;
  }

  private fail(where: string): never {
    // Where a word or a number breaks off, Go's scanner is given a blank.
    throw new JsonTextError(`invalid character ${shown(this.text[this.at] ?? ' ')} ${where}`);
  }
}

/** As Go quotes a character. */
function shown(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
