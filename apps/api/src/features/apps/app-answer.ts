import type { App, AppStatus, Revision } from '@fairlead/shared';
import { type AppWithRevisions, manifestsOf, type RevisionRecord, specOf } from './app-store.js';
import { leftOf } from './conflicts/left.js';
import { holdOf } from './hold/hold.js';
import { theWorkload } from './render/manifest-app.js';

/** An app as the REST API has it. */
export function appOf(
  { app, current, newest, creatorKind, asleep, lastServed }: AppWithRevisions,
  status: AppStatus | null,
  now: Date,
): App {
  const objects = manifestsOf(current);
  const workload = theWorkload(objects);
  return {
    id: app.id,
    name: app.name,
    project: app.project,
    cluster: app.cluster,
    namespace: app.namespace,
    spec: specOf(current),
    revision: revisionOf(newest.number > current.number && newest.cause === 'delete' && newest.state !== 'failed' ? newest : current),
    status,
    objects: objects.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, name: metadata.name })),
    policies: policiesOf(app),
    asleep: asleep && { ...asleep, since: asleep.since.toISOString() },
    left: leftOf(current),
    hold: holdOf(app, now),
    workload: workload && { kind: workload.kind, name: workload.metadata.name },
    lastServed,
    createdAt: app.createdAt.toISOString(),
    createdBy: { id: app.createdById, kind: creatorKind, name: app.createdByName },
  };
}

export const policiesOf = ({ wayBack, driftPolicy }: { wayBack: string; driftPolicy: string }): App['policies'] => ({
  drift: driftPolicy as App['policies']['drift'],
  wayBack: wayBack as App['policies']['wayBack'],
});

export function revisionOf(row: RevisionRecord): Revision {
  return {
    number: row.number,
    cause: row.cause as Revision['cause'],
    summary: row.summary,
    author: { id: row.authorId, kind: row.authorKind as Revision['author']['kind'], name: row.authorName },
    createdAt: row.createdAt.toISOString(),
    state: row.state,
    appliedAt: row.appliedAt?.toISOString() ?? null,
    error: row.error,
    rolledBackFrom: row.rolledBackFrom,
  };
}
