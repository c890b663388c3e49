import { assignableAll, joined, type Substitutions, substituted } from './assignable.js';
import type { Expression } from './ast.js';
import type { Functions, Overload } from './functions.js';
import { literalProblems } from './literal-problems.js';
import { CompileError, type Problem } from './problem.js';
import * as types from './type.js';
import { formatType, sameType, type Type } from './type.js';

/** Which calls and names mean something with a dot in its name: `optional.of`, `google.protobuf.Timestamp`. */
export type References = ReadonlyMap<Expression, string>;

export interface Checked {
  type: Type;
  references: References;
}

/** checker.Check of cel-go, and the checks of literals that Kubernetes adds. @throws CompileError */
export function check(source: string, expression: Expression, variables: Readonly<Record<string, Type>>, functions: Functions): Checked {
  const checker = new Checker(variables, functions);
  const found = checker.check(expression);
  if (checker.problems.length > 0) throw new CompileError(source, checker.problems);
  const problems = literalProblems(expression, (each) => checker.typeOf(each));
  if (problems.length > 0) throw new CompileError(source, problems);
  return { type: substituted(checker.known, found, true), references: checker.references };
}

/** Names that stand for types. */
export const typeNames: Readonly<Record<string, Type>> = {
  bool: types.bool,
  int: types.int,
  uint: types.uint,
  double: types.double,
  string: types.string,
  bytes: types.bytes,
  null_type: types.nullType,
  list: types.list(types.dyn),
  map: types.map(types.dyn, types.dyn),
  type: types.typeOf(types.dyn),
  optional_type: types.optional(types.dyn),
  'google.protobuf.Timestamp': types.timestamp,
  'google.protobuf.Duration': types.duration,
};

class Checker {
  readonly problems: Problem[] = [];
  readonly known: Substitutions = new Map();
  readonly references = new Map<Expression, string>();
  private readonly found = new Map<Expression, Type>();
  private fresh = 0;
  private readonly locals: Record<string, Type>[] = [];

  constructor(
    private readonly variables: Readonly<Record<string, Type>>,
    private readonly functions: Functions,
  ) {}

  typeOf(expression: Expression): Type {
    return substituted(this.known, this.found.get(expression) ?? types.dyn, true);
  }

  check(expression: Expression): Type {
    const type = this.typed(expression);
    this.found.set(expression, type);
    return type;
  }

  private typed(expression: Expression): Type {
    switch (expression.kind) {
      case 'constant':
        return constantType(expression.value);
      case 'ident':
        return this.named(expression.name) ?? this.undeclared(expression.at, expression.name);
      case 'select':
        return this.select(expression);
      case 'call':
        return this.call(expression);
      case 'list':
        return this.list(expression);
      case 'map':
        return this.map(expression);
      case 'macro':
        return this.macro(expression);
      default:
        return expression satisfies never;
    }
  }

  private report(at: number, message: string): Type {
    this.problems.push({ at, message });
    return types.failed;
  }

  private undeclared(at: number, name: string): Type {
    return this.report(at, `undeclared reference to '${name}' (in container '')`);
  }

  private named(name: string): Type | undefined {
    for (const local of [...this.locals].reverse()) if (Object.hasOwn(local, name)) return local[name];
    if (Object.hasOwn(this.variables, name)) return this.variables[name];
    return Object.hasOwn(typeNames, name) ? types.typeOf(typeNames[name]) : undefined;
  }

  private select(expression: Expression & { kind: 'select' }): Type {
    const { operand, field, optional, has, at } = expression;
    const whole = has || optional ? undefined : qualifiedName(expression);
    const named = whole === undefined ? undefined : this.dotted(whole);
    if (whole !== undefined && named) {
      this.references.set(expression, whole);
      return named;
    }
    const outer = substituted(this.known, this.check(operand), false);
    const target = outer.kind === 'optional' ? outer.of : outer;
    const result = this.fieldOf(target, field, at);
    if (has) return types.bool;
    return optional || outer.kind === 'optional' ? types.optional(result) : result;
  }

  /** Types and variables may have a dot in their name: `google.protobuf.Timestamp`, `authorizer.requestResource`. */
  private dotted(name: string): Type | undefined {
    if (Object.hasOwn(this.variables, name)) return this.variables[name];
    return Object.hasOwn(typeNames, name) ? types.typeOf(typeNames[name]) : undefined;
  }

