import { type KubeObject, type Status, status } from '@fairlead/kube/protocol';
import type { FieldContext } from '../api/core.js';
import { ApiError, badRequest } from '../machinery/api-error.js';
import { timestamp } from '../machinery/clock.js';
import { equal, groupVersion, type Stored } from '../machinery/object.js';
import { completedObject, zeroOf } from '../schema/zero.js';
import { applyConflict, type Conflict } from './apply-conflict.js';
import { changed, comparedRaw } from './compare.js';
import { difference, type FieldsV1, intersection, isEmptySet, union } from './fields-v1.js';
import { lastAppliedAllows, withLastApplied } from './last-applied.js';
import { identity, type ManagedFieldsEntry, madeEntry, readEntries, writtenEntries } from './managers.js';
import { mergedTyped } from './merge-typed.js';
import { prunedTyped } from './prune-typed.js';
import { withoutNobodys, withoutResetFields } from './reset-fields.js';
import { fieldSetOf } from './to-field-set.js';
import { typedProblems } from './typed-problems.js';
import { updatedEntries } from './updated-entries.js';
import type { Versions, View } from './versions.js';

type How = FieldContext & { force: boolean };

/** structured-merge-diff's Updater.Apply with what apimachinery's field managers put around it. */
export function serverSideApply(versions: Versions, live: Stored | undefined, config: KubeObject, how: How): KubeObject {
  const { definition: stored, apiVersion, manager, subresource } = how;
  const definition = versions.definition(stored, apiVersion) ?? stored;
  checkKind(definition, config);
  if (config.metadata.managedFields !== undefined && config.metadata.managedFields !== null)
    throw badRequest('metadata.managedFields must be nil');
  const type = versions.schemas.of(definition);
  const problems = typedProblems(type, config);
  if (problems.length > 0) throw notTyped(definition, config, problems);

  const before = liveView(versions, live, how) ?? { object: emptyObject(type, config), type, definition };
  const known = entriesOf(versions, live, how);
  const mine = identity({ manager, operation: 'Apply', apiVersion, ...(subresource ? { subresource } : {}) });
  const last = known.find((entry) => identity(entry) === mine);
  const set = withoutResetFields(stored, subresource, fieldSetOf(type, config));
  const others = known.filter((entry) => entry !== last);

  const merged = mergedTyped(type, before.object, config) as KubeObject;
  const pruned = last
    ? prunedTyped(versions, { ...before, object: merged }, last, [...others, { ...last, apiVersion, fieldsV1: set }])
    : merged;
  const left = yielded(versions, { ...before, object: pruned }, before, live, others, how);

  const isSameObject = live !== undefined && equal(pruned, before.object);
  const time = isSameObject ? last?.time : timestamp(how.now);
  const own = withoutNobodys(set);
  const made = madeEntry({
    manager,
    operation: 'Apply',
    apiVersion,
    ...(time ? { time } : {}),
    fieldsV1: own,
    ...(subresource ? { subresource } : {}),
  });
  const managedFields = writtenEntries([...left, made]);
  const { managedFields: _, ...metadata } = pruned.metadata;
  const result = completedObject(type, { ...pruned, metadata: { ...metadata, ...(managedFields ? { managedFields } : {}) } } as KubeObject);
  return versions.stored(before, manager === 'kubectl' ? withLastApplied(result, config) : result);
}

/** What is live, as Go would print it. */
function liveView(versions: Versions, live: Stored | undefined, { definition, apiVersion }: FieldContext): View | undefined {
  const view = live && versions.view(definition, live, apiVersion);
  return view && { ...view, object: completedObject(view.type, view.object) };
}

/** What the others keep. Throws the conflicts unless they are forced. */
function yielded(
  versions: Versions,
  after: View,
  before: View,
  live: Stored | undefined,
  others: readonly ManagedFieldsEntry[],
  how: How,
): ManagedFieldsEntry[] {
  const { definition: stored, subresource } = how;
  const conflicts: Conflict[] = [];
  const left: ManagedFieldsEntry[] = [];
  const storedAfter = others.some(({ apiVersion }) => apiVersion !== how.apiVersion) ? versions.stored(after, after.object) : undefined;
  for (const entry of others) {
    const same = entry.apiVersion === how.apiVersion;
    const old = same ? before : liveView(versions, live, { ...how, apiVersion: entry.apiVersion });
    const next = same ? after : storedAfter && versions.view(stored, storedAfter, entry.apiVersion);
    if (!old || !next) continue;
    const comparison = comparedRaw(next.type, old.object, next.object);
    const filter = (set: FieldsV1): FieldsV1 => withoutResetFields(stored, subresource, set);
    const fields = intersection(entry.fieldsV1, filter(changed(comparison)));
    if (!isEmptySet(fields)) conflicts.push({ entry, fields });
    const fieldsV1 = difference(entry.fieldsV1, union(fields, filter(comparison.removed)));
    left.push(fieldsV1 === entry.fieldsV1 ? entry : { ...entry, fieldsV1 });
  }
  if (how.force || conflicts.length === 0) return left;
  const allowed = how.manager === 'kubectl' ? lastAppliedAllows(before) : undefined;
  const serious = conflicts
    .map(({ entry, fields }) => ({ entry, fields: allowed ? outside(fields, allowed) : fields }))
    .filter(({ fields }) => !isEmptySet(fields));
  if (serious.length > 0) throw applyConflict(serious);
  return left;
}

const outside = (fields: FieldsV1, allowed: FieldsV1): FieldsV1 => difference(fields, allowed);

/** An object that nobody's fields are known of: all that is there belongs to `before-first-apply`. */
function entriesOf(versions: Versions, live: Stored | undefined, how: How): readonly ManagedFieldsEntry[] {
  const known = readEntries(live?.metadata.managedFields) ?? [];
  if (known.length > 0 || !live) return known;
  const all = updatedEntries(versions, undefined, live, [], { ...how, manager: 'before-first-apply' });
  return all ?? [];
}

/** A new object before anything is applied: its name, and what Go's structs always have. */
const emptyObject = (type: View['type'], config: KubeObject): KubeObject => {
  const zero = zeroOf(type);
  return { ...zero, apiVersion: config.apiVersion, kind: config.kind, metadata: {} } as unknown as KubeObject;
};

function checkKind({ group, version, kind }: View['definition'], config: KubeObject): void {
  if (config.apiVersion === groupVersion(group, version) && config.kind === kind) return;
  const given = config.apiVersion ?? '';
  const shown = given.includes('/') ? given : `/${given}`;
  throw badRequest(`invalid object type: ${shown}, Kind=${config.kind ?? ''}`);
}

function notTyped({ group, version, kind }: View['definition'], { metadata }: KubeObject, problems: readonly string[]): ApiError {
  const words = problems.length === 1 ? problems[0] : ['errors:', ...problems.map((each) => `  ${each}`)].join('\n');
  const where = `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${group}/${version}, Kind=${kind}`;
  // The real one has no reason for this either.
  const { reason: _, ...rest } = status(500, '', `failed to create typed patch object (${where}): ${words}`);
  return new ApiError(rest as Status);
}
