/** A shell pattern as a regular expression. `\x` in it is a quoted x. */
export function patternSource(pattern: string): string {
  let source = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] ?? '';
    if (char === '\\') {
      i += 1;
      source += literal(pattern[i] ?? '\\');
    } else if (char === '*') source += '[\\s\\S]*';
    else if (char === '?') source += '[\\s\\S]';
    else if (char === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end === -1) source += '\\[';
      else {
        const inner = pattern
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replace(/[\\\]]/g, '\\$&');
        source += `[${inner}]`;
        i = end;
      }
    } else source += literal(char);
  }
  return source;
}

export const matchesPattern = (text: string, pattern: string): boolean => new RegExp(`^${patternSource(pattern)}$`).test(text);

export const isPattern = (text: string): boolean => /(^|[^\\])[*?[]/.test(text);

/** Quotes, so that nothing in it is special. */
export const quotePattern = (text: string): string => text.replace(/[*?[\]\\]/g, '\\$&');
export const unquotePattern = (text: string): string => text.replace(/\\([\s\S])/g, '$1');

/** `${v#p}`, `${v##p}`, `${v%p}`, `${v%%p}`. */
export function trimmed(text: string, operator: string, pattern: string): string {
  const fits = new RegExp(`^${patternSource(pattern)}$`);
  const lengths = Array.from({ length: text.length + 1 }, (_, index) => index);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    if (operator.startsWith('#') && fits.test(text.slice(0, length))) return text.slice(length);
    if (operator.startsWith('%') && fits.test(text.slice(text.length - length))) return text.slice(0, text.length - length);
  }
  return text;
}

const literal = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
