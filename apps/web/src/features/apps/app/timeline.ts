import type { AuditEntry, Revision } from '@fairlead/shared';

export type TimelineItem =
  | { kind: 'revision'; at: string; key: string; revision: Revision }
  | { kind: 'act'; at: string; key: string; entry: AuditEntry };

/** Acts that made a revision stand there as that revision. */
const makesRevision = new Set([
  'apps.create',
  'apps.change',
  'apps.scale',
  'apps.rollback',
  'apps.sleep',
  'apps.wake',
  'apps.schedule.suspend',
  'apps.schedule.resume',
]);

/** Revisions and the audit's other acts on one app and its pods, newest first. */
export function timeline(
  revisions: readonly Revision[],
  entries: readonly AuditEntry[],
  app: { id: string; name: string; namespace: string },
): TimelineItem[] {
  const acts = entries.filter((entry) => concerns(entry, app) && !(makesRevision.has(entry.action) && entry.outcome === 'allowed'));
  return [
    ...revisions.map((revision) => ({ kind: 'revision' as const, at: revision.createdAt, key: `r${revision.number}`, revision })),
    ...acts.map((entry) => ({ kind: 'act' as const, at: entry.at, key: entry.id, entry })),
  ].sort((a, b) => b.at.localeCompare(a.at));
}

function concerns({ action, resource, name, namespace }: AuditEntry, app: { id: string; name: string; namespace: string }): boolean {
  if (!name || action.startsWith('live.') || action.endsWith('.plan')) return false;
  if (name === app.name || name === app.id) return !resource || resource === 'apps' || namespace === app.namespace;
  return namespace === app.namespace && name.startsWith(`${app.name}-`);
}
