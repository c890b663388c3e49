/** What waits while rows are held in their places. */
export interface Waiting {
  added: number;
  gone: number;
  moved: boolean;
}

/** Compares the order on screen with the order wanted. */
export function waitingBetween(shown: readonly string[], wanted: readonly string[]): Waiting {
  const shownSet = new Set(shown);
  const wantedSet = new Set(wanted);
  const common = shown.filter((key) => wantedSet.has(key));
  const commonWanted = wanted.filter((key) => shownSet.has(key));
  return {
    added: wanted.length - commonWanted.length,
    gone: shown.length - common.length,
    moved: common.some((key, index) => key !== commonWanted[index]),
  };
}

/** "12 new, 3 gone, order changed"; null when nothing waits. */
export function waitingText({ added, gone, moved }: Waiting): string | null {
  const parts = [added > 0 ? `${added} new` : null, gone > 0 ? `${gone} gone` : null, moved ? 'order changed' : null].filter(Boolean);
  return parts.length === 0 ? null : parts.join(', ');
}
