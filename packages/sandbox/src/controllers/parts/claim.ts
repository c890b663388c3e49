import { type KubeObject, type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Kinds } from '../model/kinds.js';
import type { ControllerApi } from './controller-api.js';
import { controllerOf, controllerReference, isBeingDeleted, isControlledBy, type OwnerKind } from './owner.js';

/**
 * What belongs to an owner: takes orphans that its selector selects, lets go of what it no longer selects. An owner that is being deleted takes
 * nothing more.
 */
export function claim<K extends keyof Kinds>(
  api: ControllerApi,
  { resource, kind, owner, selector }: { resource: K; kind: OwnerKind; owner: KubeObject; selector: LabelSelector | undefined },
  candidates: readonly Kinds[K][],
): Kinds[K][] {
  const claimed: Kinds[K][] = [];
  for (const each of candidates) {
    const selected = matchesLabelSelector(selector, each.metadata.labels);
    if (controllerOf(each)) {
      if (!isControlledBy(each, owner)) continue;
      if (selected) claimed.push(each);
      else if (!isBeingDeleted(owner)) release(api, resource, owner, each);
    } else if (selected && !isBeingDeleted(owner) && !isBeingDeleted(each)) {
      const adopted = api.change(resource, each, (draft) => {
        draft.metadata.ownerReferences = [...(draft.metadata.ownerReferences ?? []), controllerReference(kind, owner)];
      });
      if (adopted) claimed.push(adopted);
    }
  }
  return claimed;
}

function release<K extends keyof Kinds>(api: ControllerApi, resource: K, owner: KubeObject, object: KubeObject): void {
  api.change(resource, object, (draft) => {
    draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter((each) => each.uid !== owner.metadata.uid);
  });
}

/** Its own objects, and orphans of its namespace. */
export function ownAndOrphans<K extends keyof Kinds>(api: ControllerApi, resource: K, owner: KubeObject): Kinds[K][] {
  return api.list(resource, owner.metadata.namespace).filter((each) => {
    const controller = controllerOf(each);
    return controller === undefined || controller.uid === owner.metadata.uid;
  });
}
