/** What only a shell can do: pipes, variables, several commands, patterns. */
const needsShell = /[|&;<>()$`*?~#\n]/;

/** A typed line as the words of a command; through a shell where it asks for one. null: nothing was typed, or a quote is not closed. Pure. */
export function commandOfLine(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let shell = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? '';
    if (char === "'" || char === '"') {
      const end = closing(line, i);
      if (end < 0) return null;
      const inside = line.slice(i + 1, end);
      if (char === '"' && /[$`]/.test(inside)) shell = true;
      word = (word ?? '') + (char === '"' ? inside.replace(/\\(["\\$`])/g, '$1') : inside);
      i = end;
    } else if (char === '\\') {
      word = (word ?? '') + (line[++i] ?? '');
    } else if (/\s/.test(char) && char !== '\n') {
      if (word !== null) words.push(word);
      word = null;
    } else {
      if (needsShell.test(char)) shell = true;
      word = (word ?? '') + char;
    }
  }
  if (word !== null) words.push(word);
  if (words.length === 0 || words[0] === '') return null;
  // A=1 before a command is the shell's too.
  return shell || /^[A-Za-z_]\w*=/.test(words[0] ?? '') ? ['sh', '-c', line.trim()] : words;
}

function closing(line: string, from: number): number {
  const quote = line[from];
  for (let i = from + 1; i < line.length; i++) {
    if (quote === '"' && line[i] === '\\') i++;
    else if (line[i] === quote) return i;
  }
  return -1;
}

/** Words as one would type them. */
export const lineOfCommand = (words: readonly string[]): string =>
  words.map((word) => (/^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
