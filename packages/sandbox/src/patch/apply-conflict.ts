import { type Status, type StatusCause, status } from '@fairlead/kube/protocol';
import { ApiError } from '../machinery/api-error.js';
import { type FieldsV1, paths } from './fields-v1.js';
import type { ManagedFieldsEntry } from './managers.js';
import { shownPath } from './path-element.js';

/** Fields that somebody else owns, and would have another value. */
export interface Conflict {
  entry: ManagedFieldsEntry;
  fields: FieldsV1;
}

/** The 409 of an apply: `Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas`. */
export function applyConflict(conflicts: readonly Conflict[]): ApiError {
  const found = [...conflicts]
    .map(({ entry, fields }) => ({ with: shownManager(entry), fields: paths(fields).map(shownPath) }))
    .sort((a, b) => (a.with < b.with ? -1 : 1));
  const causes: StatusCause[] = found.flatMap((each) =>
    each.fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${each.with}`, field })),
  );
  return new ApiError(status(409, 'Conflict', messageOf(found), { causes }) satisfies Status);
}

function messageOf(found: readonly { with: string; fields: readonly string[] }[]): string {
  const count = found.reduce((sum, { fields }) => sum + fields.length, 0);
  const [first] = found;
  if (count === 1 && first) return `Apply failed with 1 conflict: conflict with ${first.with}: ${first.fields[0]}`;
  const lines = found.flatMap((each) => [`conflicts with ${each.with}:`, ...each.fields.map((field) => `- ${field}`)]);
  return `Apply failed with ${count} conflicts: ${lines.join('\n')}`;
}

function shownManager({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const name = JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '');
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
