import type { Deployment, ReplicaSet } from '../model/workloads.js';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const historyAnnotation = 'deployment.kubernetes.io/revision-history';
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
]);
const longestHistory = 2000;

export const revisionOf = (object: { metadata: { annotations?: Record<string, string> } }): number =>
  Number.parseInt(object.metadata.annotations?.[revisionAnnotation] ?? '', 10) || 0;

/** One more than the highest among the old sets. */
export const nextRevision = (olds: readonly ReplicaSet[]): number => Math.max(0, ...olds.map(revisionOf)) + 1;

/**
 * The annotations of the newest set: those of its Deployment, and its revision. A set that comes back (a rollback) gets a new revision; the ones
 * that it had are kept as its history.
 */
export function newSetAnnotations(
  deployment: Deployment,
  current: Readonly<Record<string, string>> | undefined,
  revision: number,
): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  const annotations: Record<string, string> = { ...current, ...Object.fromEntries(copied) };
  const before = annotations[revisionAnnotation];
  if ((Number.parseInt(before ?? '', 10) || 0) >= revision) return annotations;
  annotations[revisionAnnotation] = String(revision);
  if (before !== undefined) annotations[historyAnnotation] = withHistory(annotations[historyAnnotation] ?? '', before);
  return annotations;
}

function withHistory(history: string, revision: string): string {
  if (history === '') return revision;
  const kept = [...history.split(','), revision];
  while (kept.length > 1 && kept.join(',').length > longestHistory) kept.shift();
  return kept.join(',');
}

/** How many were wanted, and the most there might be, when a set was last scaled: a later change of the number is told from a rollout by them. */
export const sizeAnnotations = (wanted: number, maxSurge: number): Record<string, string> => ({
  [desiredAnnotation]: String(wanted),
  [maxAnnotation]: String(wanted + maxSurge),
});
