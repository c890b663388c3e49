/** Reads pasted lines like `NAME=value` (also `export NAME="value"`); comments and empty lines are passed over. Null: it is no such text. */
export function readEnvText(text: string): { name: string; value: string }[] | null {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const wanted = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const read = wanted.map((line) => /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line));
  if (read.length === 0 || read.some((match) => match === null)) return null;
  return read.flatMap((match) => (match ? [{ name: match[1] ?? '', value: unquote(match[2] ?? '') }] : []));
}

const unquote = (value: string) => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
