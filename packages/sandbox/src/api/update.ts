import type { KubeObject } from '@fairlead/kube/protocol';
import { badRequest, conflict, invalid, notFound } from '../machinery/api-error.js';
import { type FieldError, invalidValue } from '../machinery/field-error.js';
import { equal, groupVersion, type Stored } from '../machinery/object.js';
import type { ResourceDefinition, Subresource } from '../registry/definition.js';
import { sharedWith } from '../storage/sharing.js';
import type { WriteOptions } from './api.js';
import {
  admissionRequest,
  admitMutating,
  admitValidating,
  type Core,
  contextOf,
  keepOldTimes,
  named,
  noteFields,
  type Target,
} from './core.js';
import { createObject } from './create.js';
import { metadataUpdateErrors, tidyMetadata } from './metadata.js';
import { finishDeletion, isFinished } from './remove.js';
import { allowsCreateOnUpdate, allowsUnconditionalUpdate, hasStatus } from './resource-rules.js';

export interface Updated {
  object: Stored;
  created: boolean;
}

export interface UpdateRequest {
  /** Makes the new object (in the stored version, ours to change) from what stands there. */
  next(old: Stored | undefined): KubeObject;
  /** Server-side apply creates what is not there. */
  createMissing?: boolean;
  /** Server-side apply has noted its fields already. */
  fieldsNoted?: boolean;
  /** A PUT that names a uid wants that object and no other; a patch cannot change it. */
  uidIsCondition?: boolean;
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again';

/** The update and patch handlers and registry.Store.Update. Nothing is written where nothing changed. */
export function updateObject(core: Core, target: Target, request: UpdateRequest, options: WriteOptions): Updated {
  const { stored, namespace, name } = target;
  const old = core.store.get(stored.storage, namespace, name);
  const mayCreate = target.subresource === '' && (allowsCreateOnUpdate(stored) || request.createMissing === true);
  if (!old && !mayCreate) throw notFound(named(target), name);
  const given = request.next(old);
  if (!old) return { object: createObject(core, target, withoutVersion(target, given), options, request.fieldsNoted), created: true };

  const next = ordered(stored, core.fields?.completed(stored, given) ?? given, old);
  checkIdentity(target, next, old, request);
  const part = subresourceOf(stored, target.subresource);
  const context = contextOf(core, options);
  stored.setDefaults?.(next);
  if (!request.fieldsNoted) noteFields(core, target, old, next, options);
  admitMutating(core, admissionRequest('UPDATE', target, options, { object: next, oldObject: old }));
  if (part) part.prepareForUpdate(next, old, context);
  else {
    if (hasStatus(stored)) keepStatus(next, old);
    next.metadata.generation = old.metadata.generation ?? 0;
    stored.prepareForUpdate?.(next, old, context);
    raiseGeneration(stored, next, old);
  }
  settleMetadata(next, old);
  const errors: FieldError[] = metadataUpdateErrors(next, old);
  if (part) errors.push(...(part.validateUpdate?.(next, old, context) ?? []));
  else if (target.requested.validateAs) errors.push(...target.requested.validateAs(next, old));
  else errors.push(...(stored.validate?.(next, context) ?? []), ...(stored.validateUpdate?.(next, old, context) ?? []));
  if (errors.length > 0) throw invalid({ group: stored.group, kind: stored.kind }, name, errors);
  for (const text of stored.warnings?.(next, old) ?? []) options.onWarning?.(text);
  next.metadata = tidyMetadata(next.metadata);
  keepOldTimes(next, old);
  admitValidating(core, admissionRequest('UPDATE', target, options, { object: next, oldObject: old }));

  if (sharedWith(next as Stored, old) === old) return { object: old, created: false };
  if (options.dryRun) return { object: next as Stored, created: false };
  const written = isFinished(stored, next) && wasHeld(stored, old) ? finishDeletion(core, stored, next as Stored) : undefined;
  return { object: written ?? core.store.put(stored.storage, next as Stored), created: false };
}

/** An object that waited for its finalizers, which are gone now, goes without another write. */
const wasHeld = (stored: ResourceDefinition, old: Stored): boolean => !isFinished(stored, old);

function withoutVersion(target: Target, given: KubeObject): KubeObject {
  // A version of what is not there is no condition.
  const { uid, resourceVersion: _, ...metadata } = given.metadata;
  if (uid) {
    throw conflict(named(target), target.name, otherUid(target, uid, ''));
  }
  return { ...given, metadata: { ...metadata, name: target.name } };
}

/** As the storage of the real one says it. */
function otherUid({ stored, namespace, name }: Target, asked: string, found: string): string {
  const key = ['/registry', stored.resource, ...(namespace ? [namespace] : []), name].join('/');
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${found}`;
}

function checkIdentity(target: Target, next: KubeObject, old: Stored, { uidIsCondition }: UpdateRequest): void {
  const { stored, name, namespace } = target;
  const { metadata } = next;
  if (metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${name})`);
  if (stored.namespaced && (metadata.namespace ?? '') !== namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  if (uidIsCondition && metadata.uid && metadata.uid !== old.metadata.uid) {
    throw conflict(named(target), name, otherUid(target, metadata.uid, old.metadata.uid ?? ''));
  }
  if (metadata.resourceVersion && metadata.resourceVersion !== '0') {
    if (metadata.resourceVersion !== old.metadata.resourceVersion) throw conflict(named(target), name, modified);
    return;
  }
  if (!allowsUnconditionalUpdate(stored)) {
    const missing = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid({ group: stored.group, kind: stored.resource }, name, [missing]);
  }
}

/** What an update cannot change is taken from what stood there. */
function settleMetadata(next: KubeObject, old: Stored): void {
  const { metadata } = next;
  metadata.uid ||= old.metadata.uid;
  metadata.resourceVersion = old.metadata.resourceVersion;
  metadata.creationTimestamp = old.metadata.creationTimestamp;
  if (old.metadata.deletionTimestamp) metadata.deletionTimestamp = old.metadata.deletionTimestamp;
  metadata.deletionGracePeriodSeconds ??= old.metadata.deletionGracePeriodSeconds;
  if (!metadata.selfLink) delete metadata.selfLink;
}

function keepStatus(next: KubeObject, old: Stored): void {
  if (old.status === undefined) delete next.status;
  else next.status = old.status;
}

/** Whatever is neither metadata nor status counts as what is wanted. */
function raiseGeneration(stored: ResourceDefinition, next: KubeObject, old: Stored): void {
  const has = stored.hasGeneration ?? 'spec' in next;
  const before = old.metadata.generation ?? 0;
  if (!has || next.metadata.generation !== before) return;
  const wanted = ({ metadata: _, status: __, apiVersion: ___, kind: ____, ...rest }: KubeObject): object => rest;
  if (!equal(wanted(next), wanted(old))) next.metadata.generation = before + 1;
}

function subresourceOf(stored: ResourceDefinition, name: string): Extract<Subresource, { type: 'part' }> | undefined {
  if (name === '') return undefined;
  const found = stored.subresources[name];
  // A scale is a change of the whole, by another name.
  if (found?.type === 'scale') return undefined;
  if (found?.type === 'act') return ofTheServer;
  if (found?.type !== 'part') throw new Error(`${stored.resource}/${name} is no part of an object`);
  return found;
}

/** What an act (binding, eviction) does to its object is the server's own doing: nobody's fields, and no new generation. */
const ofTheServer: Extract<Subresource, { type: 'part' }> = {
  type: 'part',
  verbs: [],
  prepareForUpdate({ metadata }, old) {
    metadata.managedFields = old.metadata.managedFields;
    metadata.generation = old.metadata.generation;
  },
};

/** apiVersion and kind first, metadata ours to change. */
function ordered(stored: ResourceDefinition, given: KubeObject, old: Stored): KubeObject {
  const { apiVersion: _, kind: __, metadata, ...rest } = given;
  const named = metadata?.namespace === undefined && old.metadata.namespace ? { namespace: old.metadata.namespace } : {};
  return {
    apiVersion: groupVersion(stored.group, stored.version),
    kind: stored.kind,
    metadata: { ...(metadata ?? { name: '' }), ...named },
    ...rest,
  };
}
