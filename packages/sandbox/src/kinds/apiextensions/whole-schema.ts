import type { OpenApiSchema } from '../../schema/open-api.js';

const metadata = { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }] };
const text = (description: string): OpenApiSchema => ({ type: 'string', description });
const typeMeta: Readonly<Record<string, OpenApiSchema>> = {
  apiVersion: text('APIVersion defines the versioned schema of this representation of an object.'),
  kind: text('Kind is a string value representing the REST resource this object represents.'),
};

/** The schema of a version as it is served: with what every object has, at the top and in embedded ones. */
export function wholeSchema(schema: OpenApiSchema): OpenApiSchema {
  const { properties = {}, ...rest } = withEmbedded(schema);
  return {
    ...rest,
    type: 'object',
    properties: { ...properties, ...typeMeta, metadata: { description: "Standard object's metadata.", ...metadata } },
  };
}

function withEmbedded(schema: OpenApiSchema): OpenApiSchema {
  const { properties, items, additionalProperties } = schema;
  const made: OpenApiSchema = {
    ...schema,
    ...(properties ? { properties: mapped(properties) } : {}),
    ...(items ? { items: withEmbedded(items) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: withEmbedded(additionalProperties) } : {}),
  };
  if (!schema['x-kubernetes-embedded-resource']) return made;
  return { ...made, properties: { ...made.properties, ...typeMeta, metadata } };
}

const mapped = (properties: Readonly<Record<string, OpenApiSchema>>): Record<string, OpenApiSchema> =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, withEmbedded(each)]));
