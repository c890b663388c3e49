import { z } from 'zod';

export interface JsonSchema {
  [keyword: string]: unknown;
  $ref?: string;
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

/** What a client may send (defaults left out), or what it gets. */
export type Side = 'input' | 'output';

const refPrefix = '#/components/schemas/';

/**
 * Turns the contract's schemas into JSON Schema and collects those with an id as components. A schema whose input differs from its output becomes
 * two components, `App` and `AppInput`: one name for both would describe one of them wrongly.
 */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {};

  /** The schema, as a reference where it has an id. */
  of(schema: z.ZodType, side: Side): JsonSchema {
    // Within an object, so that a schema with an id is a definition like any other.
    const json: unknown = z.toJSONSchema(z.object({ it: schema }), {
      io: side,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema, side),
    });
    const { $defs = {}, properties } = json as { $defs?: Record<string, JsonSchema>; properties: { it: JsonSchema } };
    const names = side === 'input' ? this.inputNames($defs) : new Map(Object.keys($defs).map((id) => [id, id]));
    for (const [id, { id: _, ...definition }] of Object.entries($defs)) this.components[names.get(id)!] = renamed(definition, names);
    return renamed(properties.it, names);
  }

  /** All definitions of an input get an input's name: those whose output is the same come out twice, which is true and harmless. */
  private inputNames($defs: Record<string, JsonSchema>): Map<string, string> {
    return new Map(Object.keys($defs).map((id) => [id, `${id}Input`]));
  }
}

function simplify(schema: JsonSchema, side: Side): void {
  // The API only grows: a client must take fields that it does not know.
  if (side === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
  // The format says it; the pattern of all dates is 300 characters.
  if (schema.format === 'date-time') delete schema.pattern;
}

function renamed(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const id = value.replace('#/$defs/', '');
    return `${refPrefix}${names.get(id) ?? id}`;
  }) as JsonSchema;
}

export const componentName = (ref: string): string => ref.slice(refPrefix.length);
