import type { DrillReport } from '@fairlead/shared';

/** How far a drill is. Milliseconds count from its start. */
export interface Course {
  phase: DrillReport['phase'];
  actedMs: number | null;
  healedMs: number | null;
  settledMs: number | null;
}

/** What is so at this moment. */
export interface Sight {
  ms: number;
  /** When the act was done; null until it is. */
  actedMs: number | null;
  /** As many pods as before are ready, and none of them is one that the act takes away. */
  replaced: boolean;
  /** What the act takes away is gone, to its last connection. */
  gone: boolean;
  /** The newest answer was a good one, or nothing is asked. */
  answers: boolean;
}

export const beforeMs = 3_000;
export const afterMs = 10_000;
export const patienceMs = 5 * 60_000;

export const begun: Course = { phase: 'before', actedMs: null, healedMs: null, settledMs: null };

/** before → acting → healing → after → over. Whatever fails again in `after` starts healing anew; one that does not heal is over after five minutes. */
export function step(course: Course, { ms, actedMs, replaced, gone, answers }: Sight): Course {
  if (course.phase === 'before') return ms < beforeMs ? course : { ...course, phase: 'acting' };
  if (course.phase === 'over') return course;
  if (course.phase === 'acting') return actedMs === null ? course : { ...course, phase: 'healing', actedMs };
  if (ms - (course.actedMs ?? 0) > patienceMs) return { ...course, phase: 'over', healedMs: replaced ? course.healedMs : null };
  if (!replaced) return { ...course, phase: 'healing', healedMs: null, settledMs: null };
  const healedMs = course.healedMs ?? ms;
  if (!gone || !answers) return { ...course, phase: 'healing', healedMs, settledMs: null };
  const settledMs = course.settledMs ?? ms;
  return { ...course, phase: ms - settledMs >= afterMs ? 'over' : 'after', healedMs, settledMs };
}
