import type { Command, Pipeline, Redirect, Script, Statement, Word } from './syntax.js';
import { SyntaxProblem } from './syntax.js';
import { WordReader } from './words.js';

const reserved = new Set(['if', 'then', 'elif', 'else', 'fi', 'while', 'until', 'for', 'do', 'done', 'case', 'esac', '{', '}', '!', 'in']);
const enders = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}']);

/** Throws SyntaxProblem. */
export function parse(source: string): Script {
  const parser = new Parser(source);
  const script = parser.script();
  parser.expectEnd();
  return script;
}

class Parser extends WordReader {
  script(until: (text: string) => boolean = () => false): Script {
    const statements: Statement[] = [];
    for (;;) {
      this.skipLines();
      if (this.atEnd() || this.peek() === ')' || this.rest().startsWith(';;')) break;
      const word = this.peekWord();
      if (word !== undefined && (until(word) || enders.has(word))) break;
      statements.push(this.statement());
    }
    return statements;
  }

  expectEnd(): void {
    this.skipLines();
    if (!this.atEnd()) throw new SyntaxProblem(`syntax error: unexpected "${this.peekWord() ?? this.peek()}"`);
  }

  protected nested(): Script {
    return this.script();
  }

  private statement(): Statement {
    const start = this.position;
    const first = this.pipeline();
    const rest: Statement['rest'] = [];
    for (;;) {
      this.skipSpace();
      const operator = this.rest().startsWith('&&') ? '&&' : this.rest().startsWith('||') ? '||' : undefined;
      if (!operator) break;
      this.position += 2;
      this.skipLines();
      rest.push({ operator, pipeline: this.pipeline() });
    }
    const source = this.source.slice(start, this.position).trim();
    this.skipSpace();
    const background = this.peek() === '&';
    if (background || (this.peek() === ';' && !this.rest().startsWith(';;'))) this.position += 1;
    return { first, rest, background, source };
  }

  private pipeline(): Pipeline {
    this.skipSpace();
    let negated = false;
    let timed = false;
    for (let word = this.peekWord(); word === '!' || word === 'time'; word = this.peekWord()) {
      this.takeWord(word);
      if (word === '!') negated = !negated;
      else timed = true;
    }
    const commands = [this.command()];
    for (;;) {
      this.skipSpace();
      if (this.peek() !== '|' || this.rest().startsWith('||')) break;
      this.position += 1;
      this.skipLines();
      commands.push(this.command());
    }
    return { negated, commands, ...(timed ? { timed } : {}) };
  }

  private command(): Command {
    this.skipSpace();
    const word = this.peekWord();
    const command = this.compound(word);
    if (!command) return this.simple();
    command.redirects.push(...this.redirects());
    return command;
  }

  private compound(word: string | undefined): Command | undefined {
    const redirects: Redirect[] = [];
    if (this.peek() === '(') {
      this.position += 1;
      const body = this.script();
      this.expect(')');
      return { type: 'subshell', body, redirects };
    }
    switch (word) {
      case '{': {
        this.takeWord('{');
        const body = this.script();
        this.keyword('}');
        return { type: 'group', body, redirects };
      }
      case 'if':
        return this.conditional();
      case 'while':
      case 'until': {
        this.takeWord(word);
        const condition = this.script();
        return { type: 'loop', until: word === 'until', condition, body: this.doBody(), redirects };
      }
      case 'for':
        return this.forLoop();
      case 'case':
        return this.caseOf();
      default:
        return this.functionOf(word);
    }
  }

  private conditional(): Command {
    const branches: { condition: Script; body: Script }[] = [];
    let otherwise: Script = [];
    for (let word = 'if'; word === 'if' || word === 'elif'; ) {
      this.takeWord(word);
      const condition = this.script();
      this.keyword('then');
      branches.push({ condition, body: this.script() });
      this.skipLines();
      word = this.peekWord() ?? '';
    }
    if (this.peekWord() === 'else') {
      this.takeWord('else');
      otherwise = this.script();
    }
    this.keyword('fi');
    return { type: 'if', branches, otherwise, redirects: [] };
  }

  private forLoop(): Command {
    this.takeWord('for');
    this.skipSpace();
    const name = this.takeName();
    this.skipLines();
    let words: Word[] | undefined;
    if (this.peekWord() === 'in') {
      this.takeWord('in');
      words = [];
      for (this.skipSpace(); !this.atEnd() && !';\n'.includes(this.peek()); this.skipSpace()) words.push(this.word());
    }
    this.skipSpace();
    if (this.peek() === ';') this.position += 1;
    return { type: 'for', name, words, body: this.doBody(), redirects: [] };
  }

