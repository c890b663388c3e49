import { isRecord } from '@fairlead/kube/protocol';
import { draft } from '../../machinery/object.js';
import type { OpenApiSchema } from '../../schema/open-api.js';

/** Fills in the defaults of a structural schema, in place; null of what is not nullable counts as missing. */
export function applyDefaults(schema: OpenApiSchema, value: unknown): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) for (const item of value) applyDefaults(items, item);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (value[name] === null && !inner.nullable) delete value[name];
    if (value[name] === undefined && inner.default !== undefined) value[name] = draft(inner.default);
    if (value[name] !== undefined) applyDefaults(inner, value[name]);
  }
  const { additionalProperties } = schema;
  if (typeof additionalProperties !== 'object') return;
  for (const key of Object.keys(value)) {
    if (schema.properties && key in schema.properties) continue;
    if (value[key] === null && !additionalProperties.nullable) {
      if (additionalProperties.default === undefined) delete value[key];
      else value[key] = draft(additionalProperties.default);
    }
    applyDefaults(additionalProperties, value[key]);
  }
}

/** Drops what the schema does not declare, in place. `isRoot`: metadata, apiVersion and kind are not the schema's. */
export function prune(schema: OpenApiSchema, value: unknown, isRoot = false): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) for (const item of value) prune(items, item);
    return;
  }
  if (!isRecord(value)) return;
  const { properties = {}, additionalProperties } = schema;
  const isObject = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  for (const key of Object.keys(value)) {
    if (isObject && (key === 'metadata' || key === 'apiVersion' || key === 'kind')) continue;
    const inner = properties[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (inner) prune(inner, value[key]);
    else if (!schema['x-kubernetes-preserve-unknown-fields'] && additionalProperties !== true) delete value[key];
  }
}
