import { isRecord } from '@fairlead/kube/protocol';

type Step = { key: string } | { index: number } | { all: true } | { where: { path: readonly Step[]; operator: string; value: unknown } };

/**
 * A JSONPath of a column or a selectable field: keys, `['keys']`, indices, `[*]` and filters `[?(@.type=="Ready")]`; the braces of kubectl are not among them.
 * Undefined for what is none.
 */
export function parseJsonPath(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const found = /^\.((?:[^.[\]\\]|\\.)+)|^\['([^']*)'\]|^\["([^"]*)"\]|^\[(-?\d+)\]|^(\[\*\]|\.\*)|^\[\?\(@([^)]*)\)\]/.exec(rest);
    if (!found) return undefined;
    const [whole, key, single, double, index, all, filter] = found;
    const name = key?.replace(/\\(.)/g, '$1') ?? single ?? double;
    if (all !== undefined) steps.push({ all: true });
    else if (name !== undefined) steps.push({ key: name });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else {
      const where = filterOf(filter ?? '');
      if (!where) return undefined;
      steps.push({ where });
    }
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** Everything that the path leads to. */
export function valuesAt(steps: readonly Step[], value: unknown): unknown[] {
  let found: unknown[] = [value];
  for (const step of steps) found = found.flatMap((each) => stepped(step, each));
  return found;
}

function stepped(step: Step, value: unknown): unknown[] {
  if ('key' in step) return isRecord(value) && Object.hasOwn(value, step.key) ? [value[step.key]] : [];
  if ('all' in step) return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  if (!Array.isArray(value)) return [];
  if ('index' in step) {
    const item = value.at(step.index);
    return item === undefined ? [] : [item];
  }
  const { path, operator, value: wanted } = step.where;
  return value.filter((item) => valuesAt(path, item).some((each) => holds(each, operator, wanted)));
}

function filterOf(text: string): { path: readonly Step[]; operator: string; value: unknown } | undefined {
  const [, pathText = '', operator = '', literal = ''] = /^([^=!<>]*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/.exec(text.trim()) ?? [];
  const path = parseJsonPath(pathText.trim());
  if (!path || operator === '') return undefined;
  const quoted = /^(?:"(.*)"|'(.*)')$/.exec(literal.trim());
  const value = quoted ? (quoted[1] ?? quoted[2]) : literal === 'true' ? true : literal === 'false' ? false : Number(literal);
  return { path, operator, value };
}

function holds(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const [a, b] = [left as number, right as number];
  return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b;
}