  private caseOf(): Command {
    this.takeWord('case');
    this.skipSpace();
    const word = this.word();
    this.skipLines();
    this.keyword('in');
    const items: { patterns: Word[]; body: Script }[] = [];
    for (this.skipLines(); this.peekWord() !== 'esac'; this.skipLines()) {
      if (this.atEnd()) throw new SyntaxProblem('syntax error: unexpected end of file (expecting "esac")', true);
      if (this.peek() === '(') this.position += 1;
      const patterns: Word[] = [];
      for (;;) {
        this.skipSpace();
        patterns.push(this.word());
        this.skipSpace();
        if (this.peek() !== '|') break;
        this.position += 1;
      }
      this.expect(')');
      items.push({ patterns, body: this.script() });
      this.skipLines();
      if (this.rest().startsWith(';;')) this.position += 2;
    }
    this.keyword('esac');
    return { type: 'case', word, items, redirects: [] };
  }

  private functionOf(word: string | undefined): Command | undefined {
    if (word === undefined) return undefined;
    const found = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*\([ \t]*\)/.exec(this.rest());
    if (!found?.[1] || reserved.has(found[1])) return undefined;
    this.position += found[0].length;
    this.skipLines();
    return { type: 'function', name: found[1], body: this.command(), redirects: [] };
  }

  private doBody(): Script {
    this.keyword('do');
    const body = this.script();
    this.keyword('done');
    return body;
  }

  private simple(): Command {
    const command: Extract<Command, { type: 'simple' }> = { type: 'simple', assignments: [], words: [], redirects: [] };
    for (;;) {
      this.skipSpace();
      const redirect = this.redirect();
      if (redirect) {
        command.redirects.push(redirect);
        continue;
      }
      if (this.atEnd() || '\n;&|()'.includes(this.peek())) break;
      const assigned = command.words.length === 0 ? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(this.rest()) : null;
      if (assigned?.[1]) {
        this.position += assigned[0].length;
        const value = this.atEnd() || ' \t\n;&|()'.includes(this.peek()) ? [] : this.word();
        command.assignments.push({ name: assigned[1], value });
      } else command.words.push(this.word());
    }
    if (command.words.length + command.assignments.length + command.redirects.length === 0) this.unexpected();
    return command;
  }

  private unexpected(): never {
    if (this.atEnd()) throw new SyntaxProblem('syntax error: unexpected end of file', true);
    const shown = this.peek() === '\n' ? 'newline' : /^(;;|&&|\|\||.)/.exec(this.rest())?.[0];
    throw new SyntaxProblem(`syntax error: unexpected "${shown}"`);
  }

  private keyword(word: string): void {
    this.skipLines();
    if (this.peekWord() === word) this.takeWord(word);
    else if (this.atEnd()) throw new SyntaxProblem(`syntax error: unexpected end of file (expecting "${word}")`, true);
    else throw new SyntaxProblem(`syntax error: unexpected "${this.peekWord() ?? this.peek()}" (expecting "${word}")`);
  }

  private expect(text: string): void {
    this.skipLines();
    if (this.rest().startsWith(text)) this.position += text.length;
    else if (this.atEnd()) throw new SyntaxProblem(`syntax error: unexpected end of file (expecting "${text}")`, true);
    else throw new SyntaxProblem(`syntax error: unexpected "${this.peekWord() ?? this.peek()}" (expecting "${text}")`);
  }

  private redirects(): Redirect[] {
    const found: Redirect[] = [];
    for (;;) {
      this.skipSpace();
      const redirect = this.redirect();
      if (!redirect) return found;
      found.push(redirect);
    }
  }

  private redirect(): Redirect | undefined {
    const match = /^(\d*)(&>|<<<|<<-?|>>|>&|<&|>\||<|>)/.exec(this.rest());
    if (!match) return undefined;
    const [whole, digits = '', text = ''] = match;
    if (text === '&>' && digits !== '') return undefined;
    this.position += whole.length;
    const from = digits === '' ? (text.startsWith('<') ? 0 : 1) : Number(digits);
    this.skipSpace();
    if (text === '<<' || text === '<<-') return { from, operator: '<<', target: this.hereDocument(text === '<<-') };
    if (this.atEnd() || '\n;&|()<>'.includes(this.peek())) this.unexpected();
    return { from, operator: (text === '>|' ? '>' : text) as Redirect['operator'], target: this.word() };
  }
}
