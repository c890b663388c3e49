import type { Job, JobStatus } from '../model/batch.js';
import type { Pod } from '../model/pod.js';
import { findCondition } from '../parts/conditions.js';
import { isBeingDeleted } from '../parts/owner.js';
import { isActive, isReady } from '../parts/pod-state.js';
import { formatIndexes, missingIndexes, parseIndexes } from './indexes.js';
import { finishedAt, hasFailed, hasSucceeded, indexOf, isIndexed, isTracked, judgeFailure, onlyReplacesFailed } from './job-pods.js';

const firstBackoffMs = 10_000;
const lastBackoffMs = 10 * 60_000;
const perLook = 500;

/** How a job ends, and what it says of it. */
export interface Ending {
  type: 'Failed' | 'Complete';
  reason: string;
  message: string;
}

export interface JobDecision {
  /** Finished pods that are counted now and may go. */
  counted: readonly Pod[];
  succeeded: number;
  failed: number;
  completedIndexes?: string;
  /** Only where each index has a limit of its own. */
  failedIndexes?: string;
  remove: readonly Pod[];
  /** An index for each; undefined where the job has none. */
  create: readonly (number | undefined)[];
  /** `wanted`: its pods are still ending. */
  ending?: Ending & { state: 'wanted' | 'reached' };
  againAfterMs?: number;
}

export const isFinishedJob = ({ status }: Job): boolean => endedBy(status) !== undefined;
export const endedBy = (status: JobStatus | undefined): 'Complete' | 'Failed' | undefined =>
  (['Complete', 'Failed'] as const).find((type) => findCondition(status?.conditions, type)?.status === 'True');

