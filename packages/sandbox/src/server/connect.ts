import type { Duplex } from 'node:stream';
import { admissionRequest, admitMutating, admitValidating, type Target } from '../api/core.js';
import { notInTheSandbox } from '../machinery/api-error.js';
import type { ConnectHandler, ConnectRequest } from '../streams/handler.js';
import type { DoorContext } from './door-context.js';
import type { Exchange } from './exchange.js';
import { noSuchMethod, noSuchResource } from './refusal.js';
import { existing, servedDefinition, targetOf } from './target.js';

/** log, exec, attach, portforward and proxy without an upgrade. */
export async function connect(door: DoorContext, exchange: Exchange, target: Target): Promise<void> {
  const [handler, request] = prepared(door, exchange, target);
  await handler.http(request, exchange.response);
}

/** The same for `Connection: Upgrade`; the socket is the handler's when this returns. */
export async function connectUpgraded(door: DoorContext, exchange: Exchange, socket: Duplex, head: Buffer): Promise<void> {
  const definition = servedDefinition(door.api, exchange.info);
  const subresource = definition.subresources[exchange.info.subresource];
  if (!subresource) throw noSuchResource();
  if (subresource.type !== 'connect' || !(subresource.verbs as readonly string[]).includes(exchange.info.verb)) throw noSuchMethod();
  const [handler, request] = prepared(door, exchange, targetOf(door.api, definition, exchange.info));
  await handler.upgrade(request, socket, head);
}

function prepared(door: DoorContext, exchange: Exchange, target: Target): [ConnectHandler, ConnectRequest] {
  if (!door.streams) throw notInTheSandbox(`${target.stored.resource}/${target.subresource}`);
  const parent = existing(door.api, target.subresource === 'proxy' ? { ...target, name: proxiedName(target.name) } : target);
  const admission = admissionRequest('CONNECT', target, { user: exchange.user }, {});
  admitMutating(door.api.core, admission);
  admitValidating(door.api.core, admission);
  const { target: line, info, request, user } = exchange;
  // /api/v1, /apis/group/version; then perhaps namespaces/x; then resource/name/subresource.
  const before = (info.apiPrefix === 'api' ? 2 : 3) + (target.stored.namespaced ? 2 : 0) + 3;
  const tail = line.path
    .split('/')
    .slice(before + 1)
    .join('/');
  const connect: ConnectRequest = {
    parent,
    subresource: info.subresource,
    query: new URLSearchParams(line.query),
    path: `/${tail}`,
    user,
    request,
  };
  return [door.streams, connect];
}

/** `name`, `name:port` or `scheme:name:port`: what is proxied is asked for by all of it, and found by its name. */
function proxiedName(text: string): string {
  const parts = text.split(':');
  return (parts.length === 3 ? parts[1] : parts[0]) ?? '';
}
