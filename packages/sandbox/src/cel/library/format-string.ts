import { EvaluationError } from '../problem.js';
import { CelList, CelMap, Duration, formatDuration, formatTimestamp, Timestamp, TypeValue, typeName, Uint, type Value } from '../value.js';
import { goFloat } from './standard.js';

/** ext.Strings' format: `%s %d %f %e %b %x %X %o %%`, with a precision for f and e. */
export function formatted(text: string, args: readonly Value[]): string {
  let at = 0;
  return text.replace(/%(?:\.(\d+))?(.?)/gs, (_, precision: string | undefined, clause: string) => {
    if (clause === '%') return '%';
    const index = at++;
    const value = args[index];
    if (value === undefined) throw new EvaluationError(`index ${index} out of range`);
    return one(clause, value, precision === undefined ? 6 : Number(precision));
  });
}

function one(clause: string, value: Value, precision: number): string {
  switch (clause) {
    case 's':
      return shown(value);
    case 'd':
      return String(integer(value, 'decimal clause can only be used on integers'));
    case 'f':
      return special(value) ?? number(value).toFixed(precision);
    case 'e':
      return (
        special(value) ??
        number(value)
          .toExponential(precision)
          .replace(/e([+-])(\d)$/, 'e$10$2')
      );
    case 'b':
      return typeof value === 'boolean'
        ? value
          ? '1'
          : '0'
        : integer(value, 'only integers and bools can be formatted as binary').toString(2);
    case 'o':
      return integer(value, 'octal clause can only be used on integers').toString(8);
    case 'x':
    case 'X': {
      const hex =
        typeof value === 'string' || value instanceof Uint8Array
          ? Buffer.from(value as string).toString('hex')
          : integer(value, 'only integers, byte buffers, and strings can be formatted as hex').toString(16);
      return clause === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      throw new EvaluationError(`could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(clause)}`);
  }
}

function integer(value: Value, otherwise: string): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint) return value.value;
  throw new EvaluationError(`error during formatting: ${otherwise}, was given ${typeName(value)}`);
}

function number(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  throw new EvaluationError(`error during formatting: fixed-point clause can only be used on doubles, was given ${typeName(value)}`);
}

function special(value: Value): string | undefined {
  if (typeof value !== 'number' || Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** %s of anything. */
function shown(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return special(value) ?? goFloat(value);
  if (value === null) return 'null';
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof CelList) return `[${[...value].map(shown).join(', ')}]`;
  if (value instanceof CelMap) {
    const entries = [...value.keys()].map((key) => `${shown(key)}: ${shown(value.get(key) as Value)}`);
    return `{${entries.sort().join(', ')}}`;
  }
  throw new EvaluationError(
    `error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${typeName(value)}`,
  );
}
