import type { KubeObject } from '@fairlead/kube/protocol';
import type { FieldsV1 } from './fields-v1.js';
import { difference, intersection, isEmptySet, union } from './fields-v1.js';
import type { ManagedFieldsEntry } from './managers.js';
import { withoutItems } from './remove-items.js';
import { fieldSetOf, withNamedFields } from './to-field-set.js';
import type { Versions, View } from './versions.js';

/**
 * The merged object without what the applier set the last time and does not set any more; what anybody owns stays. `entries` are all managers as they
 * will be, the applier's new one among them.
 */
export function prunedTyped(
  versions: Versions,
  merged: View,
  last: ManagedFieldsEntry,
  entries: readonly ManagedFieldsEntry[],
): KubeObject {
  if (isEmptySet(last.fieldsV1)) return merged.object;
  const stored = versions.stored(merged, merged.object);
  const inLast = last.apiVersion === apiVersionOf(merged) ? merged : versions.view(merged.definition, stored, last.apiVersion);
  if (!inLast) return merged.object;
  let pruned = withoutItems(inLast.type, inLast.object, withNamedFields(inLast.type, last.fieldsV1)) as KubeObject;
  for (const [version, owned] of ownedByVersion(entries, last.apiVersion)) {
    if (version === last.apiVersion) {
      pruned = withOwned(inLast, pruned, owned);
      continue;
    }
    const whole = versions.view(merged.definition, stored, version);
    const less = versions.view(merged.definition, versions.stored(inLast, pruned), version);
    if (!whole || !less) continue;
    const back = versions.view(merged.definition, versions.stored(whole, withOwned(whole, less.object, owned)), last.apiVersion);
    if (back) pruned = back.object;
  }
  pruned = withDangling(inLast, pruned, last.fieldsV1);
  return inLast === merged
    ? pruned
    : (versions.view(merged.definition, versions.stored(inLast, pruned), apiVersionOf(merged))?.object ?? pruned);
}

const apiVersionOf = ({ definition: { group, version } }: View): string => (group === '' ? version : `${group}/${version}`);

/** What anybody owns comes back. */
function withOwned({ type, object }: View, pruned: KubeObject, owned: FieldsV1): KubeObject {
  const all = withNamedFields(type, fieldSetOf(type, object));
  const kept = withNamedFields(type, fieldSetOf(type, pruned ?? {}));
  return withoutItems(type, object, difference(all, union(kept, withNamedFields(type, owned)))) as KubeObject;
}

/** What went only because something around it went, and was not the applier's, comes back. */
function withDangling({ type, object }: View, pruned: KubeObject, last: FieldsV1): KubeObject {
  const kept = withNamedFields(type, fieldSetOf(type, pruned));
  const all = withNamedFields(type, fieldSetOf(type, object));
  return withoutItems(type, object, intersection(difference(all, kept), withNamedFields(type, last))) as KubeObject;
}

function ownedByVersion(entries: readonly ManagedFieldsEntry[], first: string): Map<string, FieldsV1> {
  const owned = new Map<string, FieldsV1>([[first, {}]]);
  for (const { apiVersion, fieldsV1 } of entries) owned.set(apiVersion, union(owned.get(apiVersion) ?? {}, fieldsV1));
  return owned;
}
