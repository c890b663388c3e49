import { isRecord, type KubeObject } from '@fairlead/kube/protocol';
import type { WriteOptions } from '../api/api.js';
import { admissionRequest, admitMutating, admitValidating, contextOf, type Target } from '../api/core.js';
import type { UpdateRequest } from '../api/update.js';
import { badRequest, notInTheSandbox } from '../machinery/api-error.js';
import { draft, groupVersion, type Stored } from '../machinery/object.js';
import type { Subresource } from '../registry/definition.js';
import { answer } from './answer.js';
import { mediaType, parseObject, parsePatch, parseYaml, readBody } from './body.js';
import { decoded, decodedPatch } from './decode.js';
import type { DoorContext } from './door-context.js';
import type { Exchange } from './exchange.js';
import type { Formats } from './formats.js';
import { negotiate } from './negotiation.js';
import { hasMessage } from './protobuf/encode.js';
import { answerObject } from './read.js';
import { noSuchContentType, notAllowed } from './refusal.js';
import { writeOptions } from './request-options.js';
import { existing } from './target.js';
import { inVersion, toStoredVersion } from './version-view.js';

export async function create(door: DoorContext, exchange: Exchange, target: Target): Promise<void> {
  const options = writeOptions(exchange, 'CreateOptions');
  const given = await decodedBody(door, exchange, target, options);
  const made = door.api.createAs(target, toStoredVersion(target.requested, target.stored, given), options);
  return answerObject(door, exchange, 201, target.requested, made);
}

export async function put(door: DoorContext, exchange: Exchange, target: Target): Promise<void> {
  const options = { ...writeOptions(exchange, 'UpdateOptions'), subresource: target.subresource };
  const given = await decodedBody(door, exchange, target, options);
  checkName(target, given);
  const next = toStoredVersion(target.requested, target.stored, given);
  const { object, created } = door.api.updateAs(
    target,
    { uidIsCondition: true, next: (old) => mayCreate(door, exchange, old, next) },
    options,
  );
  return answerObject(door, exchange, created ? 201 : 200, target.requested, object);
}

async function decodedBody(
  { formats }: DoorContext,
  { request }: Exchange,
  { requested }: Target,
  options: WriteOptions,
): Promise<KubeObject> {
  const { object, duplicates } = parseObject(request, await readBody(request), requested.kind);
  return decoded(formats, requested, object, options, duplicates);
}

const patchTypes = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;
export type PatchType = (typeof patchTypes)[keyof typeof patchTypes];

export async function patch(door: DoorContext, exchange: Exchange, target: Target): Promise<void> {
  const type = patchTypeOf(exchange, target.requested.custom === true);
  const options = { ...writeOptions(exchange, 'PatchOptions', type === 'apply'), subresource: target.subresource };
  const body = await readBody(exchange.request);
  const document = type === 'apply' ? parseYaml(body) : parsePatch(body);
  const request = type === 'apply' ? applied(door, exchange, target, document, options) : patched(door, target, type, document, options);
  const { object, created } = door.api.updateAs(target, request, options);
  return answerObject(door, exchange, created ? 201 : 200, target.requested, object);
}

/** POST to pods/eviction, pods/binding, serviceaccounts/token. */
export async function act(
  door: DoorContext,
  exchange: Exchange,
  target: Target,
  subresource: Extract<Subresource, { type: 'act' }>,
): Promise<void> {
  const options = writeOptions(exchange, 'CreateOptions');
  const { object: body } = parseObject(exchange.request, await readBody(exchange.request), subresource.kind.kind);
  const expected = groupVersion(subresource.kind.group, subresource.kind.version);
  const given = { ...body, apiVersion: body.apiVersion ?? expected, kind: body.kind ?? subresource.kind.kind };
  if (given.kind !== subresource.kind.kind)
    throw badRequest(`the object provided is unrecognized (must be of type ${subresource.kind.kind}): got ${given.kind}`);
  const parent = existing(door.api, target);
  const admission = admissionRequest('CREATE', target, options, { object: given, oldObject: parent });
  admitMutating(door.api.core, admission);
  admitValidating(door.api.core, admission);
  const { code, object } = subresource.act(parent, given, contextOf(door.api.core, options));
  const { apiVersion = '', kind = '' } = object as { apiVersion?: string; kind?: string };
  return answer(
    exchange,
    code,
    object,
    negotiate(exchange.request.headers.accept, undefined, () => hasMessage(apiVersion, kind)),
  );
}