  private fieldOf(target: Type, field: string, at: number): Type {
    switch (target.kind) {
      case 'map':
        return target.value;
      case 'object':
        return target.fields.get(field) ?? this.report(at, `undefined field '${field}'`);
      case 'param':
        assignableAll(this.known, [types.dyn], [target]);
        return types.dyn;
      case 'dyn':
      case 'error':
        return types.dyn;
      case 'opaque':
        return this.report(at, `unexpected failed resolution of '${target.name}'`);
      default:
        this.report(at, `type '${formatType(target)}' does not support field selection`);
        return types.dyn;
    }
  }

  private call(expression: Expression & { kind: 'call' }): Type {
    const { name, target, args, at } = expression;
    const given = args.map((each) => this.check(each));
    if (name === '_&&_' || name === '_||_') return this.logical(args, given);
    if (!target) {
      const overloads = this.functions.overloads(name);
      return overloads ? this.resolve(name, overloads, false, given, at) : this.undeclared(at, name);
    }
    const prefix = qualifiedName(target);
    const qualified = prefix === undefined ? undefined : `${prefix}.${name}`;
    const asFunction = qualified === undefined ? undefined : this.functions.overloads(qualified);
    if (qualified !== undefined && asFunction) {
      this.references.set(expression, qualified);
      return this.resolve(qualified, asFunction, false, given, at);
    }
    const receiver = this.check(target);
    const overloads = this.functions.overloads(name);
    return overloads ? this.resolve(name, overloads, true, [receiver, ...given], at) : this.undeclared(at, name);
  }

  private logical(args: readonly Expression[], given: readonly Type[]): Type {
    let good = true;
    args.forEach((arg, index) => {
      const type = substituted(this.known, given[index] ?? types.dyn, false);
      if (assignableAll(this.known, [type], [types.bool])) return;
      this.report(arg.at, `expected type 'bool' but found '${formatType(type)}'`);
      good = false;
    });
    return good ? types.bool : types.failed;
  }

  private resolve(name: string, overloads: readonly Overload[], member: boolean, given: readonly Type[], at: number): Type {
    let result: Type | undefined;
    for (const each of overloads) {
      if (each.member !== member || each.params.length !== given.length) continue;
      const renamed = this.renamer();
      if (!assignableAll(this.known, given, each.params.map(renamed))) continue;
      const type = substituted(this.known, renamed(each.result), false);
      if (!result) result = type;
      else if (result.kind !== 'dyn' && !sameType(type, result)) result = types.dyn;
    }
    if (result) return result;
    const shown = given.map((each) => formatType(substituted(this.known, each, true)));
    const applied = member ? `${shown[0]}.(${shown.slice(1).join(', ')})` : `(${shown.join(', ')})`;
    return this.report(at, `found no matching overload for '${name}' applied to '${applied}'`);
  }

  /** Every use of an overload has type parameters of its own. */
  private renamer(): (type: Type) => Type {
    const names: Substitutions = new Map();
    const rename = (type: Type): Type => {
      if (type.kind !== 'param') {
        const inner = types.parametersOf(type);
        return inner.length === 0 ? type : types.withParameters(type, inner.map(rename));
      }
      const known = names.get(type.name) ?? this.param();
      names.set(type.name, known);
      return known;
    };
    return rename;
  }

  private param(): Type {
    this.fresh += 1;
    return { kind: 'param', name: `_var${this.fresh}` };
  }

  private list({ items }: Expression & { kind: 'list' }): Type {
    let inner: Type | undefined;
    for (const { value, optional } of items) inner = joined(this.known, inner, this.element(value, optional));
    return types.list(inner ?? this.param());
  }

  private map({ entries }: Expression & { kind: 'map' }): Type {
    let [keys, values]: (Type | undefined)[] = [];
    for (const { key, value, optional } of entries) {
      keys = joined(this.known, keys, this.check(key));
      values = joined(this.known, values, this.element(value, optional));
    }
    return types.map(keys ?? this.param(), values ?? this.param());
  }

