import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { type CelList, Duration, equalValues, Uint, type Value } from '../value.js';
import { compareValues } from './compare.js';

const fail = (message: string): never => {
  throw new EvaluationError(message);
};
const has = (list: CelList, value: Value): boolean => [...list].some((each) => equalValues(each, value));
const contains = (a: CelList, b: CelList): boolean => [...b].every((each) => has(a, each));
const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const summable = ['int', 'uint', 'double', 'duration'];

/** Kubernetes' lists and ext.Sets. ext.Lists came with 1.34, and new expressions may not use it before 1.35. */
export const lists: readonly Overload[] = [
  ...comparable.flatMap((type) => [
    overload(`list(${type}).isSorted() -> bool`, isSorted),
    overload(`list(${type}).min() -> ${type}`, (list: CelList) => extreme(list, 'min', -1)),
    overload(`list(${type}).max() -> ${type}`, (list: CelList) => extreme(list, 'max', 1)),
  ]),
  ...summable.map((type) => overload(`list(${type}).sum() -> ${type}`, (list: CelList) => sum(list, type))),
  overload('list(T).indexOf(T) -> int', (list: CelList, value: Value) => BigInt([...list].findIndex((each) => equalValues(each, value)))),
  overload('list(T).lastIndexOf(T) -> int', (list: CelList, value: Value) =>
    BigInt([...list].findLastIndex((each) => equalValues(each, value))),
  ),
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
