import { type Params, TargetError } from './canonical-target.js';
import { int64, parseFieldSelector, parseLabelSelector } from './selector.js';

/** What the API server takes a request for. Field by field apiserver/pkg/endpoints/request.RequestInfo of Kubernetes 1.34. */
export interface RequestInfo {
  isResourceRequest: boolean;
  path: string;
  /** create, get, list, watch, update, patch, delete, deletecollection, proxy; '' for a method it does not know; the lower-case method off resources. */
  verb: string;
  apiPrefix: string;
  apiGroup: string;
  apiVersion: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
  /** From the resource on: resource, name, subresource, and whatever follows. */
  parts: readonly string[];
  fieldSelector: string;
  labelSelector: string;
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const selectable = new Set(['list', 'watch', 'deletecollection']);

/**
 * Reads a request as the API server does, rule by rule. `path` is Go's URL.Path (decoded once). Throws TargetError where the API server
 * cannot tell either (`/api/v1/watch`).
 */
export function requestInfo(method: string, { path, params }: { path: string; params: Params }): RequestInfo {
  const info: RequestInfo = { ...nothing, path, verb: method.toLowerCase() };
  let parts = split(path);
  const prefix = parts[0] ?? '';
  if (parts.length < 3 || (prefix !== 'api' && prefix !== 'apis')) return info;
  info.apiPrefix = prefix;
  parts = parts.slice(1);
  if (prefix === 'apis') {
    if (parts.length < 3) return info;
    info.apiGroup = parts[0] ?? '';
    parts = parts.slice(1);
  }
  info.isResourceRequest = true;
  info.apiVersion = parts[0] ?? '';
  parts = parts.slice(1);

  const special = parts[0] === 'watch' || parts[0] === 'proxy';
  if (special) {
    if (parts.length < 2) throw new TargetError('no resource after a special verb');
    info.verb = parts[0] ?? '';
    parts = parts.slice(1);
  } else {
    info.verb = Object.hasOwn(verbs, method) ? (verbs[method] ?? '') : '';
  }

  if (parts[0] === 'namespaces' && parts.length > 1) {
    info.namespace = parts[1] ?? '';
    // `namespaces/x/status` is the namespace's own; `namespaces/x/pods` is a resource in it.
    if (parts.length > 2 && parts[2] !== 'status' && parts[2] !== 'finalize') parts = parts.slice(2);
  }
  info.parts = parts;
  info.resource = parts[0] ?? '';
  info.name = parts[1] ?? '';
  if (info.verb !== 'proxy') info.subresource = parts[2] ?? '';

  if (info.name === '' && info.verb === 'get') Object.assign(info, listOrWatch(params));
  if (info.name === '' && info.verb === 'delete') info.verb = 'deletecollection';
  // The old verbs in the path do not honour selectors consistently.
  if (!special && selectable.has(info.verb)) {
    info.fieldSelector = params.get('fieldSelector')?.[0] ?? '';
    info.labelSelector = params.get('labelSelector')?.[0] ?? '';
  }
  return info;
}

const nothing: RequestInfo = {
  isResourceRequest: false,
  path: '',
  verb: '',
  apiPrefix: '',
  apiGroup: '',
  apiVersion: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
  parts: [],
  fieldSelector: '',
  labelSelector: '',
};

/** Without a name a get is a list, or a watch; one field selector on metadata.name narrows it to that name, if all the options can be read. */
function listOrWatch(params: Params): { verb: string; name: string } {
  const watch = params.get('watch')?.[0];
  const verb = watch === undefined || watch === '0' || watch.toLowerCase() === 'false' ? 'list' : 'watch';
  return { verb, name: optionsReadable(params) ? selectedName(params.get('fieldSelector')?.[0] ?? '') : '' };
}

function optionsReadable(params: Params): boolean {
  for (const key of ['limit', 'timeoutSeconds']) {
    const value = params.get(key)?.[0];
    if (value !== undefined && int64(value) === undefined) return false;
  }
  try {
    parseLabelSelector(params.get('labelSelector')?.[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

function selectedName(fieldSelector: string): string {
  const terms = parseFieldSelector(fieldSelector) ?? [];
  const name = terms.find(({ field, operator }) => field === 'metadata.name' && operator === '=')?.value ?? '';
  return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name;
}

function split(path: string): string[] {
  const trimmed = path.replace(/^\/+/, '').replace(/\/+$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}
