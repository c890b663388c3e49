import { compareQuantities } from '@fairlead/kube/protocol';
import type { Node } from '../model/cluster.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../model/storage.js';
import { isReachable, suits } from '../scheduler/volumes.js';

export const annotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  betaProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  selectedNode: 'volume.kubernetes.io/selected-node',
};

/** The smallest volume that has what the claim asks for; one that is reserved for it comes first. */
export function bestVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node: Node | undefined,
): PersistentVolume | undefined {
  const fitting = volumes.filter((each) => suits(each, claim) && (!node || isReachable(each, node)));
  const reserved = fitting.find((each) => each.spec.claimRef);
  const size = ({ spec }: PersistentVolume): string | number => spec.capacity?.storage ?? '0';
  return reserved ?? fitting.sort((a, b) => compareQuantities(size(a), size(b)))[0];
}

export const isClaimedBy = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean =>
  spec.claimRef?.namespace === metadata.namespace &&
  spec.claimRef?.name === metadata.name &&
  (!spec.claimRef?.uid || spec.claimRef.uid === metadata.uid);

export const referenceTo = ({ metadata }: PersistentVolumeClaim): NonNullable<PersistentVolume['spec']['claimRef']> => ({
  kind: 'PersistentVolumeClaim',
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid ?? '',
  apiVersion: 'v1',
  resourceVersion: metadata.resourceVersion ?? '',
});
