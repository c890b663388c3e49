import type { OpenApiSchema } from '../schema/open-api.js';
import { type CelExpression, celPointer } from './cel-program.js';

type Expr = CelExpression['expr'];
/** Undefined: may be anything. */
type Known = OpenApiSchema | undefined;

/**
 * What a type checker finds first in an expression over values with schemas: a field that a schema does not declare, a name that is not bound. In the words
 * of cel-go; undefined where there is nothing. Types of results are not looked at.
 */
export function celProblem(text: string, parsed: CelExpression, variables: Readonly<Record<string, Known>>): string | undefined {
  const place = ({ id }: Expr): number => parsed.sourceInfo?.positions[String(id)] ?? 0;
  const said = (offset: number, problem: string): Problem =>
    new Problem(`ERROR: <input>:1:${offset + 1}: ${problem}${celPointer(text, offset)}`);

  function look(expr: Expr, scope: Readonly<Record<string, Known>>): Known {
    const { exprKind } = expr;
    switch (exprKind.case) {
      case 'identExpr': {
        const { name } = exprKind.value;
        if (Object.hasOwn(scope, name)) return scope[name];
        if (types.has(name)) return undefined;
        throw said(place(expr), `undeclared reference to '${name}' (in container '')`);
      }
      case 'selectExpr': {
        const { operand, field } = exprKind.value;
        const inside = operand ? look(operand as Expr, scope) : undefined;
        const found = fieldOf(inside, field);
        if (found === 'undefined') throw said(place(expr), `undefined field '${field}'`);
        return found;
      }
      case 'callExpr': {
        const { target, args, function: name } = exprKind.value;
        const on = target ? look(target as Expr, scope) : undefined;
        const given = args.map((each) => look(each as Expr, scope));
        if (name === '_[_]') return elementOf(given[0]);
        return name === '_?_:_' ? given[1] : on && undefined;
      }
      case 'listExpr':
        for (const each of exprKind.value.elements) look(each as Expr, scope);
        return undefined;
      case 'structExpr':
        for (const { value } of exprKind.value.entries) if (value) look(value as Expr, scope);
        return undefined;
      case 'comprehensionExpr': {
        const { iterRange, iterVar, iterVar2, accuVar, accuInit, loopCondition, loopStep, result } = exprKind.value;
        const range = iterRange ? look(iterRange as Expr, scope) : undefined;
        const inner = {
          ...scope,
          [iterVar]: range?.items ?? undefined,
          ...(iterVar2 ? { [iterVar2]: undefined } : {}),
          [accuVar]: undefined,
        };
        for (const each of [accuInit, loopCondition, loopStep, result]) if (each) look(each as Expr, inner);
        return undefined;
      }
      default:
        return undefined;
    }
  }

  try {
    look(parsed.expr, variables);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

class Problem extends Error {}

const types = new Set([
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'type',
  'null_type',
  'optional',
  'google',
  'true',
  'false',
]);

function fieldOf(schema: Known, field: string): Known | 'undefined' {
  if (!schema || schema['x-kubernetes-preserve-unknown-fields']) return undefined;
  if (typeof schema.additionalProperties === 'object') return schema.additionalProperties;
  if (schema.additionalProperties === true || schema.type !== 'object') return undefined;
  for (const [name, inner] of Object.entries(schema.properties ?? {})) if (escapedName(name) === field) return inner;
  return 'undefined';
}

function elementOf(schema: Known): Known {
  if (schema?.type === 'array') return schema.items;
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** A property's name as CEL writes it: `foo-bar` is `foo__dash__bar`. */
export function escapedName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}
