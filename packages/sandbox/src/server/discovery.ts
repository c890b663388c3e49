import { createHash } from 'node:crypto';
import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition, Subresource } from '../registry/definition.js';
import type { Registry } from '../registry/registry.js';
import { compareVersions } from './version-order.js';

interface ServedVersion {
  version: string;
  definitions: readonly ResourceDefinition[];
}
interface ServedGroup {
  group: string;
  /** The preferred one first. */
  versions: readonly ServedVersion[];
}

/** What is served, in the plain and in the aggregated form; made anew when custom resources come or go. */
export class Discovery {
  private made: { groups: readonly ServedGroup[]; aggregated: Map<string, { body: object; etag: string }> } | undefined;

  constructor(private readonly registry: Registry) {
    registry.onChange(() => {
      this.made = undefined;
    });
  }

  /** GET /api */
  coreVersions(host: string): object {
    return {
      kind: 'APIVersions',
      versions: this.group('')?.versions.map(({ version }) => version) ?? [],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
    };
  }

  /** GET /apis */
  groupList(): object {
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: this.groups()
        .filter(({ group }) => group !== '')
        .map(apiGroup),
    };
  }

  /** GET /apis/apps */
  oneGroup(name: string): object | undefined {
    const found = name === '' ? undefined : this.group(name);
    return found && { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found) };
  }

  /** GET /apis/apps/v1, /api/v1 */
  resourceList(group: string, version: string): object | undefined {
    const served = this.group(group)?.versions.find((each) => each.version === version);
    if (!served) return undefined;
    const resources = served.definitions.flatMap((each) => [
      resource(each),
      ...Object.entries(each.subresources).map(([name, sub]) => subresource(each, name, sub)),
    ]);
    const ordered = resources.sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      kind: 'APIResourceList',
      ...(group === '' ? {} : { apiVersion: 'v1' }),
      groupVersion: groupVersion(group, version),
      resources: ordered,
    };
  }

  /** GET /api or /apis as APIGroupDiscoveryList: everything in two requests. */
  aggregated(root: 'api' | 'apis', version: 'v2' | 'v2beta1'): { body: object; etag: string } {
    const key = `${root}/${version}`;
    const known = this.current().aggregated.get(key);
    if (known) return known;
    const groups = this.groups().filter(({ group }) => (group === '') === (root === 'api'));
    const body = {
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${version}`,
      metadata: {},
      items: groups.map(groupDiscovery),
    };
    const etag = `"${createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase()}"`;
    const made = { body, etag };
    this.current().aggregated.set(key, made);
    return made;
  }

  versions(): readonly { group: string; version: string }[] {
    return this.groups().flatMap(({ group, versions }) => versions.map(({ version }) => ({ group, version })));
  }

  private group(name: string): ServedGroup | undefined {
    return this.groups().find(({ group }) => group === name);
  }

  private groups(): readonly ServedGroup[] {
    return this.current().groups;
  }

  private current(): NonNullable<Discovery['made']> {
    this.made ??= { groups: served(this.registry.all()), aggregated: new Map() };
    return this.made;
  }
}

function served(definitions: readonly ResourceDefinition[]): ServedGroup[] {
  const groups = new Map<string, Map<string, ResourceDefinition[]>>();
  for (const each of definitions) {
    const versions = groups.get(each.group) ?? new Map<string, ResourceDefinition[]>();
    groups.set(each.group, versions);
    versions.set(each.version, [...(versions.get(each.version) ?? []), each]);
  }
  return [...groups].map(([group, versions]) => ({
    group,
    versions: [...versions]
      .map(([version, found]) => ({ version, definitions: found }))
      .sort((a, b) => compareVersions(a.version, b.version)),
  }));
}

function apiGroup({ group, versions }: ServedGroup): object {
  const named = versions.map(({ version }) => ({ groupVersion: groupVersion(group, version), version }));
  return { name: group, versions: named, preferredVersion: named[0] };
}

function resource({ resource: name, singular, namespaced, kind, verbs, shortNames, categories, group, version }: ResourceDefinition) {
  return {
    name,
    singularName: singular,
    namespaced,
    kind,
    verbs: [...verbs].sort(),
    ...(shortNames?.length ? { shortNames } : {}),
    ...(categories?.length ? { categories } : {}),
    ...(verbs.includes('list') ? { storageVersionHash: hash(`${group}/${version}/${kind}`) } : {}),
  };
}

function subresource(parent: ResourceDefinition, name: string, sub: Subresource) {
  const { group, version, kind } = responseKind(parent, sub);
  return {
    name: `${parent.resource}/${name}`,
    singularName: '',
    namespaced: parent.namespaced,
    ...(group === parent.group && version === parent.version ? {} : { group, version }),
    kind,
    verbs: [...verbsOf(sub)].sort(),
  };
}

function groupDiscovery({ group, versions }: ServedGroup): object {
  return {
    metadata: group ? { name: group } : {},
    versions: versions.map(({ version, definitions }) => ({
      version,
      resources: [...definitions].sort((a, b) => (a.resource < b.resource ? -1 : 1)).map(resourceDiscovery),
      freshness: 'Current',
    })),
  };
}

function resourceDiscovery(each: ResourceDefinition): object {
  const subresources = Object.entries(each.subresources).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    resource: each.resource,
    responseKind: { group: '', version: '', kind: each.kind },
    scope: each.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: each.singular,
    verbs: [...each.verbs].sort(),
    ...(each.shortNames?.length ? { shortNames: each.shortNames } : {}),
    ...(each.categories?.length ? { categories: each.categories } : {}),
    ...(subresources.length > 0
      ? {
          subresources: subresources.map(([name, sub]) => ({
            subresource: name,
            responseKind: shownKind(each, sub),
            verbs: [...verbsOf(sub)].sort(),
          })),
        }
      : {}),
  };
}

/** A kind of the group and version that it is listed under names neither, as the real one's does not. */
function shownKind(each: ResourceDefinition, sub: Subresource): object {
  const found = responseKind(each, sub);
  return found.group === each.group && found.version === each.version ? { group: '', version: '', kind: found.kind } : found;
}

function responseKind({ group, version, kind }: ResourceDefinition, sub: Subresource): { group: string; version: string; kind: string } {
  switch (sub.type) {
    case 'part':
      return { group, version, kind };
    case 'scale':
      return { group: 'autoscaling', version: 'v1', kind: 'Scale' };
    case 'act':
      return sub.kind;
    case 'connect':
      return { group, version, kind: sub.kind };
    default:
      return sub satisfies never;
  }
}

function verbsOf(sub: Subresource): readonly string[] {
  if (sub.type === 'scale') return ['get', 'patch', 'update'];
  return sub.type === 'act' ? ['create'] : sub.verbs;
}

const hash = (text: string): string => createHash('sha256').update(text).digest().subarray(0, 8).toString('base64');
