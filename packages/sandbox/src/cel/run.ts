import { EvaluationError } from './problem.js';
import type { Value } from './value.js';

/** Where variables are found while it runs. */
export interface Scope {
  find(name: string): Value | undefined;
  /** What is left of the steps that an evaluation may take. */
  readonly steps: { left: number };
}

export type Run = (scope: Scope) => Value;

export function spend({ steps }: Scope): void {
  steps.left -= 1;
  if (steps.left < 0) throw new EvaluationError('operation cancelled: actual cost limit exceeded');
}
