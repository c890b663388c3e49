import { asInternal } from './internal-form.js';

/**
 * The lines that changed between two values, three lines around each, as the API server appends them to a refusal: it prints its own structs as JSON and
 * compares the lines.
 */
export function changedText(type: string, before: unknown, after: unknown): string {
  const [a, b] = [linesOf(type, before), linesOf(type, after)];
  return hunks(a, b).join('\n') + (a.join() === b.join() ? '' : '\n');
}

const linesOf = (type: string, value: unknown): string[] => JSON.stringify(asInternal(type, value), null, 1).split('\n');

type Step = { kind: ' ' | '-' | '+'; text: string };
const around = 3;

function hunks(a: readonly string[], b: readonly string[]): string[] {
  const steps = compare(a, b);
  const shown: string[] = [];
  let [index, lineA, lineB] = [0, 1, 1];
  while (index < steps.length) {
    const next = steps.findIndex((step, at) => at >= index && step.kind !== ' ');
    if (next === -1) break;
    const from = Math.max(index, next - around);
    for (; index < from; index += 1) [lineA, lineB] = [lineA + 1, lineB + 1];
    let end = next;
    for (let at = next; at < steps.length && at <= end + 2 * around; at += 1) if (steps[at]?.kind !== ' ') end = at;
    const part = steps.slice(from, end + 1 + around);
    const [sizeA, sizeB] = [part.filter(({ kind }) => kind !== '+').length, part.filter(({ kind }) => kind !== '-').length];
    shown.push(`@@ -${lineA},${sizeA} +${lineB},${sizeB} @@`, ...part.map(({ kind, text }) => `${kind}${text}`));
    [lineA, lineB, index] = [lineA + sizeA, lineB + sizeB, from + part.length];
  }
  return shown;
}

/** The longest common lines, found from both ends first: what changed is small. */
function compare(a: readonly string[], b: readonly string[]): Step[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const same = (text: string): Step => ({ kind: ' ', text });
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return [...a.slice(0, start).map(same), ...middle(middleA, middleB), ...a.slice(a.length - end).map(same)];
}

function middle(a: readonly string[], b: readonly string[]): Step[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push({ kind: ' ', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      steps.push({ kind: '-', text: a[i] ?? '' });
      i += 1;
    } else {
      steps.push({ kind: '+', text: b[j] ?? '' });
      j += 1;
    }
  }
  return steps;
}
