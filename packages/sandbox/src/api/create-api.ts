import type { KubeObject } from '@fairlead/kube/protocol';
import type { AdmissionPlugin } from '../admission/admission.js';
import type { Clock } from '../machinery/clock.js';
import { draft, type GroupResource, type Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { Registry } from '../registry/registry.js';
import { Store } from '../storage/store.js';
import type { Api, DeleteOptions, WriteOptions } from './api.js';
import type { Core, FieldTracking, Target } from './core.js';
import { createObject } from './create.js';
import { recordEvent } from './event-recorder.js';
import { type Removed, removeObject } from './remove.js';
import { type Updated, type UpdateRequest, updateObject } from './update.js';

export interface ApiParts {
  clock: Clock;
  /** 0 ≤ x < 1: names and uids. */
  random: () => number;
  definitions: readonly ResourceDefinition[];
  admission?: readonly AdmissionPlugin[];
  fields?: FieldTracking;
  /** What an earlier life left; empty where it is missing. */
  store?: Store;
}

/** The Api with what the HTTP door needs besides: requests that speak another version than the stored one, and the history. */
export interface RequestApi extends Api {
  readonly store: Store;
  readonly core: Core;
  createAs(target: Target, object: KubeObject, options: WriteOptions): Stored;
  updateAs(target: Target, request: UpdateRequest, options: WriteOptions): Updated;
  deleteAs(target: Target, options: DeleteOptions): Removed;
}

export function createApi({ clock, random, definitions, admission = [], fields, store = new Store() }: ApiParts): RequestApi {
  const registry = new Registry(definitions);
  const targetOf = (resource: GroupResource, namespace: string, name: string, subresource = ''): Target => {
    const stored = registry.stored(resource);
    return { stored, requested: stored, namespace: stored.namespaced ? namespace : '', name, subresource };
  };
  const of = (resource: GroupResource, { metadata }: KubeObject, options: WriteOptions): Target =>
    targetOf(resource, metadata.namespace ?? '', metadata.name ?? '', options.subresource);

  const api: RequestApi = {
    registry,
    store,
    get core() {
      return core;
    },
    now: () => clock.now(),
    get: (resource, namespace, name) => store.get(resource, namespace, name),
    list: (resource, namespace) => store.list(resource, namespace),
    ownedBy: (uid) => store.ownedBy(uid),
    create: (resource, object, options = {}) => createObject(core, of(resource, object, options), object, options),
    update: (resource, object, options = {}) =>
      updateObject(core, of(resource, object, options), { next: () => object, uidIsCondition: true }, options).object,
    change(resource, namespace, name, change, options = {}) {
      const old = store.get(resource, namespace, name);
      if (!old) return undefined;
      const altered = draft(old) as KubeObject;
      if (change(altered) === false) return undefined;
      return updateObject(core, targetOf(resource, namespace, name, options.subresource), { next: () => altered }, options).object;
    },
    delete: (resource, namespace, name, options = {}) => removeObject(core, targetOf(resource, namespace, name), options).object,
    createAs: (target, object, options) => createObject(core, target, object, options),
    updateAs: (target, request, options) => updateObject(core, target, request, options),
    deleteAs: (target, options) => removeObject(core, target, options),
    onChange: (resource, listener) => store.onChange(resource, ({ change }) => listener(change)),
    onAnyChange: (listener) => store.onAnyChange(({ resource, change }) => listener(resource, change)),
    recordEvent: (event) => recordEvent(core, event),
  };
  const core: Core = { api, registry, store, clock, random, admission, fields };
  return api;
}
