import { createHash } from 'node:crypto';
import type { AppStatus, Rollout } from '@fairlead/shared';
import type { NewMoment } from './moment-store.js';

/** The end of a rollout as a moment. */
export function verdictMoment({ revision, state, cause, secondsToReady, answer }: Rollout, at: Date): NewMoment | null {
  const subject = `revision ${revision}`;
  if (state === 'failed')
    return {
      at,
      kind: 'failed',
      subject,
      sentence: `Revision ${revision} failed${cause ? `: ${cause.sentence}` : '.'}`,
      evidence: cause?.evidence,
    };
  if (state !== 'serving') return null;
  const after = secondsToReady === null ? '' : `, ready ${secondsToReady.toFixed(1)} s after it was asked for`;
  const answered = answer?.status ? ` Its route answered ${answer.status} in ${answer.ms} ms.` : '';
  return { at, kind: 'serving', subject, sentence: `Revision ${revision} serves${after}.${answered}`, seconds: secondsToReady };
}

/** Drift, or its correction. Its subject is what was found and when somebody set it: other processes that see the same write the same. */
export function driftMoment(drifted: AppStatus['drift'], corrected: boolean, revision: number, at: Date): NewMoment {
  const lines = drifted.map(({ object, field, wanted, found }) => `${object} ${field}: ${wanted} → ${found}`).sort();
  const setAt = drifted.map(({ by, at: when }) => `${by} ${when}`).sort();
  const subject = createHash('sha256')
    .update(JSON.stringify([revision, lines, setAt]))
    .digest('hex');
  const who = [...new Set(drifted.flatMap(({ by }) => by ?? []))].join(', ') || 'Somebody';
  const what = drifted.map(({ object, field }) => `${field} of ${object}`).join(', ');
  const sentence = corrected ? `Put back what ${who} changed in the cluster: ${what}.` : `${who} changed ${what} in the cluster.`;
  return { at, kind: corrected ? 'corrected' : 'drift', subject, sentence: sentence.slice(0, 500), evidence: lines.join('\n') };
}
