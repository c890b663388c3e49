/** The part of OpenAPI v3 (and of a CustomResourceDefinition's schema) that the sandbox reads. Everything else is carried along. */
export interface OpenApiSchema {
  $ref?: string;
  type?: string;
  format?: string;
  default?: unknown;
  nullable?: boolean;
  properties?: Readonly<Record<string, OpenApiSchema>>;
  additionalProperties?: OpenApiSchema | boolean;
  items?: OpenApiSchema;
  allOf?: readonly OpenApiSchema[];
  anyOf?: readonly OpenApiSchema[];
  oneOf?: readonly OpenApiSchema[];
  not?: OpenApiSchema;
  required?: readonly string[];
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: readonly string[];
  'x-kubernetes-map-type'?: 'atomic' | 'granular';
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  readonly [key: string]: unknown;
}

const prefix = '#/components/schemas/';

/** The component that a schema is, by itself or as `allOf` with words of its own beside it. */
export function componentOf({ $ref, allOf }: OpenApiSchema): string | undefined {
  const ref = $ref ?? (allOf?.length === 1 ? allOf[0]?.$ref : undefined);
  return ref?.startsWith(prefix) ? ref.slice(prefix.length) : undefined;
}

/** These components and all that they refer to. */
export function reachableComponents(roots: readonly string[], component: (name: string) => OpenApiSchema | undefined): Set<string> {
  const found = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    const schema = component(name);
    if (!schema) continue;
    found.add(name);
    collectReferences(schema, queue);
  }
  return found;
}

function collectReferences(value: unknown, into: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith(prefix)) into.push(inner.slice(prefix.length));
    else collectReferences(inner, into);
  }
}
