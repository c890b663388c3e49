import { compareQuantities, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Node } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../model/storage.js';
import { matchesNodeTerms } from '../parts/node-affinity.js';
import { isBeingDeleted } from '../parts/owner.js';
import { type Filter, never, notNow, type Rejection, type Snapshot } from './snapshot.js';

export interface VolumeNeeds {
  bound: readonly PersistentVolumeClaim[];
  /** Those that are bound when a node is chosen. */
  waiting: readonly PersistentVolumeClaim[];
}

/** The claims that a pod's volumes name: an ephemeral one has the pod's name before its own. */
export const claimNames = (pod: Pod): string[] =>
  (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim) return [volume.persistentVolumeClaim.claimName];
    return volume.ephemeral ? [`${pod.metadata.name}-${volume.name}`] : [];
  });

/** What the pod's claims ask of a node, or why no node will do. */
export function volumeNeeds(pod: Pod, snapshot: Snapshot): VolumeNeeds | { refused: string } {
  const bound: PersistentVolumeClaim[] = [];
  const waiting: PersistentVolumeClaim[] = [];
  for (const name of claimNames(pod)) {
    const claim = snapshot.claim(pod.metadata.namespace ?? '', name);
    if (!claim) return { refused: `persistentvolumeclaim "${name}" not found` };
    if (isBeingDeleted(claim)) return { refused: `persistentvolumeclaim "${name}" is being deleted` };
    if (claim.status?.phase === 'Lost')
      return { refused: `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"` };
    if (isBound(claim)) bound.push(claim);
    else if (isLate(claim, snapshot)) waiting.push(claim);
    else return { refused: 'pod has unbound immediate PersistentVolumeClaims' };
  }
  return { bound, waiting };
}

export const isBound = (claim: PersistentVolumeClaim): boolean => Boolean(claim.spec.volumeName) && claim.status?.phase === 'Bound';

const isLate = (claim: PersistentVolumeClaim, snapshot: Snapshot): boolean =>
  snapshot.storageClass(claim.spec.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer';

/** ReadWriteOncePod, volumes that belong to a node, and volumes that are still to be found or made. */
export function volumeFilter(pod: Pod, { bound, waiting }: VolumeNeeds, snapshot: Snapshot): Filter | undefined {
  if (bound.length === 0 && waiting.length === 0) return undefined;
  const alone = bound.filter((claim) => claim.spec.accessModes?.includes('ReadWriteOncePod')).map((claim) => claim.metadata.name);
  const inUse = (other: Pod): boolean =>
    other.metadata.namespace === pod.metadata.namespace && claimNames(other).some((name) => alone.includes(name));
  return ({ node, pods }) => {
    if (alone.length > 0 && pods.some(inUse)) {
      return notNow('node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod');
    }
    return boundElsewhere(bound, node, snapshot) ?? noVolume(waiting, node, snapshot);
  };
}

function boundElsewhere(bound: readonly PersistentVolumeClaim[], node: Node, snapshot: Snapshot): Rejection | undefined {
  for (const claim of bound) {
    const volume = snapshot.volume(claim.spec.volumeName ?? '');
    if (!volume) return never('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
    if (!isReachable(volume, node)) return never("node(s) didn't match PersistentVolume's node affinity");
  }
  return undefined;
}

function noVolume(waiting: readonly PersistentVolumeClaim[], node: Node, snapshot: Snapshot): Rejection | undefined {
  for (const claim of waiting) {
    const free = snapshot.volumes().some((volume) => suits(volume, claim) && isReachable(volume, node));
    const provisioner = snapshot.storageClass(claim.spec.storageClassName ?? '')?.provisioner;
    if (!free && provisioner === 'kubernetes.io/no-provisioner') return never("node(s) didn't find available persistent volumes to bind");
  }
  return undefined;
}

export const isReachable = ({ spec }: PersistentVolume, node: Node): boolean =>
  !spec.nodeAffinity?.required || matchesNodeTerms(spec.nodeAffinity.required.nodeSelectorTerms, node);

/** Whether a volume is free for a claim and has what it asks for. */
export function suits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { spec } = volume;
  const reserved = spec.claimRef;
  if (isBeingDeleted(volume)) return false;
  if (reserved) {
    const forIt = reserved.namespace === claim.metadata.namespace && reserved.name === claim.metadata.name;
    if (!forIt || (reserved.uid && reserved.uid !== claim.metadata.uid)) return false;
  } else if (volume.status?.phase !== 'Available') return false;
  return (
    (spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
    (spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
    (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)) &&
    compareQuantities(spec.capacity?.storage ?? '0', claim.spec.resources?.requests?.storage ?? '0') >= 0 &&
    (!claim.spec.selector || matchesLabelSelector(claim.spec.selector, volume.metadata.labels))
  );
}
