import { CompileError, type Type } from '../../cel/index.js';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import type { OpenApiSchema } from '../../schema/open-api.js';
import { ruleType } from './rule-types.js';
import { schemaProblems } from './schema-problems.js';
import { ruleEnvironment, rulesOf, type ValidationRule } from './validation-rules.js';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What keeps a schema from being structural, and its defaults and rules from being what they should be. */
export function structuralProblems(schema: OpenApiSchema, path: string): FieldError[] {
  if (!schema.type) return [required(`${path}.type`, 'must not be empty at the root')];
  if (schema.type !== 'object') return [invalidValue(`${path}.type`, schema.type, 'must be object at the root')];
  return problems(schema, path, true);
}

function problems(schema: OpenApiSchema, path: string, isRoot = false): FieldError[] {
  const { type, properties = {}, additionalProperties, items, pattern, uniqueItems } = schema;
  const errors: FieldError[] = [];
  if (type && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  if (uniqueItems === true)
    errors.push(forbiddenField(`${path}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'));
  if (typeof additionalProperties === 'object' && Object.keys(properties).length > 0)
    errors.push(forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  if (additionalProperties === false)
    errors.push(forbiddenField(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'));
  if (type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'));
  if (typeof pattern === 'string') errors.push(...patternProblems(pattern, path));
  errors.push(...listProblems(schema, path));
  if (schema.default !== undefined)
    errors.push(...schemaProblems(schema, schema.default, '').map((each) => ({ ...each, field: `${path}.default${each.field}` })));
  for (const word of ['allOf', 'anyOf', 'oneOf'] as const)
    errors.push(...(schema[word] ?? []).flatMap((each, index) => valueProblems(each, `${path}.${word}[${index}]`)));
  if (schema.not) errors.push(...valueProblems(schema.not, `${path}.not`));
  errors.push(...rulesOf(schema).flatMap((rule, index) => ruleErrors(rule, schema, `${path}.x-kubernetes-validations[${index}]`, isRoot)));
  for (const [name, each] of Object.entries(properties)) errors.push(...below(each, `${path}.properties[${name}]`, 'object fields'));
  if (typeof additionalProperties === 'object')
    errors.push(...below(additionalProperties, `${path}.additionalProperties`, 'object fields'));
  if (items) errors.push(...below(items, `${path}.items`, 'array items'));
  return errors;
}

function below(schema: OpenApiSchema, path: string, of: string): FieldError[] {
  const isFree = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const missing = !schema.type && !isFree ? [required(`${path}.type`, `must not be empty for specified ${of}`)] : [];
  return [...missing, ...problems(schema, path)];
}

/** Inside allOf, anyOf, oneOf and not only values are judged. */
function valueProblems(schema: OpenApiSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const word of ['type', 'description', 'default', 'nullable', 'additionalProperties'] as const)
    if (schema[word] !== undefined && schema[word] !== '' && schema[word] !== false)
      errors.push(forbiddenField(`${path}.${word}`, 'must be empty to be structural'));
  for (const [name, each] of Object.entries(schema.properties ?? {})) errors.push(...valueProblems(each, `${path}.properties[${name}]`));
  if (schema.items) errors.push(...valueProblems(schema.items, `${path}.items`));
  return errors;
}

function listProblems(schema: OpenApiSchema, path: string): FieldError[] {
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (kind === undefined) return [];
  const errors: FieldError[] = [];
  if (!['atomic', 'set', 'map'].includes(kind)) errors.push(notSupported(`${path}.x-kubernetes-list-type`, kind, ['atomic', 'map', 'set']));
  if (schema.type !== 'array')
    errors.push(invalidValue(`${path}.type`, schema.type, 'must be array if x-kubernetes-list-type is specified'));
  if (kind === 'map' && keys.length === 0)
    errors.push(required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'));
  keys.forEach((key, index) => {
    const field = schema.items?.properties?.[key];
    if (!field)
      errors.push(invalidValue(`${path}.x-kubernetes-list-map-keys[${index}]`, key, 'entries must all be names of item properties'));
    else if (field.default === undefined && !schema.items?.required?.includes(key))
      errors.push(
        required(
          `${path}.items.properties[${key}].default`,
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        ),
      );
  });
  return errors;
}

function patternProblems(pattern: string, path: string): FieldError[] {
  try {
    new RegExp(pattern, 'u');
    return [];
  } catch (error) {
    const unclosed = /\[[^\]]*$/.exec(pattern)?.[0];
    const why = unclosed ? `missing closing ]: \`${unclosed}\`` : error instanceof Error ? error.message : 'invalid';
    return [invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: error parsing regexp: ${why}`)];
  }
}

function ruleErrors(rule: ValidationRule, schema: OpenApiSchema, path: string, isRoot: boolean): FieldError[] {
  const { rule: text = '', messageExpression, reason } = rule;
  if (text.trim() === '') return [required(`${path}.rule`, 'rule is not specified')];
  if (rule.message !== undefined && rule.message !== '' && rule.message.trim() === '')
    return [invalidValue(`${path}.message`, rule.message, 'must be non-empty if specified')];
  if (rule.message?.includes('\n')) return [invalidValue(`${path}.message`, rule.message, 'must not contain line breaks')];
  if (rule.fieldPath && !leadsToField(schema, rule.fieldPath))
    return [invalidValue(`${path}.fieldPath`, rule.fieldPath, 'must be a valid path')];
  if (reason && !reasons.includes(reason)) return [notSupported(`${path}.reason`, reason, reasons)];
  const shown = {
    Rule: text,
    Message: rule.message ?? '',
    MessageExpression: messageExpression ?? '',
    Reason: reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
  const environment = ruleEnvironment(ruleType(schema, isRoot), rule);
  const compiled = (expression: string): Type | string => {
    try {
      return environment.compile(expression).type;
    } catch (error) {
      if (error instanceof CompileError) return `compilation failed: ${error.message}`;
      throw error;
    }
  };
  const type = compiled(text);
  if (typeof type === 'string') return [invalidValue(`${path}.rule`, shown, type)];
  if (type.kind !== 'bool') return [invalidValue(`${path}.rule`, shown, 'cel expression must evaluate to a bool')];
  if (!messageExpression) return [];
  const said = compiled(messageExpression);
  const problem = typeof said === 'string' ? said : said.kind === 'string' ? '' : 'must evaluate to a string';
  return problem === '' ? [] : [invalidValue(`${path}.messageExpression`, shown, `messageExpression ${problem}`)];
}

function leadsToField(schema: OpenApiSchema, path: string): boolean {
  let at: OpenApiSchema | undefined = schema;
  for (const key of path.match(/\.[^.[\]]+|\['[^']*'\]/g) ?? [])
    at =
      at?.properties?.[key.replace(/^\.|^\['|'\]$/g, '')] ??
      (typeof at?.additionalProperties === 'object' ? at.additionalProperties : undefined);
  return at !== undefined && at !== schema;
}
