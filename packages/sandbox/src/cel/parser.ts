import type { Expression, Macro } from './ast.js';
import { type Token, tokenize } from './lexer.js';
import { CompileError, type Problem } from './problem.js';

const primaries = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const reserved = new Set('as break const continue else for function if import let loop package namespace return var void while'.split(' '));
const relations = new Set(['<', '<=', '>', '>=', '==', '!=', 'in']);
const deepest = 250;

/** Reads an expression. @throws CompileError in cel-go's words (those of the common mistakes) */
export function parse(source: string): Expression {
  const { tokens, problems } = tokenize(source);
  const parser = new Parser(tokens, problems);
  const expression = parser.whole();
  if (problems.length > 0) throw new CompileError(source, problems);
  return expression;
}

/** Thrown to leave the descent; its problem is noted already. */
class Stop extends Error {}

class Parser {
  private index = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly problems: Problem[],
  ) {}

  whole(): Expression {
    try {
      const expression = this.conditional();
      const alone = this.tokens[this.index + 1]?.kind === 'end';
      if (this.next.kind !== 'end') this.syntax(`${alone ? 'extraneous' : 'mismatched'} input '${this.next.text}' expecting <EOF>`);
      return expression;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return { kind: 'constant', value: null, at: 0 };
    }
  }

  private get next(): Token {
    return this.tokens[this.index] ?? { kind: 'end', text: '<EOF>', at: 0 };
  }

  private take(): Token {
    const token = this.next;
    this.index += 1;
    return token;
  }

  private is(text: string): boolean {
    const { kind, text: found } = this.next;
    return (kind === 'punctuation' || kind === 'ident') && found === text;
  }

  private accept(text: string): Token | undefined {
    return this.is(text) ? this.take() : undefined;
  }

  /** `or`: what could stand there as well. */
  private expect(text: string, or?: string): Token {
    const token = this.accept(text);
    if (token) return token;
    const found = this.next.text;
    if (or !== undefined) return this.syntax(`mismatched input '${found}' expecting {'${text}', '${or}'}`);
    const follows = this.tokens[this.index + 1]?.text === text;
    return this.syntax(follows ? `extraneous input '${found}' expecting '${text}'` : `missing '${text}' at '${found}'`);
  }

  private syntax(message: string, at = this.next.at): never {
    this.problems.push({ at, message: `Syntax error: ${message}` });
    throw new Stop();
  }

  private report(at: number, message: string): void {
    this.problems.push({ at, message });
  }

  private conditional(): Expression {
    if (++this.depth > deepest) this.report(this.next.at, `expression recursion limit exceeded: ${deepest}`);
    const condition = this.or();
    const mark = this.accept('?');
    if (!mark) {
      this.depth -= 1;
      return condition;
    }
    const then = this.or();
    if (this.next.kind === 'end') this.syntax("mismatched input '<EOF>' expecting ':'");
    this.expect(':');
    const otherwise = this.conditional();
    this.depth -= 1;
    return { kind: 'call', name: '_?_:_', args: [condition, then, otherwise], at: mark.at };
  }

  private or(): Expression {
    return this.binary(['||'], () => this.and());
  }

  private and(): Expression {
    return this.binary(['&&'], () => this.relation());
  }

  private relation(): Expression {
    return this.binary([...relations], () => this.binary(['+', '-'], () => this.binary(['*', '/', '%'], () => this.unary())));
  }

  private binary(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (operators.some((each) => this.is(each))) {
      const { text, at } = this.take();
      const right = operand();
      left = { kind: 'call', name: text === 'in' ? '@in' : `_${text}_`, args: [left, right], at };
    }
    return left;
  }

  private unary(): Expression {
    for (const operator of ['!', '-']) {
      if (!this.is(operator)) continue;
      const { at } = this.take();
      let times = 1;
      while (this.accept(operator)) times += 1;
      const { kind } = this.next;
      if (operator === '-' && times === 1 && (kind === 'int' || kind === 'double')) return this.member(this.literal(at, '-'));
      const operand = this.member(this.primary());
      return times % 2 === 0 ? operand : { kind: 'call', name: `${operator}_`, args: [operand], at };
    }
    return this.member(this.primary());
  }

  private member(start: Expression): Expression {
    let expression = start;
    for (;;) {
      const dot = this.accept('.');
      if (dot) {
        expression = this.afterDot(expression, dot);
        continue;
      }
      const bracket = this.accept('[');
      if (!bracket) return expression;
      const optional = this.accept('?') !== undefined;
      const index = this.conditional();
      this.expect(']');
      expression = { kind: 'call', name: optional ? '_[?_]' : '_[_]', args: [expression, index], at: bracket.at };
    }
  }

  private afterDot(operand: Expression, dot: Token): Expression {
    const optional = this.accept('?') !== undefined;
    const { kind, text, at } = this.next;
    if (kind !== 'ident') return this.syntax(`no viable alternative at input '.${kind === 'end' ? '' : text}'`, at);
    this.take();
    const open = optional ? undefined : this.accept('(');
    if (!open) return { kind: 'select', operand, field: text, optional, has: false, at: dot.at };
    return this.expanded(text, operand, this.argumentsUntil(')'), open.at);
  }

  private argumentsUntil(end: string): Expression[] {
    const args: Expression[] = [];
    if (this.accept(end)) return args;
    do args.push(this.conditional());
    while (this.accept(','));
    this.expect(end, ',');
    return args;
  }

  private primary(): Expression {
    const { kind, text, at } = this.next;
    if (kind === 'int' || kind === 'uint' || kind === 'double' || kind === 'string' || kind === 'bytes') return this.literal(at, '');
    if (this.accept('(')) {
      const inner = this.conditional();
      this.expect(')');
      return inner;
    }
    if (this.accept('[')) return this.listFrom(at);
    if (this.accept('{')) return this.mapFrom(at);
    const leading = this.accept('.') !== undefined;
    if (this.next.kind === 'ident' && !(leading === false && this.next.text === 'in')) return this.name();
    const message = this.next.kind !== 'end' && canStart(this.tokens[this.index + 1]) ? 'extraneous' : 'mismatched';
    return this.syntax(`${message} input '${leading ? this.next.text : text}' expecting ${primaries}`);
  }

  private name(): Expression {
    const { text, at } = this.take();
    if (text === 'true' || text === 'false') return { kind: 'constant', value: text === 'true', at };
    if (text === 'null') return { kind: 'constant', value: null, at };
    if (reserved.has(text)) this.report(at, `reserved identifier: ${text}`);
    const open = this.accept('(');
    if (!open) return { kind: 'ident', name: text, at };
    const args = this.argumentsUntil(')');
    return text === 'has' && args.length === 1 ? this.has(args[0], open.at) : { kind: 'call', name: text, args, at: open.at };
  }

  private has(arg: Expression | undefined, at: number): Expression {
    if (arg?.kind === 'select' && !arg.optional) return { ...arg, has: true, at };
    this.report(arg?.at ?? at, 'invalid argument to has() macro');
    return { kind: 'constant', value: false, at };
  }

  private literal(at: number, sign: '' | '-'): Expression {
    const { kind, text, value } = this.take();
    switch (kind) {
      case 'string':
      case 'bytes':
        return { kind: 'constant', value: value ?? '', at };
      case 'double':
        return { kind: 'constant', value: Number(sign + text), at };
      case 'uint': {
        const uint = BigInt(text.slice(0, -1));
        if (uint >= 2n ** 64n) this.report(at, 'invalid uint literal');
        return { kind: 'constant', value: { uint }, at };
      }
      default: {
        const int = sign === '-' ? -BigInt(text) : BigInt(text);
        if (int !== BigInt.asIntN(64, int)) this.report(at, 'invalid int literal');
        return { kind: 'constant', value: int, at };
      }
    }
  }

  private listFrom(at: number): Expression {
    const items: { value: Expression; optional: boolean }[] = [];
    while (!this.is(']')) {
      const optional = this.accept('?') !== undefined;
      items.push({ optional, value: this.conditional() });
      if (!this.accept(',')) break;
    }
    this.expect(']', ',');
    return { kind: 'list', items, at };
  }

  private mapFrom(at: number): Expression {
    const entries: { at: number; key: Expression; value: Expression; optional: boolean }[] = [];
    while (!this.is('}')) {
      const optional = this.accept('?') !== undefined;
      const key = this.conditional();
      const colon = this.expect(':');
      entries.push({ at: colon.at, key, value: this.conditional(), optional });
      if (!this.accept(',')) break;
    }
    this.expect('}', ',');
    return { kind: 'map', entries, at };
  }

  /** A call with a receiver, or the macro that it is. */
  private expanded(name: string, range: Expression, args: readonly Expression[], at: number): Expression {
    const shape = macros.find((each) => each.name === name && each.counts.includes(args.length));
    if (!shape) return { kind: 'call', name, target: range, args, at };
    const count = shape.variables(args.length);
    const variables: string[] = [];
    for (const variable of args.slice(0, count)) {
      if (variable.kind === 'ident') variables.push(variable.name);
      else this.report(variable.at, shape.wrong);
    }
    if (count === 2 && variables[0] === variables[1]) this.report(args[1]?.at ?? at, `duplicate variable name: ${variables[0]}`);
    return { kind: 'macro', macro: shape.macro, range, variables, args: args.slice(count), at };
  }
}

