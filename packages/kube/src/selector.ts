import { labelValueProblem, qualifiedNameProblem } from './names.js';

export type LabelOperator = 'in' | 'notin' | '=' | '!=' | 'exists' | '!' | 'gt' | 'lt';

export interface LabelRequirement {
  key: string;
  operator: LabelOperator;
  values: readonly string[];
}

/** A label selector that the API server would refuse too, in its words. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

/** metav1.LabelSelector, as in a Deployment's spec.selector. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

type Labels = Readonly<Record<string, string>> | undefined;

/** Why a key or a value of a label is none; undefined when it is one. */
export interface LabelRules {
  key(text: string): string | undefined;
  value(text: string): string | undefined;
}

const rulesInShort: LabelRules = { key: qualifiedNameProblem, value: labelValueProblem };

/**
 * Reads `a=b,c in (d,e),!f,g>1` by the grammar of apimachinery/pkg/labels. Throws SelectorError with the words of its parser; what is wrong with a key
 * or a value is said in those of `rules`. An empty selector is an empty list.
 */
export function parseLabelSelector(text: string, rules = rulesInShort): LabelRequirement[] {
  const tokens = tokenize(text);
  const requirements: LabelRequirement[] = [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const peek = (): string => tokens[at] ?? '';
  while (at < tokens.length) {
    if (!beginsRequirement(peek())) throw new SelectorError(`found '${peek()}', expected: !, identifier, or 'end of string'`);
    requirements.push(requirement(next, peek, rules));
    if (at >= tokens.length) break;
    const end = next();
    if (end !== ',') throw new SelectorError(`found '${end}', expected: ',' or 'end of string'`);
    if (!beginsRequirement(peek())) throw new SelectorError(`found '${peek()}', expected: identifier after ','`);
  }
  return requirements;
}

/** Whether labels satisfy every requirement. */
export function matchesRequirements(requirements: readonly LabelRequirement[], labels: Labels): boolean {
  return requirements.every((each) => matches(each, labels));
}

/** Whether a metav1.LabelSelector selects these labels. An empty selector selects everything; an undefined one nothing. */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (lookup(labels, key) !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const found = lookup(labels, key);
    switch (operator) {
      case 'In':
        return found !== undefined && values.includes(found);
      case 'NotIn':
        return found === undefined || !values.includes(found);
      case 'Exists':
        return found !== undefined;
      case 'DoesNotExist':
        return found === undefined;
      default:
        return false;
    }
  });
}

/** The terms of a field selector, in the API server's (sorted) order; undefined when it would refuse it. */
export function parseFieldSelector(text: string): { field: string; operator: '=' | '!='; value: string }[] | undefined {
  const terms: { field: string; operator: '=' | '!='; value: string }[] = [];
  for (const part of splitTerms(text).sort()) {
    if (part === '') continue;
    const split = /^([^=!]*(?:!(?!=)[^=!]*)*)(!=|==|=)(.*)$/s.exec(part);
    if (!split) return undefined;
    const value = unescapeValue(split[3] ?? '');
    if (value === undefined) return undefined;
    terms.push({ field: split[1] ?? '', operator: split[2] === '!=' ? '!=' : '=', value });
  }
  return terms;
}

function requirement(next: () => string, peek: () => string, rules: LabelRules): LabelRequirement {
  let token = next();
  const negated = token === '!';
  if (negated) token = next();
  const key = identifier(token, 'identifier');
  const problem = rules.key(key);
  if (problem) throw unparsable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problem}`);
  if (negated) return { key, operator: '!', values: [] };
  if (peek() === '' || peek() === ',') return { key, operator: 'exists', values: [] };
  const symbol = next();
  const operator = Object.hasOwn(operators, symbol) ? operators[symbol] : undefined;
  if (!operator) throw unparsable(`found '${symbol}', expected: in, notin, =, ==, !=, gt, lt`);
  const values = operator === 'in' || operator === 'notin' ? valueSet(next, peek) : [exactValue(next, peek)];
  const wrong = values.flatMap((value, index) => valueProblems(`values[${index}]`, key, operator, value, rules));
  if (wrong.length > 0) throw unparsable(wrong.length === 1 ? (wrong[0] ?? '') : `[${wrong.join(', ')}]`);
  return { key, operator, values };
}

function valueProblems(at: string, key: string, operator: LabelOperator, value: string, rules: LabelRules): string[] {
  const shown = `Invalid value: ${JSON.stringify(value)}`;
  const problems: string[] = [];
  if ((operator === 'gt' || operator === 'lt') && int64(value) === undefined)
    problems.push(`${at}: ${shown}: for 'Gt', 'Lt' operators, the value must be an integer`);
  const problem = rules.value(value);
  if (problem) problems.push(`${at}[${key}]: ${shown}: ${problem}`);
  return problems;
}

const unparsable = (why: string): SelectorError => new SelectorError(`unable to parse requirement: ${why}`);

const operators: Readonly<Record<string, LabelOperator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '=',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};
const symbols = new Set([')', '(', ',', '!', '=', '==', '!=', '>', '<']);

const beginsRequirement = (token: string): boolean => token === '!' || isIdentifier(token);
const isIdentifier = (token: string): boolean => token !== '' && !symbols.has(token);

function valueSet(next: () => string, peek: () => string): string[] {
  const open = next();
  if (open !== '(') throw unparsable(`found '${open}' expected: '('`);
  const values = new Set<string>();
  for (let expected = "',', ')' or identifier"; ; expected = "',', or identifier") {
    // Between commas and brackets nothing at all is the empty value.
    if (peek() === ',' || peek() === ')') values.add('');
    else values.add(identifier(next(), expected));
    const end = next();
    if (end === ')') return [...values].sort();
    if (end !== ',') throw unparsable(`found '${end}', expected: ',' or ')'`);
  }
}

function exactValue(next: () => string, peek: () => string): string {
  return peek() === '' || peek() === ',' ? '' : identifier(next(), 'identifier');
}

function identifier(token: string, expected: string): string {
  if (!isIdentifier(token)) throw unparsable(`found '${token}', expected: ${expected}`);
  return token;
}

function tokenize(text: string): string[] {
  if (text.includes('\0')) throw new SelectorError('a selector may not contain NUL');
  const tokens: string[] = [];
  for (const [token] of text.matchAll(/[=!(),<>]+|[^=!(),<>\s]+|[^\S \t\r\n]+/g)) {
    if (!/^[=!(),<>]/.test(token)) tokens.push(token);
    else for (const [symbol] of token.matchAll(/==|!=|[=!(),<>]/g)) tokens.push(symbol);
  }
  return tokens;
}

function matches({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const found = lookup(labels, key);
  switch (operator) {
    case 'exists':
      return found !== undefined;
    case '!':
      return found === undefined;
    case 'in':
    case '=':
      return found !== undefined && values.includes(found);
    case 'notin':
    case '!=':
      return found === undefined || !values.includes(found);
    case 'gt':
    case 'lt': {
      const [have, want] = [int64(found ?? ''), int64(values[0] ?? '')];
      if (have === undefined || want === undefined) return false;
      return operator === 'gt' ? have > want : have < want;
    }
    default:
      return operator satisfies never;
  }
}

function lookup(labels: Labels, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** strconv.ParseInt(text, 10, 64). */
export function int64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]{1,400}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

/** `\\`, `\,` and `\=` stand for themselves; anything else after a backslash, and a bare `,` or `=`, is refused. */
function unescapeValue(value: string): string | undefined {
  if (!/^(?:[^\\,=]|\\[\\,=])*$/su.test(value)) return undefined;
  return value.replace(/\\([\\,=])/g, '$1');
}
