/** `0-2,4` as the numbers it means. */
export function parseIndexes(text: string | undefined): Set<number> {
  const found = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!range) continue;
    for (let index = Number(range[1]); index <= Number(range[2] ?? range[1]); index += 1) found.add(index);
  }
  return found;
}

/** Three or more in a row, and two, as a range. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const ranges: { first: number; last: number }[] = [];
  for (const index of sorted) {
    const range = ranges.at(-1);
    if (range && index === range.last + 1) range.last = index;
    else if (!range || index !== range.last) ranges.push({ first: index, last: index });
  }
  return ranges
    .map(({ first, last }) => (first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`))
    .join(',');
}

/** The lowest that are neither done nor taken. */
export function missingIndexes(completions: number, taken: ReadonlySet<number>, count: number): number[] {
  const missing: number[] = [];
  for (let index = 0; index < completions && missing.length < count; index += 1) if (!taken.has(index)) missing.push(index);
  return missing;
}
