import type { Expression } from './ast.js';
import type { Problem } from './problem.js';
import { compileRegex } from './regex.js';
import { formatType, sameType, type Type } from './type.js';
import { parseDuration, parseTimestamp } from './value.js';

const checked: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => parseDuration(text) !== undefined,
  timestamp: (text) => parseTimestamp(text) !== undefined,
  matches: (text) => compileRegex(text) !== undefined,
};

/** What Kubernetes refuses in literals besides types: durations, times and expressions that are none, and lists of mixed types. */
export function literalProblems(expression: Expression, typeOf: (each: Expression) => Type): Problem[] {
  const problems: Problem[] = [];
  const visit = (each: Expression, mayMix: boolean): void => {
    switch (each.kind) {
      case 'select':
        visit(each.operand, false);
        break;
      case 'call': {
        const literal = each.args.at(-1);
        const good = checked[each.name];
        if (good && literal?.kind === 'constant' && typeof literal.value === 'string' && !good(literal.value))
          problems.push({ at: literal.at, message: `invalid ${each.name} argument` });
        if (each.name === 'format') problems.push(...formatProblems(each, typeOf));
        if (each.target) visit(each.target, false);
        for (const arg of each.args) visit(arg, each.name === 'format');
        break;
      }
      case 'list':
        if (!mayMix)
          problems.push(
            ...mixed(
              each.items.map(({ value, optional }) => [value, optional]),
              typeOf,
            ),
          );
        for (const { value } of each.items) visit(value, mayMix);
        break;
      case 'map':
        if (!mayMix) {
          problems.push(
            ...mixed(
              each.entries.map(({ key }) => [key, false]),
              typeOf,
            ),
          );
          problems.push(
            ...mixed(
              each.entries.map(({ value, optional }) => [value, optional]),
              typeOf,
            ),
          );
        }
        for (const { key, value } of each.entries) for (const part of [key, value]) visit(part, mayMix);
        break;
      case 'macro':
        visit(each.range, false);
        for (const arg of each.args) visit(arg, false);
        break;
      default:
        break;
    }
  };
  visit(expression, false);
  return problems;
}

const clauses: Readonly<Record<string, { wants: readonly string[]; complaint: string }>> = {
  d: { wants: ['int', 'uint'], complaint: 'decimal clause can only be used on integers' },
  f: { wants: ['double', 'int', 'uint'], complaint: 'fixed-point clause can only be used on doubles' },
  e: { wants: ['double', 'int', 'uint'], complaint: 'scientific clause can only be used on doubles' },
  b: { wants: ['int', 'uint', 'bool'], complaint: 'only integers and bools can be formatted as binary' },
  o: { wants: ['int', 'uint'], complaint: 'octal clause can only be used on integers' },
  x: { wants: ['int', 'uint', 'bytes', 'string'], complaint: 'only integers, byte buffers, and strings can be formatted as hex' },
};

/** What a format that is written out does to arguments that are written out. */
function formatProblems({ target, args }: Expression & { kind: 'call' }, typeOf: (each: Expression) => Type): Problem[] {
  const [given] = args;
  if (target?.kind !== 'constant' || typeof target.value !== 'string' || given?.kind !== 'list') return [];
  const used = [...target.value.matchAll(/%(?:\.\d+)?(.)/gs)].map(([, clause = '']) => clause).filter((clause) => clause !== '%');
  for (const [index, clause] of used.entries()) {
    const argument = given.items[index]?.value;
    if (!argument) return [{ at: given.at, message: `index ${index} out of range` }];
    const rule = clauses[clause.toLowerCase()];
    const type = formatType(typeOf(argument));
    if (rule && type !== 'dyn' && !rule.wants.includes(type))
      return [{ at: argument.at, message: `error during formatting: ${rule.complaint}, was given ${type}` }];
  }
  return [];
}

/** The first element that is not of the type of the first. */
function mixed(elements: readonly (readonly [Expression, boolean])[], typeOf: (each: Expression) => Type): Problem[] {
  let wanted: Type | undefined;
  for (const [element, optional] of elements) {
    const found = typeOf(element);
    const type = optional && found.kind === 'optional' ? found.of : found;
    if (!wanted) wanted = type;
    else if (!sameType(wanted, type))
      return [{ at: element.at, message: `expected type '${formatType(wanted)}' but found '${formatType(type)}'` }];
  }
  return [];
}
