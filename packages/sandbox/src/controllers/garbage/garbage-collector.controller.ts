import type { OwnerReference } from '@fairlead/kube/protocol';
import type { Change } from '../../api/api.js';
import { ApiError } from '../../machinery/api-error.js';
import { equal, type GroupResource, groupVersion, type Stored } from '../../machinery/object.js';
import { controllerUser } from '../../machinery/user.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import type { Controller, ControllerContext } from '../controller.js';
import { blocking, decide, foreground, isDeletingDependents, isOrphaning, type OwnerState, orphan } from './ownership.js';

/** Deletes what has lost its owners, and carries out foreground deletions and orphanings, for every resource there is. */
export function garbageCollector({ api }: ControllerContext): Controller {
  const options = { user: controllerUser('generic-garbage-collector'), fieldManager: 'kube-controller-manager' };

  function reconcile(key: string): undefined {
    const [resource = '', namespace = '', name = ''] = key.split('|');
    if (!isServed(resource)) return;
    const object = api.get(resource, namespace, name);
    if (!object) return;
    if (isOrphaning(object)) letGo(resource, object);
    else if (isDeletingDependents(object)) deleteDependents(resource, object);
    else if (!object.metadata.deletionTimestamp) judge(resource, object);
  }

  function judge(resource: GroupResource, object: Stored): void {
    const { namespace = '', name, uid = '' } = object.metadata;
    const action = decide(object, (owner) => stateOf(owner, namespace), api.ownedBy(uid));
    if (action.do === 'forget') {
      change(resource, object, (draft) => {
        draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter((each) => !action.uids.includes(each.uid));
      });
    }
    if (action.do === 'break') for (const dependent of api.ownedBy(uid)) unblock(dependent, uid);
    if (action.do === 'delete' || action.do === 'break') {
      const propagationPolicy = action.do === 'delete' ? action.policy : 'Foreground';
      quietly(() => api.delete(resource, namespace, name, { ...options, propagationPolicy, preconditions: { uid } }));
    }
  }

  function deleteDependents(resource: GroupResource, owner: Stored): void {
    const held = blocking(owner, api.ownedBy(owner.metadata.uid ?? ''));
    if (held.length === 0) removeFinalizer(resource, owner, foreground);
    for (const dependent of held) if (!isDeletingDependents(dependent)) judgeAny(dependent);
  }

  function letGo(resource: GroupResource, owner: Stored): void {
    const { uid = '' } = owner.metadata;
    for (const dependent of api.ownedBy(uid)) {
      change(resourceOf(dependent), dependent, (draft) => {
        draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter((each) => each.uid !== uid);
      });
    }
    removeFinalizer(resource, owner, orphan);
  }

  function judgeAny(object: Stored): void {
    if (!object.metadata.deletionTimestamp) judge(resourceOf(object), object);
  }

  function unblock(dependent: Stored, uid: string): void {
    change(resourceOf(dependent), dependent, (draft) => {
      draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).map((each) =>
        each.uid === uid ? { ...each, blockOwnerDeletion: false } : each,
      );
    });
  }

  function removeFinalizer(resource: GroupResource, object: Stored, finalizer: string): void {
    change(resource, object, (draft) => {
      draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((each) => each !== finalizer);
    });
  }

  function change(resource: GroupResource | undefined, object: Stored, alter: (draft: Stored) => void): void {
    if (resource === undefined) return;
    const { namespace = '', name, uid } = object.metadata;
    quietly(() => api.change(resource, namespace, name, (draft) => (draft.metadata.uid === uid ? alter(draft as Stored) : false), options));
  }

  function stateOf({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): OwnerState {
    const definition = definitionOf(apiVersion, kind);
    if (!definition) return 'unknown';
    if (definition.namespaced && namespace === '') return 'unknown';
    const owner = api.get(definition.storage, definition.namespaced ? namespace : '', name);
    if (!owner || owner.metadata.uid !== uid) return 'gone';
    return isDeletingDependents(owner) ? 'waiting' : 'solid';
  }

  const definitionOf = (apiVersion: string, kind: string): ResourceDefinition | undefined =>
    api.registry.all().find((each) => each.kind === kind && groupVersion(each.group, each.version) === apiVersion);
  const resourceOf = ({ apiVersion, kind }: Stored): GroupResource => definitionOf(apiVersion, kind)?.storage ?? '';
  const isServed = (resource: GroupResource): boolean => api.registry.all().some((each) => each.storage === resource);

  function keysOf(resource: GroupResource, { type, object, old }: Change): string[] {
    if (resource === 'events') return [];
    const { ownerReferences = [], deletionTimestamp, finalizers = [] } = object.metadata;
    if (type === 'DELETED') {
      const dependents = api.ownedBy(object.metadata.uid ?? '').map((each) => keyFor(resourceOf(each), each));
      return [...dependents, ...waitingOwners(object)];
    }
    const newOwners = ownerReferences.length > 0 && !equal(ownerReferences, old?.metadata.ownerReferences);
    const atWork = deletionTimestamp !== undefined && (finalizers.includes(foreground) || finalizers.includes(orphan));
    const lostOwner = old?.metadata.ownerReferences !== undefined && !equal(ownerReferences, old.metadata.ownerReferences);
    return [...(newOwners || atWork ? [keyFor(resource, object)] : []), ...(lostOwner && old ? waitingOwners(old) : [])];
  }

  /** Owners whose foreground deletion may have waited for this one. */
  function waitingOwners(object: Stored): string[] {
    return (object.metadata.ownerReferences ?? []).flatMap(({ apiVersion, kind, name }) => {
      const definition = definitionOf(apiVersion, kind);
      if (!definition) return [];
      const owner = api.get(definition.storage, definition.namespaced ? (object.metadata.namespace ?? '') : '', name);
      return owner && isDeletingDependents(owner) ? [keyFor(definition.storage, owner)] : [];
    });
  }

  return {
    name: 'garbage-collector',
    watches: {},
    watchesAll: keysOf,
    initialKeys: () => {
      // Events are nobody's to collect.
      const resources = new Set(api.registry.all().flatMap(({ storage }) => (storage === 'events' ? [] : [storage])));
      const concerns = ({ metadata }: Stored): boolean =>
        (metadata.ownerReferences ?? []).length > 0 || metadata.deletionTimestamp !== undefined;
      return [...resources].flatMap((resource) =>
        api
          .list(resource)
          .filter(concerns)
          .map((each) => keyFor(resource, each)),
      );
    },
    reconcile,
  };
}

const keyFor = (resource: GroupResource, { metadata }: Stored): string => `${resource}|${metadata.namespace ?? ''}|${metadata.name}`;

/** Somebody else was faster, or the object may not be written: the next change brings it back. */
function quietly(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ApiError) || (error.reason !== 'NotFound' && error.reason !== 'Conflict')) throw error;
  }
}
