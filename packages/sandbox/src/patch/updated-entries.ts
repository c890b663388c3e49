import type { KubeObject } from '@fairlead/kube/protocol';
import type { FieldContext } from '../api/core.js';
import { timestamp } from '../machinery/clock.js';
import { zeroOf } from '../schema/zero.js';
import { changed, compared, isSame } from './compare.js';
import { difference, type FieldsV1, isEmptySet, union } from './fields-v1.js';
import { capped, identity, type ManagedFieldsEntry, madeEntry, writtenEntries } from './managers.js';
import { withoutNobodys, withoutResetFields } from './reset-fields.js';
import type { Versions } from './versions.js';

/** Managers' entries after an update by one of them; undefined: nobody owns anything. Entries that did not change are the same objects. */
export function updatedEntries(
  versions: Versions,
  old: KubeObject | undefined,
  next: KubeObject,
  before: readonly ManagedFieldsEntry[],
  how: FieldContext,
): ManagedFieldsEntry[] | undefined {
  const { manager, subresource, apiVersion, now, definition } = how;
  const filter = (set: FieldsV1): FieldsV1 => withoutResetFields(definition, subresource, set);
  const differences = new Map<string, { taken: FieldsV1; set: FieldsV1 }>();
  /** undefined: a version that is not served any more, whose entries are forgotten. */
  const differenceIn = (version: string): { taken: FieldsV1; set: FieldsV1 } | undefined => {
    const known = differences.get(version);
    if (known) return known;
    const [left, right] = [old && versions.view(definition, old, version), versions.view(definition, next, version)];
    if (!right) return undefined;
    const comparison = compared(right.type, left?.object ?? zeroOf(right.type), right.object);
    const set = filter(changed(comparison));
    const found = { set, taken: isSame(comparison) ? {} : union(set, filter(comparison.removed)) };
    differences.set(version, found);
    return found;
  };

  const mine = identity({ manager: manager || 'unknown', operation: 'Update', apiVersion, ...(subresource ? { subresource } : {}) });
  const entries: ManagedFieldsEntry[] = [];
  for (const entry of before) {
    const found = differenceIn(entry.apiVersion);
    if (!found) continue;
    const fieldsV1 = isEmptySet(found.taken) ? entry.fieldsV1 : difference(entry.fieldsV1 ?? {}, found.taken);
    entries.push(fieldsV1 === entry.fieldsV1 ? entry : { ...entry, fieldsV1 });
  }
  const own = withoutNobodys(differenceIn(apiVersion)?.set ?? {});
  if (!isEmptySet(own)) {
    const index = entries.findIndex((entry) => identity(entry) === mine);
    const previous = index === -1 ? undefined : entries.splice(index, 1)[0];
    entries.push(
      madeEntry({
        manager: manager || 'unknown',
        operation: 'Update',
        apiVersion,
        time: timestamp(now),
        fieldsV1: previous ? union(previous.fieldsV1, own) : own,
        ...(subresource ? { subresource } : {}),
      }),
    );
  }
  return writtenEntries(capped(entries));
}
