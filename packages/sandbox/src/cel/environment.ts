import type { Expression } from './ast.js';
import { check } from './checker.js';
import { compileExpression } from './evaluate.js';
import { Functions, type Overload } from './functions.js';
import { kubernetesLibrary } from './library/index.js';
import { parse } from './parser.js';
import type { Scope } from './run.js';
import type { Type } from './type.js';
import type { Value } from './value.js';

/** Variables by their names, as `fromJson` or the library makes values; a function is asked once, when its variable is first needed. */
export type Variables = Readonly<Record<string, Value | (() => Value)>>;

export interface Program {
  /** What the checker found that it gives. */
  readonly type: Type;
  readonly expression: Expression;
  /** @throws EvaluationError */
  evaluate(variables: Variables): Value;
}

/** The language of Kubernetes 1.34 over some variables: its syntax, types, functions and messages are those of the API server. */
export class Environment {
  private static readonly standard = new Functions(kubernetesLibrary);
  private readonly functions: Functions;

  constructor(
    private readonly variables: Readonly<Record<string, Type>>,
    more: readonly Overload[] = [],
  ) {
    this.functions = more.length > 0 ? new Functions([...kubernetesLibrary, ...more]) : Environment.standard;
  }

  /** @throws CompileError: `ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')` and its place */
  compile(source: string): Program {
    const expression = parse(source);
    const checked = check(source, expression, this.variables, this.functions);
    const run = compileExpression(expression, this.functions, checked.references);
    return { type: checked.type, expression, evaluate: (variables) => run(new Root(variables)) };
  }
}

/** A million steps are enough for an expression: the real one counts costs, by another measure. */
const mostSteps = 1_000_000;

class Root implements Scope {
  readonly steps = { left: mostSteps };
  private readonly made = new Map<string, Value>();

  constructor(private readonly variables: Variables) {}

  find(name: string): Value | undefined {
    const value = this.variables[name];
    if (typeof value !== 'function') return value;
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const found = value();
    this.made.set(name, found);
    return found;
  }
}
