import type { RequestInfo } from '@fairlead/kube/protocol';
import type { Target } from '../api/core.js';
import type { RequestApi } from '../api/create-api.js';
import { notFound } from '../machinery/api-error.js';
import type { Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { noSuchResource } from './refusal.js';

/** What the path means; throws 404 for what no route leads to. */
export function servedDefinition({ registry }: RequestApi, info: RequestInfo): ResourceDefinition {
  const definition = registry.find(info.apiGroup, info.apiVersion, info.resource);
  if (!definition) throw noSuchResource();
  const single = info.name !== '';
  if (definition.namespaced && info.namespace === '' && single && info.verb !== 'list' && info.verb !== 'watch') throw noSuchResource();
  if (!definition.namespaced && info.namespace !== '' && info.resource !== 'namespaces') throw noSuchResource();
  const proxied = info.subresource === 'proxy' || info.verb === 'proxy';
  if (info.parts.length > 3 && !proxied) throw noSuchResource();
  return definition;
}

export const targetOf = ({ registry }: RequestApi, requested: ResourceDefinition, info: RequestInfo): Target => ({
  requested,
  stored: registry.stored(requested.storage),
  namespace: requested.namespaced ? info.namespace : '',
  name: info.name,
  subresource: info.subresource,
});

/** Throws 404 where it is not there. */
export function existing({ store }: RequestApi, { stored, namespace, name }: Target): Stored {
  const found = stored.computed ? (stored.computed.get(namespace, name) as Stored | undefined) : store.get(stored.storage, namespace, name);
  if (!found) throw notFound({ group: stored.group, resource: stored.resource }, name);
  return found;
}
