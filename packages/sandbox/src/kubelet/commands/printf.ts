/** printf(1): the format again and again until no value is left. */
export function printed(format: string, values: readonly string[]): string {
  let text = '';
  let at = 0;
  do {
    const before = at;
    text += unescaped(format).replace(
      /%([-+ 0#]*)(\d+|\*)?(?:\.(\d+))?([sdiuxXoceEfgbq%])/g,
      (_, flags: string, width: string, precision: string, kind: string) => {
        if (kind === '%') return '%';
        const wide = width === '*' ? Number(values[at++] ?? 0) : Number(width ?? 0);
        const shown = one(kind, values[at++] ?? '', precision);
        const padded = flags.includes('-') ? shown.padEnd(wide) : shown.padStart(wide, flags.includes('0') ? '0' : ' ');
        return padded;
      },
    );
    if (at === before) break;
  } while (at < values.length);
  return text;
}

function one(kind: string, value: string, precision: string | undefined): string {
  switch (kind) {
    case 's':
      return precision === undefined ? value : value.slice(0, Number(precision));
    case 'b':
      return unescaped(value);
    case 'q':
      return /^[\w./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
    case 'c':
      return value.slice(0, 1);
    case 'x':
      return Math.trunc(Number(value) || 0).toString(16);
    case 'X':
      return Math.trunc(Number(value) || 0)
        .toString(16)
        .toUpperCase();
    case 'o':
      return Math.trunc(Number(value) || 0).toString(8);
    case 'f':
      return (Number(value) || 0).toFixed(Number(precision ?? 6));
    case 'e':
    case 'E':
    case 'g':
      return String(Number(value) || 0);
    default:
      return String(Math.trunc(Number(value) || 0));
  }
}

function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
    '\\': '\\',
    e: '\x1b',
  };
  return text.replace(/\\(0?[0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])/g, (whole, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return known[code] ?? whole;
  });
}
