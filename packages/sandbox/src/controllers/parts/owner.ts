import type { KubeObject, OwnerReference } from '@fairlead/kube/protocol';

/** metav1.GetControllerOf: the one owner that manages it. */
export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((each) => each.controller === true);

export const isControlledBy = (object: KubeObject, owner: KubeObject): boolean => controllerOf(object)?.uid === owner.metadata.uid;

export interface OwnerKind {
  apiVersion: string;
  kind: string;
}

/** metav1.NewControllerRef. */
export const controllerReference = ({ apiVersion, kind }: OwnerKind, owner: KubeObject): OwnerReference => ({
  apiVersion,
  kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

export const isBeingDeleted = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;

export const createdAt = (object: KubeObject): number => Date.parse(object.metadata.creationTimestamp ?? '') || 0;

/** Oldest first, then by name. */
export const byAge = (a: KubeObject, b: KubeObject): number =>
  createdAt(a) - createdAt(b) || (a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0);
