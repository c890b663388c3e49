import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition, Subresource, Verb } from '../registry/definition.js';
import type { Schemas } from './schemas.js';

export type PathItem = Record<string, unknown>;

interface Named {
  group: string;
  version: string;
  kind: string;
}

const parameter = (name: string, type: 'string' | 'boolean' | 'integer', description: string): object => ({
  name,
  in: 'query',
  description,
  schema: { type, uniqueItems: true },
});
const dryRun = parameter('dryRun', 'string', 'When present, indicates that modifications should not be persisted. Valid values are: All');
const fieldManager = parameter(
  'fieldManager',
  'string',
  'The name of the actor that makes these changes: at most 128 printable characters.',
);
const fieldValidation = parameter('fieldValidation', 'string', 'What is done about unknown and duplicate fields: Ignore, Warn or Strict.');
const force = parameter('force', 'boolean', 'Takes over conflicting fields of others. Only for apply patches.');
const writing = [dryRun, fieldManager, fieldValidation];
const deleting = [
  dryRun,
  parameter('gracePeriodSeconds', 'integer', 'Seconds before the object is deleted; 0: at once.'),
  parameter('propagationPolicy', 'string', "Whether and how garbage collection is done: 'Orphan', 'Background' or 'Foreground'."),
];
const listing = [
  parameter('allowWatchBookmarks', 'boolean', 'Asks for watch events of type BOOKMARK.'),
  parameter('continue', 'string', 'Where the last page ended.'),
  parameter('fieldSelector', 'string', 'Restricts the list by fields.'),
  parameter('labelSelector', 'string', 'Restricts the list by labels.'),
  parameter('limit', 'integer', 'The most objects on a page.'),
  parameter('resourceVersion', 'string', 'Which state may be served.'),
  parameter('resourceVersionMatch', 'string', 'How resourceVersion is understood.'),
  parameter('sendInitialEvents', 'boolean', 'Whether a watch begins with what there is.'),
  parameter('timeoutSeconds', 'integer', 'How long the call may take.'),
  parameter('watch', 'boolean', 'Watches for changes.'),
];
const pretty = parameter('pretty', 'string', "If 'true', then the output is pretty printed.");
const inPath = (name: string, description: string): object => ({
  name,
  in: 'path',
  description,
  required: true,
  schema: { type: 'string', uniqueItems: true },
});

const bodies = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const patches = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** What OpenAPI says of the paths of one resource. `name` and `list` are the components of its kind and of lists of it. */
export function pathsOf(definition: ResourceDefinition, name: string, list: string, schemas: Schemas): Record<string, PathItem> {
  const { group, version, resource, kind, namespaced, verbs } = definition;
  const root = `${group === '' ? '/api' : '/apis'}/${groupVersion(group, version)}`;
  const base = namespaced ? `${root}/namespaces/{namespace}/${resource}` : `${root}/${resource}`;
  const make = (verb: Verb, component: string, of: Named = definition): object =>
    operation(verb, component, of, definition.custom === true);
  const shared = namespaced ? [inPath('namespace', 'object name and auth scope, such as for teams and projects')] : [];
  const item = (operations: [string, Verb, string][], parameters: readonly object[]): PathItem => ({
    ...Object.fromEntries(
      operations.filter(([, verb]) => verbs.includes(verb)).map(([method, verb, component]) => [method, make(verb, component)]),
    ),
    parameters: [...parameters, pretty],
  });
  const named = [inPath('name', `name of the ${kind}`), ...shared];
  const paths: Record<string, PathItem> = {
    [base]: item(
      [
        ['get', 'list', list],
        ['post', 'create', name],
        ['delete', 'deletecollection', status],
      ],
      shared,
    ),
    [`${base}/{name}`]: item(
      [
        ['get', 'get', name],
        ['put', 'update', name],
        ['patch', 'patch', name],
        ['delete', 'delete', status],
      ],
      named,
    ),
  };
  if (namespaced && verbs.includes('list')) paths[`${root}/${resource}`] = { get: make('list', list), parameters: [...listing, pretty] };
  for (const [subresource, rules] of Object.entries(definition.subresources)) {
    const operations = subresourceOperations(rules, definition, name, schemas, make);
    if (operations) paths[`${base}/{name}/${subresource}`] = { ...operations, parameters: [...named, pretty] };
  }
  return paths;
}

const status = 'io.k8s.apimachinery.pkg.apis.meta.v1.Status';
const methods: Readonly<Partial<Record<Verb, string>>> = { get: 'get', update: 'put', patch: 'patch', create: 'post', delete: 'delete' };

function subresourceOperations(
  rules: Subresource,
  definition: ResourceDefinition,
  name: string,
  schemas: Schemas,
  make: (verb: Verb, component: string, of?: Named) => object,
): PathItem | undefined {
  const all = (verbs: readonly Verb[], component: string, of: Named): PathItem =>
    Object.fromEntries(verbs.flatMap((verb) => (methods[verb] ? [[methods[verb], make(verb, component, of)]] : [])));
  switch (rules.type) {
    case 'part':
      return all(rules.verbs, name, definition);
    case 'scale': {
      const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
      return all(['get', 'update', 'patch'], schemas.componentOf(scale) ?? 'io.k8s.api.autoscaling.v1.Scale', scale);
    }
    case 'act': {
      const component = schemas.componentOf(rules.kind);
      return component ? all(['create'], component, rules.kind) : undefined;
    }
    case 'connect':
      return undefined;
    default:
      return rules satisfies never;
  }
}

function operation(verb: Verb, component: string, { group, version, kind }: Named, custom: boolean): object {
  const schema = { $ref: `#/components/schemas/${component}` };
  const content = (types: readonly string[], inside: object): object => Object.fromEntries(types.map((type) => [type, { schema: inside }]));
  const ok = { description: 'OK', content: content(bodies, schema) };
  const parameters = {
    list: listing,
    deletecollection: [...deleting, ...listing],
    delete: deleting,
    patch: [...writing, force],
    create: writing,
    update: writing,
  };
  const taken = custom ? patches.slice(0, 3) : patches;
  const bodyOf: Partial<Record<Verb, object>> = {
    create: content(['*/*'], schema),
    update: content(['*/*'], schema),
    patch: content(taken, { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Patch' }),
    delete: content(['*/*'], { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions' }),
  };
  const body = bodyOf[verb];
  return {
    tags: [`${group === '' ? 'core' : (group.split('.')[0] ?? '')}_${version}`],
    description: `${verb} ${kind}`,
    ...(verb in parameters ? { parameters: parameters[verb as keyof typeof parameters] } : {}),
    ...(body ? { requestBody: { content: body, required: verb !== 'delete' } } : {}),
    responses: {
      '200': ok,
      ...(verb === 'create' || verb === 'update' || verb === 'patch' ? { '201': { ...ok, description: 'Created' } } : {}),
      '401': { description: 'Unauthorized' },
    },
    'x-kubernetes-action': { create: 'post', update: 'put' }[verb as string] ?? verb,
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}
