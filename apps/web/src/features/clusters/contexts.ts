/**
 * Names of the contexts in a kubeconfig, for offering them; the current one first. A reading of the usual block style only: what it misses can
 * be typed, and the API reads the file strictly.
 */
export function contextsOf(kubeconfig: string): string[] {
  const lines = kubeconfig.split('\n');
  const current = lines.map((line) => /^current-context:\s*(.+?)\s*$/.exec(line)?.[1]).find(Boolean);
  const names: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (/^\S/.test(line) && !line.startsWith('-')) inside = /^contexts:\s*$/.test(line);
    const name = inside ? /^\s*(?:- )?name:\s*(.+?)\s*$/.exec(line)?.[1] : undefined;
    if (name) names.push(unquote(name));
  }
  const first = current ? unquote(current) : null;
  return first && names.includes(first) ? [first, ...names.filter((name) => name !== first)] : names;
}

const unquote = (text: string) => text.replace(/^(["'])(.*)\1$/, '$2');