export function patchTypeOf({ request }: Exchange, custom: boolean): PatchType {
  const type = mediaType(request);
  const found = Object.hasOwn(patchTypes, type) ? patchTypes[type as keyof typeof patchTypes] : undefined;
  if (found && !(custom && found === 'strategic')) return found;
  throw noSuchContentType();
}

/** One of the three patches without managers, of a document in the request's version. */
export function patchDocument(
  formats: Formats,
  target: Target,
  type: Exclude<PatchType, 'apply'>,
  document: KubeObject,
  change: unknown,
): KubeObject {
  switch (type) {
    case 'json':
      return formats.jsonPatch(document, change);
    case 'merge':
      return formats.mergePatch(document, change);
    case 'strategic':
      return formats.strategicMergePatch(target.requested, document, change);
    default:
      return type satisfies never;
  }
}

function patched(
  door: DoorContext,
  target: Target,
  type: Exclude<PatchType, 'apply'>,
  change: unknown,
  options: WriteOptions,
): UpdateRequest {
  const { formats } = door;
  if (!formats) throw notInTheSandbox('patches');
  return {
    next: () => {
      // A patch never creates, whatever a PUT may do.
      const before = draft(inVersion(target.requested, existing(door.api, target))) as KubeObject;
      const made = patchDocument(formats, target, type, before, change);
      const shown = type === 'strategic' ? formats.shownPatch(change) : JSON.stringify(made);
      const after = decodedPatch(formats, target.requested, made, options, shown);
      return toStoredVersion(target.requested, target.stored, after);
    },
  };
}

function applied(
  door: DoorContext,
  exchange: Exchange,
  target: Target,
  document: unknown,
  options: WriteOptions & { force: boolean },
): UpdateRequest {
  const { formats } = door;
  if (!formats) throw notInTheSandbox('server-side apply');
  if (!isRecord(document)) throw badRequest('error decoding YAML: expected an object');
  if (!document.apiVersion || !document.kind)
    throw badRequest(`invalid object type: ${document.apiVersion ?? ''}/, Kind=${document.kind ?? ''}`.replace('//', '/'));
  // Not decoded: what is owned is what was said, and the apply itself judges fields and types.
  const metadata = isRecord(document.metadata) ? document.metadata : {};
  const given = { ...document, metadata: { name: target.name, ...metadata } } as KubeObject;
  checkName(target, given);
  return {
    createMissing: true,
    fieldsNoted: true,
    next: (old) => {
      const made = formats.apply(old, given, {
        manager: options.fieldManager ?? '',
        ...(target.subresource ? { subresource: target.subresource } : {}),
        now: door.clock.now(),
        apiVersion: groupVersion(target.requested.group, target.requested.version),
        definition: target.stored,
        force: options.force,
      });
      return mayCreate(door, exchange, old, made);
    },
  };
}

/** A PUT or an apply that creates needs the right to create. */
function mayCreate({ access }: DoorContext, { user, info }: Exchange, old: Stored | undefined, next: KubeObject): KubeObject {
  if (old) return next;
  const attributes = { ...info, verb: 'create' };
  const { allowed, reason } = access.authorize(user, attributes);
  if (!allowed) throw notAllowed(user, attributes, reason);
  return next;
}

function checkName({ name, namespace }: Target, { metadata }: KubeObject): void {
  if (!metadata.name) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (namespace && metadata.namespace && metadata.namespace !== namespace)
    throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`);
}
