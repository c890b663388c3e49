import type { AppRow, AppStatus, Cause } from '@fairlead/shared';
import { counted } from '@/lib/format';

/** "3 of 5 ready"; what nobody has told yet is said so. */
export function readySentence(replicas: AppStatus['replicas'] | undefined): string {
  if (!replicas) return 'The cluster has not been heard yet.';
  if (replicas.wanted === 0) return replicas.total === 0 ? 'No pods wanted, none there.' : `No pods wanted, ${replicas.total} still there.`;
  return `${replicas.ready} of ${replicas.wanted} ready.`;
}

/** What to say first of an app: its cause, what became of its last revision, or how many pods are ready. */
export function verdictSentence(row: AppRow): string {
  if (row.status?.cause) return row.status.cause.sentence;
  if (row.revisionState === 'failed') return `Revision ${row.revision} was refused by the cluster.`;
  if (row.revisionState === 'interrupted') return `Revision ${row.revision} was cut off in the middle.`;
  return readySentence(row.status?.replicas);
}

/** A container of it ended against its will, so the one before has a log that says why. */
export const hasCrashed = (cause: Cause | null | undefined): boolean => cause?.code === 'crash' || cause?.code === 'out-of-memory';

export const noApps = (project: string) => `No apps in ${project} yet`;
export const noneMatch = (count: number) => `None of ${counted(count, 'app')} match`;
export const undoneFailed = 'Not undone';
