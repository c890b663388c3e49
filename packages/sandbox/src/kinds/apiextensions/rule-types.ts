import { isRecord } from '@fairlead/kube/protocol';
import { fromJson, type Type, types, type Value } from '../../cel/index.js';
import type { OpenApiSchema } from '../../schema/open-api.js';

/** A schema as the type of a rule's `self`. Fields that a schema keeps without declaring them cannot be named in a rule. */
export function ruleType(schema: OpenApiSchema, isRoot = false): Type {
  if (schema['x-kubernetes-int-or-string']) return types.dyn;
  switch (schema.type) {
    case 'object':
      return objectType(schema, isRoot);
    case 'array': {
      const listType = schema['x-kubernetes-list-type'];
      const mapKeys = schema['x-kubernetes-list-map-keys'];
      const items = schema.items ? ruleType(schema.items) : types.dyn;
      return { kind: 'list', items, ...(listType ? { listType } : {}), ...(mapKeys ? { mapKeys } : {}) };
    }
    case 'integer':
      return types.int;
    case 'number':
      return types.double;
    case 'boolean':
      return types.bool;
    case 'string':
      return textTypes[schema.format ?? ''] ?? types.string;
    default:
      return types.dyn;
  }
}

const textTypes: Readonly<Record<string, Type>> = {
  'date-time': types.timestamp,
  date: types.timestamp,
  duration: types.duration,
  byte: types.bytes,
};
const metadata = types.object('metadata', { name: types.string, generateName: types.string });

function objectType(schema: OpenApiSchema, isRoot: boolean): Type {
  const { properties = {}, additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return types.map(types.string, ruleType(additionalProperties));
  if (additionalProperties === true) return types.map(types.string, types.dyn);
  const fields: Record<string, Type> = {};
  for (const [name, each] of Object.entries(properties)) fields[escapedName(name)] = ruleType(each);
  if (isRoot || schema['x-kubernetes-embedded-resource']) Object.assign(fields, { apiVersion: types.string, kind: types.string, metadata });
  return types.object('object', fields);
}

/** A value of that schema as its rules see it: whole days are times, fields have names that CEL can say. */
export const ruleValue = (schema: OpenApiSchema, type: Type, value: unknown): Value => fromJson(sayable(schema, value), type);

function sayable(schema: OpenApiSchema | undefined, value: unknown): unknown {
  if (schema?.format === 'date' && typeof value === 'string') return `${value}T00:00:00Z`;
  if (!schema || !hasUnsayable(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => sayable(schema.items, item));
  if (!isRecord(value)) return value;
  const other = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const declared = schema.properties?.[key];
      return [declared ? escapedName(key) : key, sayable(declared ?? other, inner)];
    }),
  );
}

const known = new WeakMap<OpenApiSchema, boolean>();

/** Most schemas have no such field, and their values are taken as they are. */
function hasUnsayable(schema: OpenApiSchema): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const { properties = {}, items, additionalProperties } = schema;
  const inner = [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
  const found = schema.format === 'date' || Object.keys(properties).some((name) => escapedName(name) !== name) || inner.some(hasUnsayable);
  known.set(schema, found);
  return found;
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** A property's name as CEL writes it: `foo-bar` is `foo__dash__bar`. */
function escapedName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}