const literals = new Set(['int', 'uint', 'double', 'string', 'bytes', 'ident']);
const canStart = (token: Token | undefined): boolean =>
  token !== undefined && (literals.has(token.kind) || ['[', '{', '(', '.', '-', '!'].includes(token.text)) && token.text !== 'in';

const simple = 'argument must be a simple name';
const one = (): number => 1;
const two = (): number => 2;
const macros: readonly { name: string; macro: Macro; counts: readonly number[]; variables: (count: number) => number; wrong: string }[] = [
  ...(['all', 'exists'] as const).map((name) => ({
    name,
    macro: name,
    counts: [2, 3],
    variables: (count: number) => count - 1,
    wrong: simple,
  })),
  { name: 'exists_one', macro: 'exists_one', counts: [2], variables: one, wrong: simple },
  { name: 'existsOne', macro: 'exists_one', counts: [2, 3], variables: (count) => count - 1, wrong: simple },
  { name: 'map', macro: 'map', counts: [2, 3], variables: one, wrong: 'argument is not an identifier' },
  { name: 'filter', macro: 'filter', counts: [2], variables: one, wrong: 'argument is not an identifier' },
  { name: 'transformList', macro: 'transformList', counts: [3, 4], variables: two, wrong: simple },
  { name: 'transformMap', macro: 'transformMap', counts: [3, 4], variables: two, wrong: simple },
  { name: 'transformMapEntry', macro: 'transformMapEntry', counts: [3, 4], variables: two, wrong: simple },
  { name: 'optMap', macro: 'optMap', counts: [2], variables: one, wrong: 'optMap() variable name must be a simple identifier' },
  { name: 'optFlatMap', macro: 'optFlatMap', counts: [2], variables: one, wrong: 'optFlatMap() variable name must be a simple identifier' },
];
