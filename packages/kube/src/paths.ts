/** A resource as its URL names it: plural, lower case. `group` is '' for the core group. */
export interface ResourceRef {
  group: string;
  version: string;
  resource: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/**
 * The path of a resource, each part percent-encoded: `/apis/apps/v1/namespaces/shop/deployments/web/scale`.
 * Throws TypeError for an empty part, `.` and `..`, so that a name can never reach another resource.
 */
export function resourcePath(ref: ResourceRef): string {
  const parts = ref.group === '' ? ['api', ref.version] : ['apis', ref.group, ref.version];
  if (ref.namespace !== undefined) parts.push('namespaces', ref.namespace);
  parts.push(ref.resource);
  if (ref.subresource !== undefined && ref.name === undefined) throw new TypeError('a subresource needs a name');
  if (ref.name !== undefined) parts.push(ref.name);
  if (ref.subresource !== undefined) parts.push(...ref.subresource.split('/'));
  return `/${parts.map(segment).join('/')}`;
}

function segment(part: string): string {
  if (part === '' || part === '.' || part === '..') throw new TypeError(`not a path segment: ${JSON.stringify(part)}`);
  return encodeURIComponent(part);
}

export type QueryValue = string | number | boolean | undefined | readonly string[];

/** The path with a query; undefined values are left out, arrays repeat the key. */
export function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const each of value) params.append(key, each);
    else params.append(key, String(value));
  }
  const text = params.toString();
  if (text === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
