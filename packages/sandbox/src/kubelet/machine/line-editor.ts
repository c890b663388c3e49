interface Heard {
  line(text: string): void;
  /** Ctrl-D on an empty line. */
  end(): void;
  signal(signal: 'INT' | 'QUIT'): void;
}

const keys: Readonly<Record<string, string>> = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x1b[H': 'home',
  '\x1b[1~': 'home',
  '\x1bOH': 'home',
  '\x1b[F': 'end',
  '\x1b[4~': 'end',
  '\x1bOF': 'end',
  '\x1b[3~': 'delete',
  '\x01': 'home',
  '\x05': 'end',
  '\x02': 'left',
  '\x06': 'right',
  '\x10': 'up',
  '\x0e': 'down',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x15': 'kill before',
  '\x0b': 'kill after',
  '\x17': 'kill word',
  '\x0c': 'clear',
};

/** One line as it is typed: echoes, edits, and remembers the lines before. Keeps at most 4,096 characters of a line. */
export class LineEditor {
  private prompt = '';
  private text = '';
  private cursor = 0;
  private history: string[] = [];
  private at = 0;
  private pending = '';
  private remembers = false;

  constructor(
    private readonly show: (text: string) => void,
    private readonly heard: Heard,
  ) {}

  /** A new prompt: what was typed ahead stays. */
  begin(prompt: string): void {
    this.prompt = prompt;
    this.remembers = true;
    this.at = this.history.length;
    this.show(prompt + this.text);
  }

  type(input: string): void {
    let rest = this.pending + input;
    this.pending = '';
    while (rest !== '') {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in them
      const found = /^\x1b(?:[[O][0-9;]*[A-Za-z~]?)?/.exec(rest);
      const sequence = found?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
      // An escape sequence that is not complete yet waits for its rest.
      if (found && !/[A-Za-z~]$/.test(sequence.slice(2)) && sequence.length === rest.length && sequence.length < 8 && rest.length > 1) {
        this.pending = rest;
        return;
      }
      rest = rest.slice(sequence.length);
      this.key(sequence);
    }
  }

  private key(key: string): void {
    if (key === '\r' || key === '\n') {
      this.enter();
      return;
    }
    if (key === '\x03' || key === '\x1c') {
      this.interrupt(key === '\x03' ? 'INT' : 'QUIT');
      return;
    }
    if (key === '\x04') {
      if (this.text === '') this.heard.end();
      else this.replace(this.text.slice(0, this.cursor) + this.text.slice(this.cursor + 1), this.cursor);
      return;
    }
    const name = keys[key];
    if (name) this.edit(name);
    else if (!key.startsWith('\x1b') && (key >= ' ' || key === '\t') && this.text.length < 4096) this.insert(key);
  }

  private edit(name: string): void {
    const { text, cursor } = this;
    switch (name) {
      case 'left':
        this.move(cursor - 1);
        return;
      case 'right':
        this.move(cursor + 1);
        return;
      case 'home':
        this.move(0);
        return;
      case 'end':
        this.move(text.length);
        return;
      case 'backspace':
        if (cursor > 0) this.replace(text.slice(0, cursor - 1) + text.slice(cursor), cursor - 1);
        return;
      case 'delete':
        this.replace(text.slice(0, cursor) + text.slice(cursor + 1), cursor);
        return;
      case 'kill before':
        this.replace(text.slice(cursor), 0);
        return;
      case 'kill after':
        this.replace(text.slice(0, cursor), cursor);
        return;
      case 'kill word': {
        const kept = text.slice(0, cursor).replace(/\S*\s*$/, '');
        this.replace(kept + text.slice(cursor), kept.length);
        return;
      }
      case 'clear':
        this.show(`\x1b[H\x1b[J${this.prompt}`);
        this.show(text);
        this.back(text.length - cursor);
        return;
      case 'up':
      case 'down':
        this.recall(name === 'up' ? -1 : 1);
        return;
      default:
        return;
    }
  }

  private insert(key: string): void {
    const after = this.text.slice(this.cursor);
    this.text = this.text.slice(0, this.cursor) + key + after;
    this.cursor += key.length;
    this.show(key + after);
    this.back(after.length);
  }

  private enter(): void {
    const line = this.text;
    this.show('\r\n');
    if (this.remembers && line.trim() !== '' && this.history.at(-1) !== line) this.history.push(line);
    if (this.history.length > 200) this.history.shift();
    this.reset();
    this.heard.line(line);
  }

  private interrupt(signal: 'INT' | 'QUIT'): void {
    this.show(signal === 'INT' ? '^C\r\n' : '^\\\r\n');
    this.reset();
    this.heard.signal(signal);
  }

  private reset(): void {
    this.text = '';
    this.cursor = 0;
    this.at = this.history.length;
    this.prompt = '';
  }

  private recall(step: number): void {
    const at = this.at + step;
    if (!this.remembers || at < 0 || at > this.history.length) return;
    this.at = at;
    const line = this.history[at] ?? '';
    this.replace(line, line.length);
  }

  private move(to: number): void {
    const at = Math.min(Math.max(to, 0), this.text.length);
    if (at > this.cursor) this.show(this.text.slice(this.cursor, at));
    else this.back(this.cursor - at);
    this.cursor = at;
  }

  /** Draws the line anew from its first column. */
  private replace(text: string, cursor: number): void {
    this.back(this.cursor);
    this.show(`${text}\x1b[K`);
    this.back(text.length - cursor);
    this.text = text;
    this.cursor = cursor;
  }

  private back(columns: number): void {
    if (columns > 0) this.show('\b'.repeat(columns));
  }
}
