import type { Program } from '../../cel/index.js';
import { policyEnvironment } from '../../kinds/admissionregistration/policy-environment.js';
import { type Fields, fields, isSet, list, text } from '../../kinds/parts/values.js';
import type { Stored } from '../../machinery/object.js';

export interface Expression {
  /** As its messages name it. */
  source: string;
  program: Program;
}

export interface CompiledPolicy {
  ignoresFailures: boolean;
  match: Fields;
  paramKind: { apiVersion: string; kind: string } | undefined;
  conditions: readonly Expression[];
  variables: readonly (Expression & { name: string })[];
  validations: readonly (Expression & { message: string; messageExpression: Program | undefined; reason: string })[];
}

const compiled = new WeakMap<Stored, CompiledPolicy>();

/** Expressions are compiled once for each policy that is stored, when it is first needed. */
export function compiledPolicy(policy: Stored): CompiledPolicy {
  const known = compiled.get(policy);
  if (known) return known;
  const made = compile(fields(policy.spec));
  compiled.set(policy, made);
  return made;
}

function compile(spec: Fields): CompiledPolicy {
  const environment = policyEnvironment(isSet(spec.paramKind));
  const { apiVersion, kind } = fields(spec.paramKind);
  const conditions = list(spec.matchConditions).map(({ expression }) => {
    const source = text(expression).trim();
    return { source, program: environment.conditions.compile(source) };
  });
  const variables = list(spec.variables).map(({ name, expression }) => {
    const source = text(expression);
    const program = environment.expressions.compile(source);
    environment.declare(text(name), source);
    return { name: text(name), source, program };
  });
  const validations = list(spec.validations).map(({ expression, message, messageExpression, reason }) => ({
    source: text(expression).trim(),
    program: environment.expressions.compile(text(expression)),
    message: text(message).trim(),
    messageExpression: text(messageExpression).trim() === '' ? undefined : environment.messages.compile(text(messageExpression)),
    reason: text(reason) || 'Invalid',
  }));
  return {
    ignoresFailures: spec.failurePolicy === 'Ignore',
    match: fields(spec.matchConstraints),
    paramKind: isSet(spec.paramKind) ? { apiVersion: text(apiVersion), kind: text(kind) } : undefined,
    conditions,
    variables,
    validations,
  };
}
