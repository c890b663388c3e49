/** Splits a command as a shell would, without running anything: blanks part words, quotes keep them together, a backslash takes one. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote) {
      if (char === quote) quote = null;
      else if (char === '\\' && quote === '"' && i + 1 < text.length) word = (word ?? '') + text.charAt(++i);
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === '\\' && i + 1 < text.length) word = (word ?? '') + text.charAt(++i);
    else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  return words;
}

/** The text that splitWords reads back as these words. */
export const joinWords = (words: readonly string[]): string =>
  words.map((word) => (/^[^\s'"\\]+$/.test(word) ? word : `'${word.split("'").join(`'"'"'`)}'`)).join(' ');
