import type { Target } from '../api/core.js';
import type { Subresource, Verb } from '../registry/definition.js';
import { answerText } from './answer.js';
import { connect } from './connect.js';
import type { DoorContext } from './door-context.js';
import type { Exchange } from './exchange.js';
import { read, readList, watch } from './read.js';
import { noSuchMethod, noSuchResource } from './refusal.js';
import { removeAll, removeOne } from './remove.js';
import { readScale, writeScale } from './scale.js';
import { servedDefinition, targetOf } from './target.js';
import { act, create, patch, put } from './write.js';

/** A request for a resource, after its rights were asked. */
export function serveResource(door: DoorContext, exchange: Exchange): void | Promise<void> {
  const { info } = exchange;
  if (info.apiGroup !== '' && !door.discovery.oneGroup(info.apiGroup)) return answerText(exchange, 404, '404 page not found\n');
  const definition = servedDefinition(door.api, info);
  const target = targetOf(door.api, definition, info);
  if (definition.deprecationWarning) exchange.warnings.add(definition.deprecationWarning);
  // Of resources only what is proxied has heads.
  const isHead = exchange.request.method === 'HEAD';
  if (info.subresource === '') {
    if (isHead) throw noSuchMethod();
    return mainResource(door, exchange, target);
  }
  const subresource = definition.subresources[info.subresource];
  if (!subresource) throw noSuchResource();
  if (isHead && info.subresource !== 'proxy') throw noSuchMethod();
  return ofSubresource(door, exchange, target, subresource);
}

const ofCollection: ReadonlySet<string> = new Set(['list', 'create', 'deletecollection']);

function mainResource(door: DoorContext, exchange: Exchange, target: Target): void | Promise<void> {
  const { verb, namespace, parts } = exchange.info;
  if (!target.requested.verbs.includes(verb as Verb)) throw noSuchMethod();
  // A collection is created in, an object is changed.
  // (A list that selects one name has that name, but no path to it.)
  if ((parts.length === 1) !== ofCollection.has(verb) && verb !== 'watch') throw noSuchMethod();
  switch (verb) {
    case 'get':
      return read(door, exchange, target);
    case 'list':
      return readList(door, exchange, target);
    case 'watch':
      return watch(door, exchange, target);
    case 'create':
      // Only reviews have a namespaced kind without being in one.
      if (target.requested.namespaced && namespace === '') throw noSuchMethod();
      return create(door, exchange, target);
    case 'update':
      return put(door, exchange, target);
    case 'patch':
      return patch(door, exchange, target);
    case 'delete':
      return removeOne(door, exchange, target);
    case 'deletecollection':
      if (target.requested.namespaced && namespace === '') throw noSuchMethod();
      return removeAll(door, exchange, target);
    default:
      throw noSuchMethod();
  }
}

function ofSubresource(door: DoorContext, exchange: Exchange, target: Target, subresource: Subresource): void | Promise<void> {
  const { verb } = exchange.info;
  switch (subresource.type) {
    case 'part':
      if (!subresource.verbs.includes(verb as Verb)) throw noSuchMethod();
      if (verb === 'get') return read(door, exchange, target);
      return verb === 'patch' ? patch(door, exchange, target) : put(door, exchange, target);
    case 'scale':
      if (verb === 'get') return readScale(door, exchange, target, subresource);
      if (verb !== 'update' && verb !== 'patch') throw noSuchMethod();
      return writeScale(door, exchange, target, subresource);
    case 'act':
      if (verb !== 'create') throw noSuchMethod();
      return act(door, exchange, target, subresource);
    case 'connect':
      if (!(subresource.verbs as readonly string[]).includes(verb)) throw noSuchMethod();
      return connect(door, exchange, target);
    default:
      return subresource satisfies never;
  }
}
