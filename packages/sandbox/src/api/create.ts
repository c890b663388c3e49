import { type KubeObject, status } from '@fairlead/kube/protocol';
import { ApiError, alreadyExists, badRequest, invalid } from '../machinery/api-error.js';
import { timestamp } from '../machinery/clock.js';
import { groupVersion, type Stored } from '../machinery/object.js';
import type { WriteOptions } from './api.js';
import { admissionRequest, admitMutating, admitValidating, type Core, contextOf, named, noteFields, type Target } from './core.js';
import { generatedName, metadataErrors, newUid, tidyMetadata } from './metadata.js';
import { hasStatus, keepsStatusOnCreate } from './resource-rules.js';

const attempts = 8;

/**
 * The create handler and registry.Store.Create: defaults, mutating admission, the strategy, validation, validating admission, the write.
 * `object` is in the stored version and becomes the API's own; `fieldsNoted`: it came by server-side apply, with its managedFields.
 */
export function createObject(core: Core, target: Target, object: KubeObject, options: WriteOptions, fieldsNoted = false): Stored {
  const { stored } = target;
  const context = contextOf(core, options);
  const ready = prepared(core, target, object);
  stored.setDefaults?.(ready);
  // What admission adds is nobody's.
  if (!fieldsNoted && !stored.answer) noteFields(core, target, undefined, ready, options);
  admitMutating(core, admissionRequest('CREATE', target, options, { object: ready }));
  if (stored.answer) return stored.answer(ready, context) as Stored;
  if (hasStatus(stored) && !keepsStatusOnCreate(stored)) delete ready.status;

  const generate = !ready.metadata.name && typeof ready.metadata.generateName === 'string';
  for (let attempt = 1; ; attempt += 1) {
    if (generate) ready.metadata.name = generatedName(String(ready.metadata.generateName), core.random);
    try {
      return store(core, { ...target, name: ready.metadata.name ?? '' }, ready, options);
    } catch (error) {
      const taken = generate && error instanceof ApiError && error.reason === 'AlreadyExists';
      if (!taken) throw error;
      if (attempt === attempts) throw noFreeName(target, ready.metadata.name);
    }
  }
}

function store(core: Core, target: Target, ready: KubeObject, options: WriteOptions): Stored {
  const { stored } = target;
  const context = contextOf(core, options);
  stored.prepareForCreate?.(ready, context);
  // Names first: a strategy's own check of them is among its validation.
  const rules = target.requested.validateAs?.(ready, undefined) ?? stored.validate?.(ready, context) ?? [];
  const errors = [...metadataErrors(stored, ready), ...rules];
  if (errors.length > 0) throw invalid({ group: stored.group, kind: stored.kind }, ready.metadata.name ?? '', errors);
  for (const text of stored.warnings?.(ready, undefined) ?? []) options.onWarning?.(text);
  admitValidating(core, admissionRequest('CREATE', target, options, { object: ready }));
  if (core.store.get(stored.storage, target.namespace, target.name)) throw alreadyExists(named(target), target.name);
  ready.metadata = tidyMetadata(ready.metadata);
  if (options.dryRun) return ready as Stored;
  return core.store.put(stored.storage, ready as Stored);
}

/** apiVersion and kind first, the system's fields of metadata set, whatever the client said about them. */
function prepared(core: Core, { stored, namespace }: Target, object: KubeObject): KubeObject {
  const { apiVersion: _, kind: __, metadata, ...rest } = core.fields?.completed(stored, object) ?? object;
  const given = metadata ?? { name: '' };
  // The real one has neither a better code nor a reason for it.
  if (given.resourceVersion) throw new ApiError(status(500, '', 'resourceVersion should not be set on objects to be created'));
  if (stored.namespaced && given.namespace && given.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const { namespace: ___, deletionTimestamp: ____, deletionGracePeriodSeconds: _____, ...kept } = given;
  return {
    apiVersion: groupVersion(stored.group, stored.version),
    kind: stored.kind,
    metadata: {
      ...kept,
      ...(stored.namespaced ? { namespace } : {}),
      uid: newUid(core.random),
      ...((stored.hasGeneration ?? 'spec' in rest) ? { generation: 1 } : { generation: 0 }),
      creationTimestamp: timestamp(core.clock.now()),
    },
    ...rest,
  };
}

const noFreeName = (target: Target, name: string): ApiError =>
  new ApiError(
    status(
      409,
      'AlreadyExists',
      `${alreadyExists(named(target), name).message}, the server was not able to generate a unique name for the object`,
      { name, ...(target.stored.group ? { group: target.stored.group } : {}), kind: target.stored.resource, retryAfterSeconds: 1 },
    ),
  );
