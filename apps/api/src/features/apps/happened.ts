import type { Moment, Rollout } from '@fairlead/shared';
import type { Happening } from '../../platform/happenings.js';

/** What is told of apps beyond them. Words and names alone: no value of a field, no line of a log. Pure. */

interface Authored {
  authorId: string | null;
  authorKind: string;
  authorName: string;
}

export const revisionCreated = (row: Authored & { appId: string; number: number; createdAt: Date; summary: string }): Happening => ({
  event: 'revision.created',
  appId: row.appId,
  at: row.createdAt,
  revision: row.number,
  by: authorOf(row),
  summary: row.summary,
});

export function rolloutEnded(
  row: { appId: string; revision: number; startedAt: Date },
  author: Authored | null,
  ended: { state: 'serving' | 'failed'; at: Date; cause: Rollout['cause']; answer: Rollout['answer'] },
): Happening {
  const { state, at, cause, answer } = ended;
  const seconds = ((at.getTime() - row.startedAt.getTime()) / 1000).toFixed(1);
  const answered = answer?.status ? `, its route answered ${answer.status} in ${answer.ms} ms` : '';
  return {
    event: state === 'serving' ? 'rollout.serving' : 'rollout.failed',
    appId: row.appId,
    at,
    revision: row.revision,
    by: author && authorOf(author),
    summary:
      state === 'serving'
        ? `revision ${row.revision} serves after ${seconds} s${answered}`
        : `revision ${row.revision} failed after ${seconds} s: ${cause?.sentence ?? 'no cause is known'}`,
    cause: cause && { code: cause.code, sentence: cause.sentence, object: cause.object },
  };
}

type Field = { object: string; field: string };
type Author = { by: string; at: string | null };

/** The same for every process that sees it: what differs, and who did it when, are the cluster's own words. */
export function driftFound(
  app: { id: string; revision: number },
  fields: readonly Field[],
  authors: ReadonlyMap<string, Author>,
  now: Date,
): Happening {
  const found = fields.map((each) => ({ ...each, author: authors.get(`${each.object} ${each.field}`) }));
  const times = found.flatMap(({ author }) => (author?.at ? [Date.parse(author.at)] : []));
  const who = [...new Set(found.flatMap(({ author }) => (author ? [author.by] : [])))].join(', ');
  return {
    event: 'drift.found',
    appId: app.id,
    at: times.length > 0 ? new Date(Math.max(...times)) : new Date(Math.floor(now.getTime() / 60_000) * 60_000),
    revision: app.revision,
    by: who ? { kind: 'cluster', id: null, name: who } : null,
    summary: `${who || 'somebody'} changed ${words(fields)}`,
    subject: `${app.revision} ${found.map(({ object, field, author }) => `${object} ${field} ${author?.by} ${author?.at}`).join('\n')}`,
  };
}

export const driftCorrected = (
  app: { id: string; revision: number },
  fields: readonly Field[],
  by: { kind: 'user' | 'robot'; id: string; name: string },
  now: Date,
): Happening => ({
  event: 'drift.corrected',
  appId: app.id,
  at: now,
  revision: app.revision,
  by: { kind: by.kind, id: by.id, name: by.name },
  summary: `put back ${words(fields)}`,
});

export const podHealed = (appId: string, { at, sentence, seconds }: Pick<Moment, 'at' | 'sentence' | 'seconds'>): Happening => ({
  event: 'pod.healed',
  appId,
  at: new Date(at),
  revision: null,
  by: null,
  summary: seconds === null ? sentence : `${sentence.replace(/\.$/, '')}, ${seconds.toFixed(1)} s after it was lost`,
});

const words = (fields: readonly Field[]): string => fields.map(({ object, field }) => `${object} ${field}`).join(', ');
const authorOf = ({ authorId, authorKind, authorName }: Authored): Happening['by'] => ({
  kind: authorKind === 'robot' ? 'robot' : 'user',
  id: authorId,
  name: authorName,
});
