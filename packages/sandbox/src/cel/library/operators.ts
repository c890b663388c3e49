import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { type CelList, type CelMap, Duration, equalValues, Timestamp, Uint, type Value, ValueList } from '../value.js';
import { compareValues } from './compare.js';

type Arithmetic = '+' | '-' | '*' | '/' | '%';

function int(value: bigint): bigint {
  if (value !== BigInt.asIntN(64, value)) throw new EvaluationError('integer overflow');
  return value;
}

function uint(value: bigint): Uint {
  if (value !== BigInt.asUintN(64, value)) throw new EvaluationError('unsigned integer overflow');
  return new Uint(value);
}

function computed(operator: Arithmetic, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0n) throw new EvaluationError('division by zero');
      return a / b;
    case '%':
      if (b === 0n) throw new EvaluationError('modulus by zero');
      return a % b;
    default:
      return operator satisfies never;
  }
}

const doubles: Readonly<Record<'+' | '-' | '*' | '/', (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const arithmetic: readonly Overload[] = (['+', '-', '*', '/', '%'] as const).flatMap((operator) => [
  overload(`_${operator}_(int, int) -> int`, (a: bigint, b: bigint) => int(computed(operator, a, b))),
  overload(`_${operator}_(uint, uint) -> uint`, (a: Uint, b: Uint) => uint(computed(operator, a.value, b.value))),
  ...(operator === '%' ? [] : [overload(`_${operator}_(double, double) -> double`, doubles[operator])]),
]);

const ordered = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'];
const numbers = ['int', 'uint', 'double'];
const pairs = [...ordered.map((each) => [each, each]), ...numbers.flatMap((a) => numbers.filter((b) => b !== a).map((b) => [a, b]))];
const relations: Readonly<Record<string, (order: number) => boolean>> = {
  '_<_': (order) => order < 0,
  '_<=_': (order) => order <= 0,
  '_>_': (order) => order > 0,
  '_>=_': (order) => order >= 0,
};

export const operators: readonly Overload[] = [
  ...arithmetic,
  overload('_+_(string, string) -> string', (a: string, b: string) => a + b),
  overload('_+_(bytes, bytes) -> bytes', (a: Uint8Array, b: Uint8Array) => Buffer.concat([a, b])),
  overload('_+_(list(T), list(T)) -> list(T)', concatenated),
  overload('_+_(timestamp, duration) -> timestamp', (a: Timestamp, b: Duration) => new Timestamp(a.nanos + b.nanos)),
  overload('_+_(duration, timestamp) -> timestamp', (a: Duration, b: Timestamp) => new Timestamp(a.nanos + b.nanos)),
  overload('_+_(duration, duration) -> duration', (a: Duration, b: Duration) => new Duration(a.nanos + b.nanos)),
  overload('_-_(timestamp, timestamp) -> duration', (a: Timestamp, b: Timestamp) => new Duration(a.nanos - b.nanos)),
  overload('_-_(timestamp, duration) -> timestamp', (a: Timestamp, b: Duration) => new Timestamp(a.nanos - b.nanos)),
  overload('_-_(duration, duration) -> duration', (a: Duration, b: Duration) => new Duration(a.nanos - b.nanos)),
  overload('-_(int) -> int', (a: bigint) => int(-a)),
  overload('-_(double) -> double', (a: number) => -a),
  overload('!_(bool) -> bool', (a: boolean) => !a),
  overload('_==_(T, T) -> bool', (a: Value, b: Value) => equalValues(a, b)),
  overload('_!=_(T, T) -> bool', (a: Value, b: Value) => !equalValues(a, b)),
  ...Object.entries(relations).flatMap(([name, holds]) =>
    pairs.map(([a, b]) => overload(`${name}(${a}, ${b}) -> bool`, (x: Value, y: Value) => holds(compareValues(x, y)))),
  ),
  overload('@in(T, list(T)) -> bool', (value: Value, list: CelList) => [...list].some((each) => equalValues(each, value))),
  overload('@in(K, map(K, V)) -> bool', (key: Value, map: CelMap) => map.get(key) !== undefined),
  // Indexing and the ternary are evaluated elsewhere; the checker finds their types here.
  ...['_?_:_(bool, T, T) -> T', '_&&_(bool, bool) -> bool', '_||_(bool, bool) -> bool'].map(declared),
  ...['_[_](list(T), int) -> T', '_[_](map(K, V), K) -> V', '_[_](optional(list(T)), int) -> optional(T)'].map(declared),
  ...['_[_](optional(map(K, V)), K) -> optional(V)', '_[?_](list(T), int) -> optional(T)'].map(declared),
  ...['_[?_](optional(list(T)), int) -> optional(T)', '_[?_](map(K, V), K) -> optional(V)'].map(declared),
  declared('_[?_](optional(map(K, V)), K) -> optional(V)'),
];

function declared(declaration: string): Overload {
  return overload(declaration, () => {
    throw new EvaluationError('no such overload');
  });
}

/** Sets keep each element once. */
function concatenated(a: CelList, b: CelList): Value {
  const left = [...a];
  if (!a.isSet) return new ValueList([...left, ...b]);
  return new ValueList([...left, ...[...b].filter((each) => !left.some((other) => equalValues(each, other)))]);
}
