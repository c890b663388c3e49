import type { Expression } from './ast.js';
import { type References, typeNames } from './checker.js';
import type { Functions } from './functions.js';
import { evaluateMacro } from './macros.js';
import { EvaluationError } from './problem.js';
import { type Run, type Scope, spend } from './run.js';
import { runtimeName } from './type.js';
import { CelList, CelMap, Optional, TypeValue, typeName, Uint, type Value, ValueList, ValueMap } from './value.js';

/** An expression as a function. */
export function compileExpression(expression: Expression, functions: Functions, references: References): Run {
  const compile = (each: Expression): Run => compileExpression(each, functions, references);
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression;
      const made: Value = typeof value === 'object' && value !== null && 'uint' in value ? new Uint(value.uint) : value;
      return () => made;
    }
    case 'ident': {
      const { name } = expression;
      return (scope) => named(scope, name);
    }
    case 'select': {
      const whole = references.get(expression);
      if (whole !== undefined) return (scope) => named(scope, whole);
      const { field, optional, has } = expression;
      const operand = compile(expression.operand);
      if (has) return (scope) => hasField(operand(scope), field);
      return optional ? (scope) => optionalAt(operand(scope), field) : (scope) => valueAt(operand(scope), field);
    }
    case 'list':
      return listOf(expression.items.map(({ value, optional }) => [compile(value), optional]));
    case 'map':
      return mapOf(expression.entries.map(({ key, value, optional }) => [compile(key), compile(value), optional]));
    case 'macro': {
      const { macro, variables } = expression;
      const [range, args] = [compile(expression.range), expression.args.map(compile)];
      return (scope) => evaluateMacro(macro, range(scope), variables, args, scope);
    }
    case 'call':
      return compileCall(expression, functions, references, compile);
    default:
      return expression satisfies never;
  }
}

function named(scope: Scope, name: string): Value {
  const value = scope.find(name);
  if (value !== undefined) return value;
  const type = typeNames[name];
  if (!type) throw new EvaluationError(`no such attribute(s): ${name}`);
  return new TypeValue(runtimeName(type));
}

function compileCall(
  expression: Expression & { kind: 'call' },
  functions: Functions,
  references: References,
  compile: (each: Expression) => Run,
): Run {
  const args = expression.args.map(compile);
  const [first, second, third] = args as [Run, Run, Run];
  switch (expression.name) {
    case '_&&_':
      return (scope) => shortCircuit(scope, first, second, false);
    case '_||_':
      return (scope) => shortCircuit(scope, first, second, true);
    case '_?_:_':
      return (scope) => {
        const condition = first(scope);
        if (typeof condition !== 'boolean') throw new EvaluationError('no such overload');
        return condition ? second(scope) : third(scope);
      };
    case '_[_]':
      return (scope) => valueAt(first(scope), second(scope));
    case '_[?_]':
      return (scope) => optionalAt(first(scope), second(scope));
    default:
      break;
  }
  const qualified = references.get(expression);
  const name = qualified ?? expression.name;
  const target = expression.target && qualified === undefined ? compile(expression.target) : undefined;
  const all = target ? [target, ...args] : args;
  return (scope) => {
    spend(scope);
    return functions.call(
      name,
      target !== undefined,
      all.map((each) => each(scope)),
    );
  };
}

/** An error on one side does not count where the other decides. */
export function shortCircuit(scope: Scope, first: Run, second: Run, decisive: boolean): boolean {
  let problem: unknown;
  for (const side of [first, second]) {
    try {
      const value = side(scope);
      if (value === decisive) return decisive;
      if (typeof value !== 'boolean') problem ??= new EvaluationError('no such overload');
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      problem ??= error;
    }
  }
  if (problem !== undefined) throw problem;
  return !decisive;
}

/** The element, field or entry; undefined when it is not there, or nothing can be. */
function lookUp(operand: Value, key: Value): Value | undefined {
  if (operand instanceof CelMap) return operand.get(key);
  if (operand instanceof CelList) {
    const index = key instanceof Uint ? Number(key.value) : Number(key);
    if ((typeof key !== 'bigint' && typeof key !== 'number' && !(key instanceof Uint)) || !Number.isInteger(index))
      throw new EvaluationError(`unsupported index type '${typeName(key)}' in list`);
    return operand.at(index);
  }
  return undefined;
}

function valueAt(operand: Value, key: Value): Value {
  if (operand instanceof Optional) return operand.value === undefined ? operand : optionalAt(operand.value, key);
  const found = lookUp(operand, key);
  if (found !== undefined) return found;
  const shown = key instanceof Uint ? key.value : key;
  throw new EvaluationError(operand instanceof CelList ? `index out of bounds: ${shown}` : `no such key: ${shown}`);
}

function optionalAt(operand: Value, key: Value): Optional {
  if (operand instanceof Optional) return operand.value === undefined ? operand : optionalAt(operand.value, key);
  const found = lookUp(operand, key);
  return found === undefined ? Optional.none : new Optional(found);
}

function hasField(operand: Value, field: string): boolean {
  if (operand instanceof Optional) return operand.value !== undefined && hasField(operand.value, field);
  return lookUp(operand, field) !== undefined;
}

function listOf(items: readonly (readonly [Run, boolean])[]): Run {
  return (scope) => {
    const values: Value[] = [];
    for (const [item, optional] of items) {
      const value = present(item(scope), optional);
      if (value !== undefined) values.push(value);
    }
    return new ValueList(values);
  };
}

function mapOf(entries: readonly (readonly [Run, Run, boolean])[]): Run {
  return (scope) => {
    const made: [Value, Value][] = [];
    for (const [key, item, optional] of entries) {
      const value = present(item(scope), optional);
      if (value !== undefined) made.push([key(scope), value]);
    }
    return new ValueMap(made);
  };
}

function present(value: Value, optional: boolean): Value | undefined {
  if (!optional) return value;
  if (value instanceof Optional) return value.value;
  throw new EvaluationError(`cannot initialize optional list element from non-optional value ${String(value)}`);
}
