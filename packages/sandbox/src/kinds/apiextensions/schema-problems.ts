import { isRecord } from '@fairlead/kube/protocol';
import {
  duplicate,
  type FieldError,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { OpenApiSchema } from '../../schema/open-api.js';
import { hasFormat } from './string-formats.js';

/** What a value breaks of its schema, in the API server's words (kube-openapi's validation). `path` is empty for a default in a schema. */
export function schemaProblems(schema: OpenApiSchema, value: unknown, path: string): FieldError[] {
  if (value === null && schema.nullable) return [];
  const wrongType = typeProblem(schema, value, path);
  if (wrongType) return [wrongType];
  const errors: FieldError[] = [];
  if (Array.isArray(value)) errors.push(...listProblems(schema, value, path));
  else if (isRecord(value)) errors.push(...mapProblems(schema, value, path));
  else if (typeof value === 'string') errors.push(...stringProblems(schema, value, path));
  else if (typeof value === 'number') errors.push(...numberProblems(schema, value, path));
  const { enum: allowed } = schema;
  if (Array.isArray(allowed) && !allowed.some((each) => equal(each, value))) errors.push(notSupported(path, value, allowed.map(plain)));
  return [...errors, ...combinationProblems(schema, value, path)];
}

const says = (path: string, value: unknown, rule: string): FieldError => invalidValue(path, value, `${inBody(path)} ${rule}`);
const inBody = (path: string): string => (path === '' ? 'in body' : `${path} in body`);
const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** What JSON schema calls the type of a value. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typeProblem(schema: OpenApiSchema, value: unknown, path: string): FieldError | undefined {
  const allowed = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : undefined;
  const name = typeName(value);
  if (!allowed || allowed.includes(name) || (name === 'integer' && allowed.includes('number'))) return undefined;
  return typeInvalid(path, name, `${inBody(path)} must be of type ${allowed.join(',')}: ${JSON.stringify(name)}`);
}

function mapProblems(schema: OpenApiSchema, value: Record<string, unknown>, path: string): FieldError[] {
  const { properties = {}, additionalProperties, minProperties, maxProperties } = schema;
  const errors: FieldError[] = [];
  const count = Object.keys(value).length;
  if (typeof minProperties === 'number' && count < minProperties)
    errors.push(says(path, count, `should have at least ${minProperties} properties`));
  if (typeof maxProperties === 'number' && count > maxProperties) errors.push(tooMany(path, count, maxProperties));
  for (const name of requiredOf(schema)) if (value[name] === undefined) errors.push(required(at(path, name)));
  for (const [key, inner] of Object.entries(value)) {
    const found = properties[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (found && inner !== undefined) errors.push(...schemaProblems(found, inner, at(path, key)));
  }
  return errors;
}

const requiredOf = (schema: OpenApiSchema): readonly string[] =>
  schema['x-kubernetes-embedded-resource'] ? [...(schema.required ?? []), 'apiVersion', 'kind'] : (schema.required ?? []);

function listProblems(schema: OpenApiSchema, value: readonly unknown[], path: string): FieldError[] {
  const { items, minItems, maxItems } = schema;
  const errors: FieldError[] = [];
  if (typeof minItems === 'number' && value.length < minItems)
    errors.push(says(path, value.length, `should have at least ${minItems} items`));
  if (typeof maxItems === 'number' && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
  if (items) errors.push(...value.flatMap((item, index) => schemaProblems(items, item, `${path}[${index}]`)));
  return errors;
}

function stringProblems({ minLength, maxLength, pattern, format }: OpenApiSchema, value: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const length = [...value].length;
  if (typeof maxLength === 'number' && length > maxLength) errors.push(tooLong(path, maxLength));
  if (typeof minLength === 'number' && length < minLength) errors.push(says(path, value, `should be at least ${minLength} chars long`));
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) errors.push(says(path, value, `should match '${pattern}'`));
  if (format && !hasFormat(format, value))
    errors.push(typeInvalid(path, value, `${inBody(path)} must be of type ${format}: ${JSON.stringify(value)}`));
  return errors;
}

function numberProblems(schema: OpenApiSchema, value: number, path: string): FieldError[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const errors: FieldError[] = [];
  if (typeof maximum === 'number' && (exclusiveMaximum ? value >= maximum : value > maximum))
    errors.push(says(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`));
  if (typeof minimum === 'number' && (exclusiveMinimum ? value <= minimum : value < minimum))
    errors.push(says(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`));
  if (typeof multipleOf === 'number' && !isMultiple(value, multipleOf))
    errors.push(says(path, value, `should be a multiple of ${multipleOf}`));
  return errors;
}

const isMultiple = (value: number, factor: number): boolean => Math.abs(value / factor - Math.round(value / factor)) < 1e-9;

function combinationProblems({ allOf, anyOf, oneOf, not }: OpenApiSchema, value: unknown, path: string): FieldError[] {
  const failed = (rule: string): FieldError => invalidValue('<nil>', '', `${JSON.stringify(path)} must ${rule}`);
  const of = (schemas: readonly OpenApiSchema[] = []): FieldError[][] => schemas.map((each) => schemaProblems(each, value, path));
  const errors: FieldError[] = [];
  const [any, one, all] = [of(anyOf), of(oneOf), of(allOf)];
  if (any.length > 0 && any.every(({ length }) => length > 0))
    errors.push(failed('validate at least one schema (anyOf)'), ...(any[0] ?? []));
  const valid = one.filter(({ length }) => length === 0).length;
  if (one.length > 0 && valid === 0) errors.push(failed('validate one and only one schema (oneOf). Found none valid'), ...(one[0] ?? []));
  if (valid > 1) errors.push(failed(`validate one and only one schema (oneOf). Found ${valid} valid alternatives`));
  if (all.some(({ length }) => length > 0)) errors.push(...all.flat(), failed('validate all the schemas (allOf)'));
  if (not && schemaProblems(not, value, path).length === 0) errors.push(failed('not validate the schema (not)'));
  return errors;
}

/** Elements of sets and of lists with keys that come twice. */
export function listTypeProblems(schema: OpenApiSchema, value: unknown, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (Array.isArray(value)) {
    const kind = schema['x-kubernetes-list-type'];
    const keys = schema['x-kubernetes-list-map-keys'] ?? [];
    const seen = new Set<string>();
    value.forEach((item, index) => {
      const key =
        kind === 'map' && isRecord(item)
          ? Object.fromEntries(keys.map((each) => [each, item[each] ?? schema.items?.properties?.[each]?.default]))
          : item;
      const text = JSON.stringify(key);
      if ((kind === 'set' || kind === 'map') && seen.has(text)) errors.push(duplicate(`${path}[${index}]`, key));
      seen.add(text);
      if (schema.items) errors.push(...listTypeProblems(schema.items, item, `${path}[${index}]`));
    });
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const found = schema.properties?.[key] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
      if (found) errors.push(...listTypeProblems(found, inner, at(path, key)));
    }
  }
  return errors;
}
