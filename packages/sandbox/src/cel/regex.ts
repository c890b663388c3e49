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
