import type { KubeObject } from '@fairlead/kube';
import type { FieldContext, FieldTracking } from '../api/core.js';
import { timestamp } from '../machinery/clock.js';
import type { Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { completedObject, zeroOf } from '../schema/zero.js';
import { changed, compared, isSame } from './compare.js';
import { difference, type FieldsV1, isEmptySet, union } from './fields-v1.js';
import { capped, identity, isReset, type ManagedFieldsEntry, madeEntry, readEntries, writtenEntries } from './managers.js';
import { withoutNobodys, withoutResetFields } from './reset-fields.js';
import { serverSideApply } from './server-side-apply.js';
import type { Versions } from './versions.js';

/** Keeps metadata.managedFields: who owns which field, by updates and by server-side apply. */
export class FieldManager implements FieldTracking {
  constructor(private readonly versions: Versions) {}

  /** After an update (create, PUT, the other patches): what is new or another belongs to its writer, and to nobody else any more. */
  noteUpdate(old: KubeObject | undefined, next: KubeObject, how: FieldContext): void {
    const before = entriesBefore(old, next, how.subresource !== undefined);
    if (before.length === 0 && old?.metadata.uid) {
      // An object that nobody's fields are known of stays so until it is applied.
      delete next.metadata.managedFields;
      return;
    }
    const entries = updatedEntries(this.versions, old, next, before, how);
    if (entries) next.metadata.managedFields = entries;
    else delete next.metadata.managedFields;
  }

  completed(definition: ResourceDefinition, object: KubeObject): KubeObject {
    return completedObject(this.versions.schemas.of(definition), object);
  }

  /**
   * Server-side apply of `config`, which is in the version of the request, as it was sent. Answers the object in its stored version. Throws 409 with
   * a cause for each conflict, 400 and 500 for what cannot be applied.
   */
  apply(live: Stored | undefined, config: KubeObject, how: FieldContext & { force: boolean }): KubeObject {
    return serverSideApply(this.versions, live, config, how);
  }
}

/** The object's own entries, unless the writer sends others; those of a subresource cannot. */
function entriesBefore(old: KubeObject | undefined, next: KubeObject, isSubresource: boolean): readonly ManagedFieldsEntry[] {
  // What is stored was written here.
  const live = () => (old?.metadata.managedFields ?? []) as readonly ManagedFieldsEntry[];
  const sent = next.metadata.managedFields;
  if (isSubresource || sent === old?.metadata.managedFields) return live();
  if (isReset(sent)) return [];
  const read = readEntries(sent);
  return read && read.length > 0 ? read : live();
}

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
