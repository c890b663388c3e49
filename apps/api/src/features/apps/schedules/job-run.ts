import type { KubeObject } from '@fairlead/kube';
import type { ScheduledRun } from '@fairlead/shared';
import { podFacts } from '../observed/pod-row.js';
import { type Condition, condition, type Pod } from '../observed/shapes.js';

/** What is read of a Job; every field may be missing. */
export interface Job extends KubeObject {
  spec?: { backoffLimit?: number; activeDeadlineSeconds?: number; suspend?: boolean };
  status?: {
    active?: number;
    ready?: number;
    succeeded?: number;
    failed?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  };
}

export const instantiate = 'cronjob.kubernetes.io/instantiate';

export interface JobEnd {
  state: 'waiting' | 'running' | 'succeeded' | 'failed';
  startedAt: string;
  endedAt: string | null;
  cause: string | null;
  exitCode: number | null;
}

/** How far a Job is, from itself and its pods. Pure. */
export function jobEnd(job: Job, pods: readonly Pod[], now: Date): JobEnd {
  const newest = newestFirst(pods);
  const ended = ['Complete', 'Failed'].map((type) => condition(job.status?.conditions, type)).find((each) => each?.status === 'True');
  const startedAt = job.metadata.creationTimestamp ?? job.status?.startTime ?? now.toISOString();
  const last = newest.map(terminated).find((each) => each !== undefined);
  const exitCode = last?.exitCode ?? null;
  if (ended?.type === 'Complete')
    return {
      state: 'succeeded',
      startedAt,
      endedAt: job.status?.completionTime ?? ended.lastTransitionTime ?? null,
      cause: null,
      exitCode,
    };
  if (ended)
    return { state: 'failed', startedAt, endedAt: ended.lastTransitionTime ?? null, cause: failure(job, ended, newest, now), exitCode };
  const facts = newest[0] && podFacts(newest[0], [], now);
  const runs = newest.some((pod) => pod.status?.phase === 'Running');
  const stopped = condition(job.status?.conditions, 'FailureTarget');
  const cause = stopped?.message ?? facts?.trouble?.sentence ?? null;
  return { state: runs ? 'running' : 'waiting', startedAt, endedAt: null, cause, exitCode };
}

/** A Job of a schedule as its page lists it. Pure. */
export function scheduledRun(job: Job, pods: readonly Pod[], now: Date): ScheduledRun {
  const { startedAt, endedAt, ...end } = jobEnd(job, pods, now);
  const at = (time: string) => new Date(time).toISOString();
  return {
    name: job.metadata.name,
    manual: job.metadata.annotations?.[instantiate] === 'manual',
    startedAt: at(startedAt),
    endedAt: endedAt && at(endedAt),
    seconds: endedAt === null ? null : Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000),
    ...end,
    pods: newestFirst(pods).map(({ metadata }) => metadata.name),
  };
}

const tries = (job: Job): string => {
  const count = job.status?.failed ?? 0;
  return count > 1 ? ` It was tried ${count} times.` : '';
};

function failure(job: Job, { reason, message }: Condition, pods: readonly Pod[], now: Date): string {
  if (reason === 'DeadlineExceeded')
    return `It took longer than ${job.spec?.activeDeadlineSeconds ?? '?'} s, which is its limit, and was ended.`;
  const trouble = pods.map((pod) => podFacts(pod, [], now).trouble).find((each) => each);
  if (trouble) return `${trouble.sentence}${tries(job)}`;
  return reason === 'BackoffLimitExceeded' ? `It failed.${tries(job)} Its pods are gone.` : (message ?? 'It failed.');
}

const terminated = ({ status }: Pod) => status?.containerStatuses?.find((each) => each.state?.terminated)?.state?.terminated;

const newestFirst = (pods: readonly Pod[]): Pod[] =>
  [...pods].sort((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''));
