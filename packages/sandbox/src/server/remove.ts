import type { KubeObject } from '@fairlead/kube/protocol';
import type { Target } from '../api/core.js';
import type { Removed } from '../api/remove.js';
import { deletionWarning, returnsDeletedObject } from '../api/resource-rules.js';
import { ApiError } from '../machinery/api-error.js';
import { answer } from './answer.js';
import { readBody } from './body.js';
import { deleteOptionsBody } from './delete-options-body.js';
import type { DoorContext } from './door-context.js';
import type { Exchange } from './exchange.js';
import { listBody, listPage } from './list.js';
import { negotiate, shapesOf } from './negotiation.js';
import { answerObject, scopeOf } from './read.js';
import { deleteOptions } from './request-options.js';
import { selection } from './selection.js';
import { speaksProtobuf } from './version-view.js';

export async function removeOne(door: DoorContext, exchange: Exchange, target: Target): Promise<void> {
  const options = await optionsOf(exchange, target);
  const removed = door.api.deleteAs(target, options);
  const code = removed.state !== 'gone' && options.accepted ? 202 : 200;
  if (answersObject(target, removed)) return answerObject(door, exchange, code, target.requested, removed.object);
  return answer(
    exchange,
    code,
    success(target, removed.object),
    negotiate(exchange.request.headers.accept, undefined, () => true),
  );
}

/** Not atomic, as in the real one: what goes meanwhile is passed over. */
export async function removeAll(door: DoorContext, exchange: Exchange, target: Target): Promise<void> {
  const options = await optionsOf(exchange, target);
  const { requested, namespace } = target;
  const selected = selection(requested, exchange.info.labelSelector, exchange.info.fieldSelector);
  const page = listPage(door.api, requested, scopeOf(requested, namespace), selected, exchange);
  for (const { metadata } of page.items) {
    try {
      door.api.deleteAs({ ...target, namespace: metadata.namespace ?? '', name: metadata.name }, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'NotFound') throw error;
    }
  }
  const accepted = negotiate(exchange.request.headers.accept, shapesOf('list'), () => speaksProtobuf(requested));
  return answer(exchange, 200, listBody(requested, page, accepted, door.clock.now(), 'Metadata'), accepted);
}

async function optionsOf(exchange: Exchange, { requested }: Target): Promise<ReturnType<typeof deleteOptions>> {
  const { request, warnings } = exchange;
  const body = await readBody(request);
  const options = deleteOptions(exchange, body.length > 0 ? deleteOptionsBody(request, body) : undefined);
  const warning = deletionWarning(requested);
  if (warning !== undefined && options.propagationPolicy === undefined) warnings.add(warning);
  return options;
}

/** finalizeDelete: what waits and some kinds come back whole; for the others it is enough to say that it is done. */
function answersObject({ stored }: Target, { state }: Removed): boolean {
  return state !== 'gone' || returnsDeletedObject(stored) || stored.resource === 'namespaces';
}

const success = ({ stored }: Target, { metadata }: KubeObject): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name: metadata.name, ...(stored.group ? { group: stored.group } : {}), kind: stored.resource, uid: metadata.uid },
});
