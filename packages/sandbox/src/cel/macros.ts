import type { Macro } from './ast.js';
import { EvaluationError } from './problem.js';
import { type Run, type Scope, spend } from './run.js';
import { CelList, CelMap, Optional, typeName, type Value, ValueList, ValueMap } from './value.js';

class Local implements Scope {
  constructor(
    private readonly outer: Scope,
    private readonly names: readonly string[],
    private readonly values: readonly Value[],
  ) {}

  get steps(): { left: number } {
    return this.outer.steps;
  }

  find(name: string): Value | undefined {
    const index = this.names.indexOf(name);
    return index === -1 ? this.outer.find(name) : this.values[index];
  }
}

/** What walks over a list, a map or an optional. */
export function evaluateMacro(macro: Macro, range: Value, names: readonly string[], args: readonly Run[], scope: Scope): Value {
  const [first, second] = args as [Run, Run | undefined];
  if (macro === 'optMap' || macro === 'optFlatMap') {
    if (!(range instanceof Optional)) throw new EvaluationError('no such overload');
    if (range.value === undefined) return range;
    const value = first(new Local(scope, names, [range.value]));
    return macro === 'optMap' ? new Optional(value) : value;
  }
  const walk = [...walked(range, names.length)].map((values): [Scope, readonly Value[]] => {
    spend(scope);
    return [new Local(scope, names, values), values];
  });
  // Two arguments: those that the first one chooses.
  const chosen = second ? walk.filter(([inner]) => isTrue(first(inner))) : walk;
  const result = second ?? first;
  switch (macro) {
    case 'all':
      return quantified(walk, first, false);
    case 'exists':
      return quantified(walk, first, true);
    case 'exists_one':
      return walk.filter(([inner]) => isTrue(first(inner))).length === 1;
    case 'filter':
      return new ValueList(walk.filter(([inner]) => isTrue(first(inner))).map(([, [value]]) => value as Value));
    case 'map':
    case 'transformList':
      return new ValueList(chosen.map(([inner]) => result(inner)));
    case 'transformMap':
      return new ValueMap(chosen.map(([inner, [key]]) => [key as Value, result(inner)]));
    case 'transformMapEntry':
      return new ValueMap(chosen.flatMap(([inner]) => entriesOf(result(inner))));
    default:
      return macro satisfies never;
  }
}

function* walked(range: Value, count: number): Iterable<readonly Value[]> {
  if (range instanceof CelList) {
    let index = 0n;
    for (const value of range) yield count === 2 ? [index++, value] : [value];
    return;
  }
  if (!(range instanceof CelMap)) throw new EvaluationError(`got '${goType(range)}', expected iterable type`);
  for (const key of range.keys()) yield count === 2 ? [key, range.get(key) as Value] : [key];
}

function goType(value: Value): string {
  const name = typeName(value).replace('google.protobuf.', '').replace('_type', '');
  return `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function isTrue(value: Value): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError('no such overload');
  return value;
}

/** Errors do not count where another element decides. */
function quantified(walk: readonly (readonly [Scope, readonly Value[]])[], predicate: Run, decisive: boolean): boolean {
  let problem: EvaluationError | undefined;
  for (const [inner] of walk) {
    try {
      if (isTrue(predicate(inner)) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      problem ??= error;
    }
  }
  if (problem) throw problem;
  return !decisive;
}

function entriesOf(value: Value): [Value, Value][] {
  if (!(value instanceof CelMap)) throw new EvaluationError('no such overload');
  return [...value.keys()].map((key) => [key, value.get(key) as Value]);
}
