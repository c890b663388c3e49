import type { ResourceDefinition } from '../registry/definition.js';
import { type OpenApiSchema, reachableComponents } from './open-api.js';
import { type PathItem, pathsOf } from './paths.js';
import type { Schemas } from './schemas.js';

interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, PathItem>;
  components: { schemas: Record<string, OpenApiSchema>; securitySchemes: object };
}

/** OpenAPI v3 of one group and version: the paths of what is served and the schemas that they reach. */
export function openApiDocument(schemas: Schemas, definitions: readonly ResourceDefinition[], version: string): OpenApiDocument {
  const components: Record<string, OpenApiSchema> = {};
  const roots: string[] = [];
  const paths: Record<string, PathItem> = {};
  for (const definition of definitions) {
    const name = schemas.componentOf(definition) ?? customName(definition);
    const list = schemas.componentOf({ ...definition, kind: `${definition.kind}List` });
    const custom = schemas.customSchema(definition);
    if (custom) {
      components[name] = { ...custom, 'x-kubernetes-group-version-kind': [kindOf(definition)] };
      components[`${name}List`] = listSchema(definition, name);
    } else roots.push(name, ...(list ? [list] : []));
    Object.assign(paths, pathsOf(definition, name, list ?? `${name}List`, schemas));
  }
  roots.push(
    ...referenced(components),
    ...referenced(paths),
    'io.k8s.apimachinery.pkg.apis.meta.v1.Status',
    'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  );
  for (const name of reachableComponents(roots, (each) => schemas.component(each))) {
    const schema = schemas.component(name);
    if (schema) components[name] ??= schema;
  }
  const sorted = Object.fromEntries(
    Object.keys(components)
      .sort()
      .map((name) => [name, components[name] as OpenApiSchema]),
  );
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths,
    components: {
      schemas: sorted,
      securitySchemes: { BearerToken: { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' } },
    },
  };
}

/** `com.example.v1.Widget` of `example.com/v1`. */
const customName = ({ group, version, kind }: ResourceDefinition): string => [...group.split('.').reverse(), version, kind].join('.');

const kindOf = ({ group, version, kind }: ResourceDefinition): object => ({ group, version, kind });

function listSchema(definition: ResourceDefinition, name: string): OpenApiSchema {
  const { kind } = definition;
  return {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      items: { type: 'array', items: { allOf: [{ $ref: `#/components/schemas/${name}` }] } },
      kind: { type: 'string' },
      metadata: { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta' }] },
    },
    'x-kubernetes-group-version-kind': [{ ...kindOf(definition), kind: `${kind}List` }],
  };
}

function referenced(value: object): string[] {
  const text = JSON.stringify(value);
  return [...text.matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name ?? '');
}
