const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const waits = [10 * second, 30 * second, 2 * minute, 10 * minute, hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour];

/** With the first one. */
export const maxAttempts = waits.length + 1;

/** So many tries keep what came later waiting, about 13 minutes; then it is overtaken. */
export const orderedAttempts = 4;

/** Milliseconds until the next try after `attempts` failed ones, a fifth more or less by chance; null when it was the last. */
export function waitAfter(attempts: number, random: () => number): number | null {
  const wait = waits[attempts - 1];
  return wait === undefined ? null : Math.round(wait * (0.8 + 0.4 * random()));
}
