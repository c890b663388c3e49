import type { KubeObject } from '@fairlead/kube/protocol';
import type { FieldContext, FieldTracking } from '../api/core.js';
import type { Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { completedObject } from '../schema/zero.js';
import { isReset, type ManagedFieldsEntry, readEntries } from './managers.js';
import { serverSideApply } from './server-side-apply.js';
import { updatedEntries } from './updated-entries.js';
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
