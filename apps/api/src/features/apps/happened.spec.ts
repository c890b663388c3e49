import { expect, it } from 'vitest';
import { driftFound, rolloutEnded } from './happened.js';

const at = new Date('2026-11-25T10:00:08.400Z');
const row = { appId: 'a', revision: 3, startedAt: new Date('2026-11-25T10:00:00.000Z') };
const author = { authorId: 'u', authorKind: 'user', authorName: 'ana' };

it('a serving rollout says how long it took and what its route answered', () => {
  const answer = { url: 'https://web.example', status: 200, ms: 41, error: null };
  expect(rolloutEnded(row, author, { state: 'serving', at, cause: null, answer })).toMatchObject({
    event: 'rollout.serving',
    revision: 3,
    by: { kind: 'user', id: 'u', name: 'ana' },
    summary: 'revision 3 serves after 8.4 s, its route answered 200 in 41 ms',
    cause: null,
  });
});

it('a failed one names its cause, and leaves out the line of the log', () => {
  const cause = { code: 'crash' as const, sentence: 'exit 1', evidence: 'PASSWORD=canary', object: 'Pod/web-1', since: null };
  const told = rolloutEnded(row, null, { state: 'failed', at, cause, answer: null });
  expect(told).toMatchObject({ event: 'rollout.failed', by: null, cause: { code: 'crash', sentence: 'exit 1', object: 'Pod/web-1' } });
  expect(JSON.stringify(told)).not.toContain('canary');
});

it('drift is told the same by every process, with who and what, never with values', () => {
  const fields = [{ object: 'Deployment/web', field: 'spec.replicas', wanted: '2', found: 'canary' }];
  const authors = new Map([['Deployment/web spec.replicas', { by: 'kubectl-edit', at: '2026-11-25T09:59:00Z' }]]);
  const told = [at, new Date(at.getTime() + 5_000)].map((now) => driftFound({ id: 'a', revision: 3 }, fields, authors, now));
  expect(told[0]).toEqual(told[1]);
  expect(told[0]).toMatchObject({
    at: new Date('2026-11-25T09:59:00Z'),
    by: { kind: 'cluster', name: 'kubectl-edit' },
    summary: 'kubectl-edit changed Deployment/web spec.replicas',
  });
  expect(JSON.stringify(told)).not.toContain('canary');
});
