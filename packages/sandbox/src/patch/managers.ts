import { isRecord } from '@fairlead/kube/protocol';
import { type FieldsV1, isEmptySet, sorted, union } from './fields-v1.js';

/** metav1.ManagedFieldsEntry: who owns what, since when. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

const maxUpdaters = 10;
const bucket = 'ancient-changes';

/** Whose entry it is: an applier's in any version, an updater's in one. */
export const identity = ({
  manager,
  operation,
  apiVersion,
  subresource = '',
}: Omit<ManagedFieldsEntry, 'fieldsType' | 'fieldsV1'>): string =>
  JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);

/** The entries of an object; undefined where they are not what they should be. */
export function readEntries(managedFields: unknown): readonly ManagedFieldsEntry[] | undefined {
  if (managedFields === undefined || managedFields === null) return [];
  return Array.isArray(managedFields) && managedFields.every(isEntry) ? managedFields : undefined;
}

function isEntry(entry: unknown): entry is ManagedFieldsEntry {
  if (!isRecord(entry)) return false;
  const { operation, apiVersion, fieldsType, fieldsV1 } = entry;
  if ((operation !== 'Apply' && operation !== 'Update') || !apiVersion || fieldsType !== 'FieldsV1') return false;
  return fieldsV1 === undefined || isSet(fieldsV1);
}

function isSet(set: unknown): set is FieldsV1 {
  return isRecord(set) && Object.entries(set).every(([element, inner]) => (element === '.' || /^[fkvi]:/.test(element)) && isSet(inner));
}

/** `[]` and `[{}]`: the client wants nobody to own anything any more. */
export function isReset(managedFields: unknown): boolean {
  if (!Array.isArray(managedFields)) return false;
  return (
    managedFields.length === 0 || (managedFields.length === 1 && isRecord(managedFields[0]) && Object.keys(managedFields[0]).length === 0)
  );
}

/** As they are written down: without empty ones, appliers first, then by time and name. Undefined where nothing is left. */
export function writtenEntries(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] | undefined {
  const left = entries.filter(({ fieldsV1 }) => !isEmptySet(fieldsV1)).sort(inOrder);
  return left.length > 0 ? left : undefined;
}

/** An entry with its keys, and those of its set, in their order. */
export const madeEntry = ({
  manager,
  operation,
  apiVersion,
  time,
  fieldsV1,
  subresource,
}: Omit<ManagedFieldsEntry, 'fieldsType'>): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion,
  ...(time ? { time } : {}),
  fieldsType: 'FieldsV1',
  fieldsV1: sorted(fieldsV1),
  ...(subresource ? { subresource } : {}),
});

/** At most ten updaters are told apart: the oldest of one version become one, `ancient-changes`. */
export function capped(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const updaters = entries.filter(({ operation }) => operation === 'Update').sort(byTime);
  let tooMany = updaters.length - maxUpdaters;
  if (tooMany <= 0) return entries;
  const kept = new Set(entries);
  const oldest = new Map<string, ManagedFieldsEntry>();
  for (const entry of updaters) {
    if (tooMany <= 0) break;
    const first = oldest.get(entry.apiVersion);
    if (!first) {
      oldest.set(entry.apiVersion, entry);
      continue;
    }
    const { apiVersion, time } = entry;
    const both = madeEntry({
      manager: bucket,
      operation: 'Update',
      apiVersion,
      ...(time ? { time } : {}),
      fieldsV1: union(first.fieldsV1, entry.fieldsV1),
    });
    kept.delete(first);
    kept.delete(entry);
    kept.add(both);
    oldest.set(apiVersion, both);
    tooMany -= 1;
  }
  return [...kept];
}

const seconds = ({ time }: ManagedFieldsEntry): number => (time ? Math.floor(Date.parse(time) / 1000) : 0);
const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

const byTime = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): number =>
  compare(seconds(a), seconds(b)) || compare(identity(a), identity(b));

const inOrder = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): number =>
  compare(a.operation, b.operation) ||
  compare(seconds(a), seconds(b)) ||
  compare(a.manager, b.manager) ||
  compare(a.apiVersion, b.apiVersion) ||
  compare(a.subresource ?? '', b.subresource ?? '');
