import type { CelInput } from '@bufbuild/cel';
import { isRecord } from '@fairlead/kube';
import { celProgram } from '../../cel/cel-program.js';
import { escapedName } from '../../cel/undefined-field.js';
import type { OpenApiSchema } from '../../schema/open-api.js';

const timestamp = celProgram('timestamp(text)');
const duration = celProgram('duration(text)');

/** A value as its rules see it: by its schema integers are int, times are timestamps, declared fields have names that CEL can say. */
export function celValue(schema: OpenApiSchema | undefined, value: unknown): CelInput {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => celValue(schema?.items, item));
  if (isRecord(value)) return celMap(schema, value);
  if (typeof value === 'number') return schema?.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value === 'string') return celText(schema, value);
  return value as boolean;
}

function celMap(schema: OpenApiSchema | undefined, value: Record<string, unknown>): Map<string, CelInput> {
  const { properties, additionalProperties } = schema ?? {};
  const made = new Map<string, CelInput>();
  for (const [key, inner] of Object.entries(value)) {
    const declared = properties?.[key];
    const other = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    made.set(declared ? escapedName(key) : key, celValue(declared ?? other, inner));
  }
  return made;
}

function celText(schema: OpenApiSchema | undefined, text: string): CelInput {
  switch (schema?.format) {
    case 'date-time':
      return timestamp.evaluate({ text }) as CelInput;
    case 'date':
      return timestamp.evaluate({ text: `${text}T00:00:00Z` }) as CelInput;
    case 'duration':
      return duration.evaluate({ text }) as CelInput;
    case 'byte':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}
