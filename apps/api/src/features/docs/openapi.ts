import { type Access, ErrorBody, platformPermissions, projectPermissions, type Route } from '@fairlead/shared';
import { type JsonSchema, Schemas } from './schemas.js';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

type Content = Record<string, { schema: JsonSchema }>;

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content } | { $ref: string }>;
}

export interface OpenApi {
  openapi: '3.1.1';
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; responses: object; securitySchemes: object };
}

/** The OpenAPI 3.1 document of `routes`. Pure. */
export function describeApi(routes: readonly Route[]): OpenApi {
  const schemas = new Schemas();
  const paths: OpenApi['paths'] = {};
  const taken = new Set<string>();
  for (const route of [...routes].sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method))) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas, taken) };
  }
  const error = schemas.of(ErrorBody.meta({ id: 'Error' }), 'output');
  return {
    openapi: '3.1.1',
    info: {
      title: 'Fairlead',
      version: 'v1',
      description:
        'Lists are `{ items, next }`: pass `next` as `cursor` for the page after. Errors are `{ code, message, requestId, issues? }`. ' +
        'Clusters, projects and apps are named by name or id. The API only grows.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      responses: {
        Error: {
          description: 'What went wrong; `code` is for programs, `message` for people.',
          content: { 'application/json': { schema: error } },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API token, made on the profile page or by POST /tokens.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-fairlead',
          description:
            'The session of POST /auth/sign-in (named `fairlead` on plain http at loopback). Changing requests need an Origin that is ours.',
        },
      },
    },
  };
}

export const tagOf = (route: Route): string => route.action.split('.')[0]!;

function operationOf(route: Route, schemas: Schemas, taken: Set<string>): Operation {
  const parameters = [
    ...parametersOf(schemas.of(route.params, 'input'), 'path'),
    ...parametersOf(schemas.of(route.query, 'input'), 'query'),
    ...Object.entries(route.headers ?? {}).map(
      ([name, description]): Parameter => ({ name, in: 'header', required: true, description, schema: { type: 'string' } }),
    ),
  ];
  // Two routes may be the same act; the words of their paths tell them apart.
  const operationId = taken.has(route.action) ? `${route.action}.${route.path.split(/\W+/).filter(Boolean).join('-')}` : route.action;
  taken.add(operationId);
  return {
    operationId,
    tags: [tagOf(route)],
    summary: route.summary,
    description: accessWords(route.access),
    security: route.access === 'public' ? [] : [{ bearer: [] }, { session: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: schemas.of(route.body, 'input') } } } }),
    responses: { [String(route.status)]: answerOf(route, schemas), default: { $ref: '#/components/responses/Error' } },
  };
}

function answerOf(route: Route, schemas: Schemas): { description: string; content?: Content } {
  const description = route.status === 202 ? 'Accepted: it is stored, and being done.' : route.status === 201 ? 'Created.' : 'Done.';
  if (route.response) return { description, content: { 'application/json': { schema: schemas.of(route.response, 'output') } } };
  if (route.produces)
    return { description, content: { [route.produces]: { schema: route.produces.endsWith('json') ? {} : { type: 'string' } } } };
  return { description };
}

function parametersOf(schema: JsonSchema, place: 'path' | 'query'): Parameter[] {
  return Object.entries(schema.properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || (schema.required?.includes(name) ?? false),
    ...(description && { description }),
    schema: rest,
  }));
}

export function accessWords(access: Access): string {
  if (access === 'public') return 'Needs no sign-in.';
  if (access === 'signed-in') return 'Needs to be signed in.';
  if ('platform' in access)
    return `Needs \`${access.platform}\` on the platform, which the role \`${platformPermissions[access.platform]}\` has.`;
  return `Needs \`${access.project}\` in the project, which the role \`${projectPermissions[access.project]}\` and those above it have.`;
}
