import type { KubeObject } from '@fairlead/kube/protocol';
import type { Target } from '../api/core.js';
import type { Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { answer } from './answer.js';
import type { DoorContext } from './door-context.js';
import { type Exchange, param } from './exchange.js';
import { listBody, listPage } from './list.js';
import { type Accepted, negotiate, shapesOf } from './negotiation.js';
import { partial } from './partial.js';
import { selection } from './selection.js';
import { type IncludeObject, table } from './table.js';
import { existing } from './target.js';
import { inVersion, speaksProtobuf } from './version-view.js';

export function read(door: DoorContext, exchange: Exchange, target: Target): Promise<void> {
  return answerObject(door, exchange, 200, target.requested, existing(door.api, target));
}

export function readList(door: DoorContext, exchange: Exchange, { requested, namespace }: Target): Promise<void> {
  const { request, info } = exchange;
  const accepted = negotiate(request.headers.accept, shapesOf('list'), () => speaksProtobuf(requested));
  const selected = selection(requested, info.labelSelector, info.fieldSelector);
  const page = listPage(door.api, requested, scopeOf(requested, namespace), selected, exchange);
  return answer(exchange, 200, listBody(requested, page, accepted, door.clock.now(), includeOf(exchange)), accepted);
}

export function watch(door: DoorContext, exchange: Exchange, { requested, namespace }: Target): void {
  const { request, info } = exchange;
  const accepted = negotiate(request.headers.accept, shapesOf('object'), () => speaksProtobuf(requested));
  // The old paths (`/api/v1/watch/…`) have their name in the path and their selectors unread.
  const old = info.path.split('/').includes('watch') && info.labelSelector === '' && info.fieldSelector === '';
  const selected = old
    ? selection(requested, param(exchange, 'labelSelector'), param(exchange, 'fieldSelector'), info.name)
    : selection(requested, info.labelSelector, info.fieldSelector);
  door.watches.serve(exchange, accepted, requested, scopeOf(requested, namespace), selected, includeOf(exchange));
}

/** One object in the version and the shape that were asked for. */
export function answerObject(
  door: DoorContext,
  exchange: Exchange,
  code: number,
  definition: ResourceDefinition,
  object: Stored | KubeObject,
): Promise<void> {
  const accepted = negotiate(exchange.request.headers.accept, shapesOf('object'), () => speaksProtobuf(definition));
  return answer(exchange, code, shapedObject(door, definition, object, accepted, includeOf(exchange)), accepted);
}

function shapedObject(
  door: DoorContext,
  definition: ResourceDefinition,
  object: Stored | KubeObject,
  { shape }: Accepted,
  include: IncludeObject,
): object {
  const shown = inVersion(definition, object);
  if (shape === 'Table') {
    const { resourceVersion } = shown.metadata;
    return table(definition, [shown], { ...(resourceVersion ? { resourceVersion } : {}) }, { now: door.clock.now(), include });
  }
  return shape === 'as it is' ? shown : partial(shown);
}

export const scopeOf = (definition: ResourceDefinition, namespace: string): string | undefined =>
  definition.namespaced ? namespace || undefined : '';

export function includeOf(exchange: Exchange): IncludeObject {
  const asked = param(exchange, 'includeObject');
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata';
}
