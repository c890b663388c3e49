import { type CelInput, type CelValue, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { kubernetesFunctions } from './kubernetes-functions.js';

export type CelExpression = ReturnType<typeof parse>;

/** An expression that can be evaluated over and over. */
export interface CelProgram {
  readonly text: string;
  readonly parsed: CelExpression;
  /** Throws CelFailure when the evaluation ends in an error. */
  evaluate(bindings: Readonly<Record<string, CelInput>>): CelValue;
}

/** An evaluation that ended in an error: `no such key: min`. */
export class CelFailure extends Error {}

/** An expression that is none, with the place: `ERROR: <input>:1:5: …`. */
export class CelSyntaxError extends Error {}

const environment = celEnv({ funcs: [...strings, ...kubernetesFunctions] });

/** Parses and plans; types are not checked here. Throws CelSyntaxError. */
export function celProgram(text: string): CelProgram {
  let parsed: CelExpression;
  try {
    parsed = parse(text);
  } catch (error) {
    const [, place = '1:1', problem = ''] = /^<input>:(\d+:\d+): (.*)$/s.exec(error instanceof Error ? error.message : '') ?? [];
    throw new CelSyntaxError(`ERROR: <input>:${place}: Syntax error: ${problem}${celPointer(text, Number(place.split(':')[1]) - 1)}`);
  }
  const evaluate = plan(environment, parsed);
  return {
    text,
    parsed,
    evaluate: (bindings) => {
      const result = evaluate(bindings);
      if (isCelError(result)) throw new CelFailure(inCelGoWords(result.message));
      return result;
    },
  };
}

/** The line below an error that points at its place. */
export const celPointer = (text: string, offset: number): string =>
  `\n | ${text.replaceAll('\n', ' ')}\n | ${'.'.repeat(Math.max(offset, 0))}^`;

function inCelGoWords(message: string): string {
  const missing = /^field not found: (.*)$/.exec(message);
  if (missing) return `no such key: ${missing[1]}`;
  return message === 'int divide by zero' ? 'division by zero' : message;
}
