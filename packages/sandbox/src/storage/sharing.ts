/**
 * `next`, with every part that is equal to the same part of `old` replaced by that very part; `old` itself where nothing differs. What is stored twice
 * is so held once, and a comparison of two versions ends where they are the same. A key with `undefined` counts as missing.
 */
export function sharedWith<T>(next: T, old: unknown): T {
  if (next === old || typeof next !== 'object' || next === null || typeof old !== 'object' || old === null) return next;
  if (Array.isArray(next)) {
    if (!Array.isArray(old)) return next;
    let same = next.length === old.length;
    next.forEach((each, index) => {
      const shared = sharedWith(each, old[index]);
      if (shared !== old[index]) same = false;
      if (shared !== each) next[index] = shared;
    });
    return same ? (old as T) : next;
  }
  if (Array.isArray(old)) return next;
  const [left, right] = [next as Record<string, unknown>, old as Record<string, unknown>];
  let same = true;
  for (const key of Object.keys(left)) {
    const shared = sharedWith(left[key], right[key]);
    if (shared !== right[key]) same = false;
    if (shared !== left[key]) left[key] = shared;
  }
  if (same) for (const key of Object.keys(right)) if (right[key] !== undefined && left[key] === undefined) same = false;
  return same ? (old as T) : next;
}

const mostParts = 4096;
const largestPart = 8192;

/** Holds equal parts of many objects once: what a thousand pods of one template have in common. */
export class Interner {
  private readonly parts = new Map<string, object>();
  private readonly numbers = new WeakMap<object, number>();
  private last = 0;

  /** `inner` names a large piece of it that may be found again where the whole is not. */
  of<T>(part: T, inner?: keyof T): T {
    if (typeof part !== 'object' || part === null || this.numbers.has(part)) return part;
    if (inner === undefined) return this.found(part, JSON.stringify(part));
    const piece = this.of(part[inner]);
    part[inner] = piece;
    const number = typeof piece === 'object' && piece !== null ? this.numbers.get(piece) : undefined;
    // The piece is written out once: here its number stands for it.
    return this.found(part, number === undefined ? JSON.stringify(part) : JSON.stringify({ ...part, [inner]: number }));
  }

  private found<T extends object>(part: T, text: string): T {
    if (text.length > largestPart) return part;
    const found = this.parts.get(text);
    if (found) return found as T;
    // The oldest go: they are held by whoever has them, and only not found again.
    if (this.parts.size >= mostParts) for (const key of [...this.parts.keys()].slice(0, mostParts / 4)) this.parts.delete(key);
    this.parts.set(text, part);
    this.last += 1;
    this.numbers.set(part, this.last);
    return part;
  }
}
