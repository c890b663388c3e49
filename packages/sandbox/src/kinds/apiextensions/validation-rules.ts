import { isRecord } from '@fairlead/kube/protocol';
import { Environment, EvaluationError, type Program, type Type, types, type Variables } from '../../cel/index.js';
import { Optional } from '../../cel/value.js';
import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { OpenApiSchema } from '../../schema/open-api.js';
import { ruleType, ruleValue } from './rule-types.js';
import { typeName } from './schema-problems.js';

/** One of x-kubernetes-validations. */
export interface ValidationRule {
  rule?: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

interface Rules {
  schema: OpenApiSchema;
  type: Type;
  rules: readonly { rule: ValidationRule; program: Program; message?: Program; isTransition: boolean }[];
  fields: ReadonlyMap<string, Rules>;
  inner: Rules | undefined;
}

export const rulesOf = (schema: OpenApiSchema): readonly ValidationRule[] =>
  Array.isArray(schema['x-kubernetes-validations']) ? (schema['x-kubernetes-validations'] as ValidationRule[]) : [];

/** Rules are about `self`, and about `oldSelf`, what it was before; with `optionalOldSelf` that may be nothing. */
export function ruleEnvironment(type: Type, { optionalOldSelf }: ValidationRule): Environment {
  return new Environment({ self: type, oldSelf: optionalOldSelf ? types.optional(type) : type });
}

/** The rules of a schema and of all below it, compiled; undefined where there are none. Throws CompileError. */
export function plannedRules(schema: OpenApiSchema, isRoot = true): Rules | undefined {
  const type = ruleType(schema, isRoot);
  const rules = rulesOf(schema).map((rule) => {
    const environment = ruleEnvironment(type, rule);
    return {
      rule,
      program: environment.compile(rule.rule ?? ''),
      ...(rule.messageExpression ? { message: environment.compile(rule.messageExpression) } : {}),
      isTransition: /\boldSelf\b/.test(rule.rule ?? ''),
    };
  });
  const fields = new Map<string, Rules>();
  for (const [name, each] of Object.entries(schema.properties ?? {})) {
    const planned = plannedRules(each, false);
    if (planned) fields.set(name, planned);
  }
  const { items, additionalProperties } = schema;
  const inner = items
    ? plannedRules(items, false)
    : typeof additionalProperties === 'object'
      ? plannedRules(additionalProperties, false)
      : undefined;
  return rules.length > 0 || fields.size > 0 || inner ? { schema, type, rules, fields, inner } : undefined;
}

/** `change`: only rules about `oldSelf`; `unchanged`: only the others; `new`: all, of what was not there before. */
type Asked = 'new' | 'unchanged' | 'change';

/**
 * The rules that a value breaks. `old` is what stood there before; undefined where nothing did, or nothing that can be told: rules about a change are
 * not asked then, unless they may do without.
 */
export function ruleProblems(
  { schema, type, rules, fields, inner }: Rules,
  value: unknown,
  old: unknown,
  path: string,
  asked: Asked,
): FieldError[] {
  if (value === null || value === undefined) return [];
  const errors: FieldError[] = [];
  for (const { rule, program, message, isTransition } of rules) {
    const isNew = old === undefined || old === null;
    if (isTransition ? asked === 'unchanged' || (isNew && !rule.optionalOldSelf) : asked === 'change') continue;
    const before = isNew ? undefined : ruleValue(schema, type, old);
    const oldSelf = rule.optionalOldSelf ? (before === undefined ? Optional.none : new Optional(before)) : (before ?? null);
    const bindings = { self: ruleValue(schema, type, value), oldSelf };
    try {
      if (program.evaluate(bindings) !== true) errors.push(broken(rule, messageOf(rule, message, bindings), value, path));
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      errors.push(invalidValue(path, typeName(value), `${error.message} evaluating rule: ${rule.message || rule.rule}`));
    }
  }
  if (Array.isArray(value)) {
    const all = inner ? value.entries() : [];
    for (const [index, item] of all)
      if (inner) errors.push(...ruleProblems(inner, item, sameItem(schema, item, old), `${path}[${index}]`, asked));
  } else if (isRecord(value)) {
    const before = isRecord(old) ? old : {};
    for (const [key, each] of Object.entries(value)) {
      const below = fields.get(key) ?? (schema.properties?.[key] ? undefined : inner);
      if (below) errors.push(...ruleProblems(below, each, before[key], path === '' ? key : `${path}.${key}`, asked));
    }
  }
  return errors;
}

/** The same element before: found by its keys; elements of other lists are not told apart. */
function sameItem(schema: OpenApiSchema, item: unknown, old: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old) || !isRecord(item)) return undefined;
  return old.find((each) => isRecord(each) && keys.every((key) => equal(each[key], item[key])));
}

function messageOf(rule: ValidationRule, program: Program | undefined, bindings: Variables): string {
  try {
    const text = program?.evaluate(bindings);
    if (typeof text === 'string' && text.trim() !== '' && !text.includes('\n')) return text;
  } catch (error) {
    // A message that cannot be made gives way to the fixed one.
    if (!(error instanceof EvaluationError)) throw error;
  }
  return rule.message || `failed rule: ${rule.rule}`;
}

function broken({ reason, fieldPath = '' }: ValidationRule, message: string, value: unknown, path: string): FieldError {
  const field = path === '' ? fieldPath.replace(/^\./, '') : `${path}${fieldPath}`;
  switch (reason) {
    case 'FieldValueForbidden':
      return forbiddenField(field, message);
    case 'FieldValueRequired':
      return required(field, message);
    case 'FieldValueDuplicate':
      return duplicate(field, value);
    default:
      return invalidValue(field, typeName(value), message);
  }
}
