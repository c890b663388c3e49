const compiled = new Map<string, RegExp | undefined>();
const mostKept = 1000;

/**
 * A regular expression of RE2 as JavaScript's: the common syntax is the same but for flags at the start, named groups, `\z`, `\A` and POSIX classes. What RE2 has
 * not (looking around, backreferences) is refused. Undefined for what is none. Unlike RE2's, its time is not bounded by the length of the text.
 */
export function compileRegex(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  if (compiled.size >= mostKept) compiled.clear();
  const made = translate(pattern);
  compiled.set(pattern, made);
  return made;
}

/** What is wrong with it, as Go says it: the common mistakes by their names. */
export function regexProblem(pattern: string): string {
  const bare = pattern.replace(/\\[\s\S]/g, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  const [open = 0, close = 0] = ['(', ')'].map((each) => bare.split(each).length - 1);
  if (bare.includes('[')) return `missing closing ]: \`${pattern.slice(pattern.indexOf('['))}\``;
  if (open > close) return `missing closing ): \`${pattern}\``;
  if (close > open) return `unexpected ): \`${pattern}\``;
  const [, repeated] = /(?:^|[|(])([*+?]+)/.exec(bare) ?? [];
  if (repeated !== undefined) return `missing argument to repetition operator: \`${repeated.charAt(0)}\``;
  const [perl] = /\(\?<?[=!]/.exec(pattern) ?? [];
  return perl === undefined
    ? `invalid escape sequence: \`${/\\./.exec(pattern)?.[0] ?? pattern}\``
    : `invalid or unsupported Perl syntax: \`${perl}\``;
}

const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

function translate(pattern: string): RegExp | undefined {
  if (/\(\?<?[=!]|\\[1-9k]/.test(pattern.replace(/\\\\/g, ''))) return undefined;
  const [, flags = '', rest = ''] = /^(?:\(\?([imsU]+)\))?([\s\S]*)$/.exec(pattern) ?? [];
  const text = rest
    .replace(/\(\?P</g, '(?<')
    .replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replace(/\\z/g, '$')
    .replace(/\\A/g, '^');
  const safe = [...new Set(`u${flags.replace('U', '')}`)].join('');
  try {
    return new RegExp(text, safe);
  } catch {
    // RE2 lets more be escaped than JavaScript does in Unicode mode.
  }
  try {
    return new RegExp(text, safe.replace('u', ''));
  } catch {
    return undefined;
  }
}