/** Counts what has ended, and says which pods come and go. */
export function decideJob(job: Job, pods: readonly Pod[], now: number): JobDecision {
  const uncounted = pods.filter((pod) => isTracked(pod) && (hasSucceeded(pod) || hasFailed(pod, job)));
  const failures = uncounted.filter((pod) => hasFailed(pod, job) && judgeFailure(pod, job)?.action !== 'Ignore');
  const indexes = isIndexed(job) ? doneIndexes(job, pods) : undefined;
  const givenUp = failedIndexes(job, pods);
  const counts = {
    counted: uncounted,
    succeeded: indexes ? indexes.size : (job.status?.succeeded ?? 0) + uncounted.filter(hasSucceeded).length,
    failed: (job.status?.failed ?? 0) + failures.length,
    ...(indexes ? { completedIndexes: formatIndexes(indexes) } : {}),
    ...(givenUp ? { failedIndexes: formatIndexes(givenUp) } : {}),
  };
  const active = pods.filter(isActive);
  const failure = failureOf(job, pods, counts.failed, now) ?? tooManyIndexes(job, givenUp);
  if (failure) {
    // Those that end on their own account count, too: nothing is said before the last of them is over.
    const ending = pods.some((pod) => isBeingDeleted(pod) && !hasSucceeded(pod) && pod.status?.phase !== 'Failed');
    return { ...counts, remove: active, create: [], ending: { ...failure, state: active.length > 0 || ending ? 'wanted' : 'reached' } };
  }
  const deadline = deadlineIn(job, now);
  const later = deadline === undefined ? {} : { againAfterMs: deadline };
  if (job.spec.suspend) return { ...counts, remove: active, create: [] };

  const over = counts.succeeded + (givenUp?.size ?? 0);
  const wanted = wantedActive(job, over, active.length);
  const isDone =
    job.spec.completions === undefined ? counts.succeeded > 0 && active.length === 0 : over >= job.spec.completions && active.length === 0;
  if (isDone) {
    const terminating = pods.some((pod) => isBeingDeleted(pod) && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed');
    return {
      ...counts,
      remove: [],
      create: [],
      ending: { ...(givenUp?.size ? indexesFailed : completed), state: terminating ? 'wanted' : 'reached' },
    };
  }
  const surplus = surplusPods(job, active, wanted, indexes);
  if (surplus.length > 0) return { ...counts, remove: surplus, create: [], ...later };

  const terminating = onlyReplacesFailed(job)
    ? pods.filter((pod) => isBeingDeleted(pod) && !hasSucceeded(pod) && pod.status?.phase !== 'Failed').length
    : 0;
  const missing = Math.min(wanted - terminating - active.length, perLook);
  if (missing <= 0) return { ...counts, remove: [], create: [], ...later };
  if (givenUp) {
    const next = nextIndexes(job, pods, new Set([...(indexes ?? []), ...givenUp]), missing, now);
    const soonest = Math.min(next.againAfterMs ?? Number.POSITIVE_INFINITY, deadline ?? Number.POSITIVE_INFINITY);
    return { ...counts, remove: [], create: next.create, ...(Number.isFinite(soonest) ? { againAfterMs: soonest } : {}) };
  }
  const wait = backoffIn(job, pods, now);
  if (wait > 0) return { ...counts, remove: [], create: [], againAfterMs: Math.min(wait, deadline ?? wait) };
  return { ...counts, remove: [], create: newIndexes(job, active, missing, indexes), ...later };
}

const completed: Ending = { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
const indexesFailed: Ending = { type: 'Failed', reason: 'FailedIndexes', message: 'Job has failed indexes' };

const backoffLimit = ({ spec }: Job): number => spec.backoffLimit ?? (spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1);

/** Indexes that have failed more often than each may, or for good by the failure policy. */
function failedIndexes(job: Job, pods: readonly Pod[]): Set<number> | undefined {
  const { backoffLimitPerIndex: limit } = job.spec;
  if (limit === undefined || !isIndexed(job)) return undefined;
  const given = parseIndexes(job.status?.failedIndexes);
  for (const pod of pods) {
    const verdict = judgeFailure(pod, job)?.action;
    if (verdict === 'FailIndex' || failuresOf(indexOf(pod), job, pods) > limit) given.add(indexOf(pod));
  }
  return given;
}

const failuresOf = (index: number, job: Job, pods: readonly Pod[]): number =>
  pods.filter((pod) => indexOf(pod) === index && hasFailed(pod, job) && judgeFailure(pod, job)?.action !== 'Ignore').length;

function tooManyIndexes({ spec }: Job, failed: ReadonlySet<number> | undefined): Ending | undefined {
  if (!failed || spec.maxFailedIndexes === undefined || failed.size <= spec.maxFailedIndexes) return undefined;
  const message = 'Job has exceeded the specified maximal number of failed indexes';
  return { type: 'Failed', reason: 'MaxFailedIndexesExceeded', message };
}

/** Each index waits for itself alone. */
function nextIndexes(
  job: Job,
  pods: readonly Pod[],
  over: ReadonlySet<number>,
  count: number,
  now: number,
): Pick<JobDecision, 'create' | 'againAfterMs'> {
  const running = new Set(pods.filter(isActive).map(indexOf));
  const open = missingIndexes(job.spec.completions ?? 0, new Set([...over, ...running]), Number.POSITIVE_INFINITY);
  const waits = open.map((index) => ({
    index,
    ms: backoffIn(
      job,
      pods.filter((pod) => indexOf(pod) === index),
      now,
    ),
  }));
  const create = waits.filter(({ ms }) => ms <= 0).map(({ index }) => index);
  const later = waits.filter(({ ms }) => ms > 0).map(({ ms }) => ms);
  return { create: create.slice(0, count), ...(later.length > 0 ? { againAfterMs: Math.min(...later) } : {}) };
}

function doneIndexes({ spec, status }: Job, pods: readonly Pod[]): Set<number> {
  const done = parseIndexes(status?.completedIndexes);
  for (const pod of pods)
    if (hasSucceeded(pod) && isTracked(pod) && indexOf(pod) >= 0 && indexOf(pod) < (spec.completions ?? 0)) done.add(indexOf(pod));
  return done;
}

function failureOf(job: Job, pods: readonly Pod[], failed: number, now: number): Ending | undefined {
  const target = findCondition(job.status?.conditions, 'FailureTarget');
  if (target?.status === 'True') return { type: 'Failed', reason: target.reason ?? '', message: target.message ?? '' };
  if (findCondition(job.status?.conditions, 'SuccessCriteriaMet')?.status === 'True') return undefined;
  for (const pod of pods) {
    const verdict = isTracked(pod) ? judgeFailure(pod, job) : undefined;
    if (verdict?.action === 'FailJob') return { type: 'Failed', reason: 'PodFailurePolicy', message: verdict.message };
  }
  if (failed > backoffLimit(job) || restartsExceed(job, pods)) {
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  if (deadlineIn(job, now) === 0) {
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  }
  return undefined;
}

/** With restartPolicy OnFailure the restarts of containers count. */
function restartsExceed(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return false;
  const alive = pods.filter((pod) => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending');
  const restarts = alive.flatMap((pod) => [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]);
  const total = restarts.reduce((sum, each) => sum + (each.restartCount ?? 0), 0);
  const limit = backoffLimit(job);
  return limit === 0 ? total > 0 : total >= limit;
}

/** Milliseconds until the job has been active too long: 0 when it has. */
function deadlineIn({ spec, status }: Job, now: number): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend || !status?.startTime) return undefined;
  return Math.max(Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now, 0);
}

function wantedActive({ spec }: Job, succeeded: number, active: number): number {
  const { parallelism = 1, completions } = spec;
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(Math.min(completions - succeeded, parallelism), 0);
}

/** Those whose index is done or taken by another go first, then those that are not ready. */
function surplusPods(job: Job, active: readonly Pod[], wanted: number, done: ReadonlySet<number> | undefined): Pod[] {
  const seen = new Set(done ?? []);
  const useless = active.filter((pod) => {
    if (!done) return false;
    const index = indexOf(pod);
    const superfluous = index < 0 || index >= (job.spec.completions ?? 0) || seen.has(index);
    seen.add(index);
    return superfluous;
  });
  const others = active.filter((pod) => !useless.includes(pod)).sort((a, b) => Number(isReady(a)) - Number(isReady(b)));
  return [...useless, ...others.slice(0, Math.max(active.length - useless.length - wanted, 0))];
}

/** 10 s after the first failure in a row, then 20 s, … at most ten minutes. */
function backoffIn(job: Job, pods: readonly Pod[], now: number): number {
  const ends = pods
    .filter((pod) => hasSucceeded(pod) || (hasFailed(pod, job) && judgeFailure(pod, job)?.action !== 'Ignore'))
    .map((pod) => ({ at: finishedAt(pod, now), failed: !hasSucceeded(pod) }))
    .sort((a, b) => a.at - b.at);
  const lastSuccess = ends.map(({ failed }) => failed).lastIndexOf(false);
  const failures = ends.slice(lastSuccess + 1);
  const last = failures.at(-1);
  return last ? last.at + Math.min(firstBackoffMs * 2 ** (failures.length - 1), lastBackoffMs) - now : 0;
}

function newIndexes({ spec }: Job, active: readonly Pod[], count: number, done: ReadonlySet<number> | undefined): (number | undefined)[] {
  if (!done) return Array.from({ length: count }, () => undefined);
  return missingIndexes(spec.completions ?? 0, new Set([...done, ...active.map(indexOf)]), count);
}
