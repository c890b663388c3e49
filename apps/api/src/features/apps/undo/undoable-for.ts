/** A change, or a deletion, can be undone for so long. */
export const undoableForMs = 10 * 60_000;
