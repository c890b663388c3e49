import type { OwnerReference } from '@fairlead/kube/protocol';
import type { Stored } from '../../machinery/object.js';

export const foreground = 'foregroundDeletion';
export const orphan = 'orphan';

export const isDeletingDependents = ({ metadata }: Stored): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(foreground);

export const isOrphaning = ({ metadata }: Stored): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(orphan);

export type GarbageAction =
  | { do: 'nothing' }
  /** Some owners stay; the references to the others go. */
  | { do: 'forget'; uids: readonly string[] }
  | { do: 'delete'; policy: 'Foreground' | 'Background' | 'Orphan' }
  /** It is its own descendant's descendant: nobody may wait for anybody. */
  | { do: 'break' };

/** The present state of one of an object's owners. `unknown`: its kind is not served, so nobody can tell. */
export type OwnerState = 'solid' | 'gone' | 'waiting' | 'unknown';

/**
 * What becomes of an object with these owners. It goes when all of them are gone, or wait for their dependents in a foreground deletion; as long as one
 * stays, it stays.
 */
export function decide(object: Stored, stateOf: (owner: OwnerReference) => OwnerState, dependents: readonly Stored[]): GarbageAction {
  const owners = (object.metadata.ownerReferences ?? []).map((owner) => ({ owner, state: stateOf(owner) }));
  if (owners.length === 0 || owners.some(({ state }) => state === 'unknown')) return { do: 'nothing' };
  const leaving = owners.filter(({ state }) => state !== 'solid').map(({ owner }) => owner.uid);
  if (leaving.length < owners.length) return leaving.length === 0 ? { do: 'nothing' } : { do: 'forget', uids: leaving };
  if (owners.some(({ state }) => state === 'waiting') && dependents.length > 0) {
    return dependents.some(isDeletingDependents) ? { do: 'break' } : { do: 'delete', policy: 'Foreground' };
  }
  const finalizers = object.metadata.finalizers ?? [];
  const policy = finalizers.includes(orphan) ? 'Orphan' : finalizers.includes(foreground) ? 'Foreground' : 'Background';
  return { do: 'delete', policy };
}

/** Those whose end an owner in a foreground deletion waits for. */
export const blocking = (owner: Stored, dependents: readonly Stored[]): Stored[] =>
  dependents.filter((each) =>
    each.metadata.ownerReferences?.some((ref) => ref.uid === owner.metadata.uid && ref.blockOwnerDeletion === true),
  );
