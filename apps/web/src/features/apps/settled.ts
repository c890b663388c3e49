import type { AppRow } from '@fairlead/shared';

/** Has the cluster answered for this revision, or was it refused? Until then what was asked stands beside what is true. */
export function settled(row: AppRow | undefined, revision: number): boolean {
  if (!row || row.revision < revision) return false;
  if (row.revisionState === 'failed' || row.revisionState === 'interrupted') return true;
  return row.revisionState === 'applied' && row.status !== null && !row.status.asked;
}
