import type { AppRow, Rollout } from '@fairlead/shared';
import { formatDuration } from '@/lib/format';
import { appStatus, rests } from '@/lib/status';

export type StepState = 'done' | 'running' | 'failed' | 'waiting';
export interface Step {
  id: 'asked' | 'accepted' | 'created' | 'ready' | 'verdict';
  state: StepState;
  words: string;
}

/** A rollout from the click to its verdict, as the cluster tells it; nothing is done before it was told. `revision`: the one that was asked. */
export function rolloutSteps(row: AppRow | undefined, revision: number): Step[] {
  const mine = row !== undefined && row.revision >= revision;
  const asked: Step = { id: 'asked', state: 'done', words: 'asked' };
  const waiting = (id: Step['id'], words: string): Step => ({ id, state: 'waiting', words });
  if (!mine)
    return [asked, { id: 'accepted', state: 'running', words: 'being applied' }, waiting('created', 'pods'), waiting('verdict', 'serving')];
  if (row.revisionState === 'failed') return [asked, { id: 'accepted', state: 'failed', words: 'refused' }];
  if (row.revisionState === 'interrupted') return [asked, { id: 'accepted', state: 'failed', words: 'cut off in the middle' }];
  const accepted: Step =
    row.revisionState === 'applied'
      ? { id: 'accepted', state: 'done', words: 'accepted by the cluster' }
      : { id: 'accepted', state: 'running', words: 'being applied' };
  const { status } = row;
  if (!status || status.asked || accepted.state === 'running')
    return [asked, accepted, waiting('created', 'pods'), waiting('verdict', 'serving')];
  const { replicas, cause, state } = status;
  const steps = [asked, accepted];
  if (replicas && replicas.wanted > 0) {
    const troubled = cause !== null && state !== 'rolling-out';
    const doing: StepState = troubled ? 'failed' : 'running';
    const made = replicas.updated >= replicas.wanted;
    // Which of the ready pods are new is not told: as many as cannot be old.
    const fresh = Math.max(0, replicas.ready - Math.max(0, replicas.total - replicas.updated));
    const ready = fresh >= replicas.wanted && made;
    steps.push({ id: 'created', state: made ? 'done' : doing, words: `${replicas.updated} of ${replicas.wanted} created` });
    steps.push({ id: 'ready', state: ready ? 'done' : made ? doing : 'waiting', words: `${fresh} of ${replicas.wanted} ready` });
  }
  steps.push(verdict(row));
  return steps;
}

/** "Serving: 200 in 41 ms, 12.3 s from the click to ready" */
export function servingWords({ answer, secondsToReady }: Rollout, word: string): string {
  const answered = answer
    ? answer.status === null
      ? ` (the route: ${answer.error ?? 'no answer'})`
      : `: ${answer.status} in ${answer.ms} ms`
    : '';
  return `${word}${answered}${secondsToReady === null ? '' : `, ${formatDuration(secondsToReady * 1000)} from the click to ready`}`;
}

export const failedWords = ({ cause, wentBack }: Rollout): string =>
  `${cause?.sentence ?? 'It failed.'}${wentBack ? ` Went back by itself, as revision ${wentBack}.` : ''}`;

function verdict({ status, rollout }: AppRow): Step {
  if (rollout?.state === 'failed') return { id: 'verdict', state: 'failed', words: failedWords(rollout) };
  if (rollout?.state === 'serving' && status && rests(status.state))
    return { id: 'verdict', state: 'done', words: servingWords(rollout, appStatus(status).word) };
  const word = appStatus(status).word;
  const took = status?.rollout?.endedAt ? Date.parse(status.rollout.endedAt) - Date.parse(status.rollout.startedAt) : null;
  const state = status?.state ?? 'unknown';
  switch (state) {
    case 'serving':
    case 'asleep':
    case 'scheduled':
    case 'suspended':
      return { id: 'verdict', state: 'done', words: took !== null && took >= 0 ? `${word}, ${formatDuration(took)} in all` : word };
    case 'failing':
    case 'degraded':
      return { id: 'verdict', state: 'failed', words: status?.cause?.sentence ?? word };
    case 'paused':
      return { id: 'verdict', state: 'waiting', words: word };
    case 'rolling-out':
    case 'unknown':
      return { id: 'verdict', state: 'waiting', words: 'serving' };
    default:
      return state satisfies never;
  }
}
