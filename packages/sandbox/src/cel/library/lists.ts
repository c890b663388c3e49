import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { CelList, Duration, equalValues, Optional, Uint, type Value, ValueList } from '../value.js';
import { compareValues } from './compare.js';

const fail = (message: string): never => {
  throw new EvaluationError(message);
};
const made = (values: Iterable<Value>): Value => new ValueList([...values]);
const has = (list: CelList, value: Value): boolean => [...list].some((each) => equalValues(each, value));
const contains = (a: CelList, b: CelList): boolean => [...b].every((each) => has(a, each));
const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const summable = ['int', 'uint', 'double', 'duration'];

/** Kubernetes' lists, ext.Lists (version 3) and ext.Sets. */
export const lists: readonly Overload[] = [
  ...comparable.flatMap((type) => [
    overload(`list(${type}).isSorted() -> bool`, isSorted),
    overload(`list(${type}).min() -> ${type}`, (list: CelList) => extreme(list, 'min', -1)),
    overload(`list(${type}).max() -> ${type}`, (list: CelList) => extreme(list, 'max', 1)),
    overload(`list(${type}).sort() -> list(${type})`, (list: CelList) => made([...list].sort(compareValues))),
  ]),
  ...summable.map((type) => overload(`list(${type}).sum() -> ${type}`, (list: CelList) => sum(list, type))),
  overload('list(T).indexOf(T) -> int', (list: CelList, value: Value) => BigInt([...list].findIndex((each) => equalValues(each, value)))),
  overload('list(T).lastIndexOf(T) -> int', (list: CelList, value: Value) =>
    BigInt([...list].findLastIndex((each) => equalValues(each, value))),
  ),
  overload('list(T).slice(int, int) -> list(T)', slice),
  overload('list(list(T)).flatten() -> list(T)', (list: CelList) => made(flat(list, 1))),
  overload('list(dyn).flatten(int) -> list(dyn)', (list: CelList, depth: bigint) =>
    depth < 0n ? fail('level must be non-negative') : made(flat(list, Number(depth))),
  ),
  overload('lists.range(int) -> list(int)', (count: bigint) => made(Array.from({ length: Number(count) }, (_, index) => BigInt(index)))),
  overload('list(T).reverse() -> list(T)', (list: CelList) => made([...list].reverse())),
  overload('list(T).distinct() -> list(T)', (list: CelList) => made(distinct(list))),
  overload('list(T).first() -> optional(T)', (list: CelList) => (list.size === 0 ? Optional.none : new Optional(list.at(0)))),
  overload('list(T).last() -> optional(T)', (list: CelList) => (list.size === 0 ? Optional.none : new Optional(list.at(list.size - 1)))),
  overload('sets.contains(list(T), list(T)) -> bool', contains),
  overload('sets.equivalent(list(T), list(T)) -> bool', (a: CelList, b: CelList) => contains(a, b) && contains(b, a)),
  overload('sets.intersects(list(T), list(T)) -> bool', (a: CelList, b: CelList) => [...b].some((each) => has(a, each))),
];

function isSorted(list: CelList): boolean {
  const values = [...list];
  return values.every((each, index) => index === 0 || compareValues(values[index - 1] as Value, each) <= 0);
}

function extreme(list: CelList, name: string, sign: number): Value {
  const [first, ...others] = list;
  if (first === undefined) return fail(`${name} called on empty list`);
  return others.reduce((best, each) => (compareValues(each, best) * sign > 0 ? each : best), first);
}

function sum(list: CelList, type: string): Value {
  const values = [...list];
  if (type === 'double' && values.length > 0 && values.every((each) => typeof each === 'number')) return values.reduce((a, b) => a + b, 0);
  const total = values.reduce<bigint>((all, each) => {
    if (typeof each === 'bigint') return all + each;
    if (each instanceof Uint) return all + each.value;
    return each instanceof Duration ? all + each.nanos : fail('no such overload');
  }, 0n);
  const [first] = values;
  if (first instanceof Uint || (first === undefined && type === 'uint')) return new Uint(total);
  if (first instanceof Duration || (first === undefined && type === 'duration')) return new Duration(total);
  return first === undefined && type === 'double' ? 0 : total;
}

function slice(list: CelList, start: bigint, end: bigint): Value {
  if (start < 0n || end < 0n) return fail(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end) return fail(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (BigInt(list.size) < end) return fail(`cannot slice(${start}, ${end}), list is length ${list.size}`);
  return made([...list].slice(Number(start), Number(end)));
}

function flat(list: CelList, depth: number): Value[] {
  return [...list].flatMap((each) => (each instanceof CelList && depth > 0 ? flat(each, depth - 1) : [each]));
}

function distinct(list: CelList): Value[] {
  const kept: Value[] = [];
  for (const each of list) if (!kept.some((other) => equalValues(each, other))) kept.push(each);
  return kept;
}