  private element(value: Expression, optional: boolean): Type {
    const type = this.check(value);
    if (!optional) return type;
    const inner = this.param();
    if (assignableAll(this.known, [type], [types.optional(inner)])) return substituted(this.known, inner, false);
    return this.report(value.at, `expected type 'optional_type(${formatType(type)})' but found '${formatType(type)}'`);
  }

  private macro({ macro, range, variables, args, at }: Expression & { kind: 'macro' }): Type {
    const over = substituted(this.known, this.check(range), false);
    if (macro === 'optMap' || macro === 'optFlatMap') return this.optionalMacro(macro, over, variables[0] ?? '', args[0] as Expression, at);
    const [first, second, kind] = this.walked(over, range.at, variables.length);
    this.locals.push({ [variables[0] ?? '']: first, ...(variables[1] === undefined ? {} : { [variables[1]]: second }) });
    const given = args.map((each) => substituted(this.known, this.check(each), false));
    this.locals.pop();
    const last = given.at(-1) ?? types.dyn;
    const condition = (wanted: Type): boolean => {
      if (assignableAll(this.known, [given[0] ?? types.dyn], [types.bool])) return true;
      const [shown, branch] = [
        formatType(substituted(this.known, given[0] ?? types.dyn, true)),
        formatType(substituted(this.known, wanted, true)),
      ];
      this.report(at, `found no matching overload for '_?_:_' applied to '(${shown}, ${branch}, ${branch})'`);
      return false;
    };
    switch (macro) {
      case 'all':
      case 'exists':
        return this.logical(args, given);
      case 'exists_one':
        return condition(types.int) ? types.bool : types.failed;
      case 'filter':
        return condition(types.list(first)) ? types.list(first) : types.failed;
      case 'map':
      case 'transformList':
        return given.length < 2 || condition(types.list(last)) ? types.list(last) : types.failed;
      case 'transformMap':
        return given.length < 2 || condition(types.map(kind, last)) ? types.map(kind, last) : types.failed;
      case 'transformMapEntry':
        return given.length < 2 || condition(last) ? last : types.failed;
      default:
        return macro satisfies never;
    }
  }

  /** What the variables are, and what its keys are. */
  private walked(over: Type, at: number, count: number): [Type, Type, Type] {
    switch (over.kind) {
      case 'list':
        return count === 2 ? [types.int, over.items, types.int] : [over.items, types.dyn, types.int];
      case 'map':
        return [over.key, over.value, over.key];
      case 'param':
        assignableAll(this.known, [types.dyn], [over]);
        return [types.dyn, types.dyn, types.dyn];
      case 'dyn':
      case 'error':
        return [types.dyn, types.dyn, types.dyn];
      default: {
        const type = formatType(over);
        this.report(at, `expression of type '${type}' cannot be range of a comprehension (must be list, map, or dynamic)`);
        return [types.failed, types.failed, types.failed];
      }
    }
  }

  private optionalMacro(macro: 'optMap' | 'optFlatMap', over: Type, variable: string, body: Expression, at: number): Type {
    const inner = this.param();
    if (!assignableAll(this.known, [over], [types.optional(inner)]))
      return this.report(at, `found no matching overload for 'hasValue' applied to '${formatType(over)}.()'`);
    this.locals.push({ [variable]: substituted(this.known, inner, false) });
    const result = substituted(this.known, this.check(body), false);
    this.locals.pop();
    if (macro === 'optMap') return types.optional(result);
    if (result.kind === 'optional' || result.kind === 'dyn' || result.kind === 'error') return result;
    return this.report(at, `found no matching overload for '_?_:_' applied to '(bool, ${formatType(result)}, optional_type(dyn))'`);
  }
}

function constantType(value: (Expression & { kind: 'constant' })['value']): Type {
  switch (typeof value) {
    case 'bigint':
      return types.int;
    case 'number':
      return types.double;
    case 'string':
      return types.string;
    case 'boolean':
      return types.bool;
    default:
      if (value === null) return types.nullType;
      return value instanceof Uint8Array ? types.bytes : types.uint;
  }
}

/** `a.b.c` for what is nothing but names. */
function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'ident') return expression.name;
  if (expression.kind !== 'select' || expression.optional || expression.has) return undefined;
  const prefix = qualifiedName(expression.operand);
  return prefix === undefined ? undefined : `${prefix}.${expression.field}`;
}
