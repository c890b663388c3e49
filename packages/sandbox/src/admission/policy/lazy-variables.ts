import { CelMap, EvaluationError, type Value, type Variables } from '../../cel/index.js';
import type { Expression } from './compiled-policy.js';

/** `variables`: each is evaluated when it is first asked for, and may ask for those before it. Its error is that of who asked. */
export class LazyVariables extends CelMap {
  private readonly made = new Map<string, Value | EvaluationError>();

  constructor(
    private readonly all: readonly (Expression & { name: string })[],
    private readonly seen: Variables,
  ) {
    super();
  }

  get size(): number {
    return this.all.length;
  }

  get(key: Value): Value | undefined {
    const variable = this.all.findLast(({ name }) => name === key);
    if (!variable) return undefined;
    const known = this.made.get(variable.name);
    const value = known === undefined ? this.evaluated(variable) : known;
    if (value instanceof EvaluationError) throw value;
    return value;
  }

  keys(): Iterable<Value> {
    return this.all.map(({ name }) => name);
  }

  private evaluated({ name, program }: Expression & { name: string }): Value | EvaluationError {
    let value: Value | EvaluationError;
    try {
      value = program.evaluate({ ...this.seen, variables: this });
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      value = new EvaluationError(`composited variable "${name}" fails to evaluate: ${error.message}`);
    }
    this.made.set(name, value);
    return value;
  }
}
