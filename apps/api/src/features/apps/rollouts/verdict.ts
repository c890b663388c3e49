import { type AppStatus, type Cause, restingStates } from '@fairlead/shared';
import type { Pod, Workload } from '../observed/shapes.js';

/** A rollout as it is known to the judge. */
export interface Judged {
  revision: number;
  /** Since when each cause has been seen without a break: `code object` → milliseconds since 1970. */
  seenSince: ReadonlyMap<string, number>;
}

export interface Wanted {
  /** The revision that stands, and the newest one, which may have failed to apply. */
  current: number;
  newest: { number: number; state: 'pending' | 'applying' | 'applied' | 'failed' | 'interrupted'; error: string | null };
}

export type Verdict =
  | { state: 'running'; cause: Cause | null }
  | { state: 'ready' }
  | { state: 'failed'; cause: Cause }
  | { state: 'superseded' };

/**
 * How long a cause must last to be the end of a rollout. What only time can mend has `Infinity`: a slow starter is never called failed; the
 * cluster's own progress deadline (`stuck`) ends it.
 */
const lastingMs: Readonly<Record<Cause['code'], number>> = {
  'image-not-found': 3_000,
  'registry-refused': 3_000,
  'bad-command': 2_000,
  'config-missing': 5_000,
  'out-of-memory': 3_000,
  quota: 3_000,
  refused: 3_000,
  stuck: 0,
  crash: 8_000,
  liveness: 8_000,
  unschedulable: 8_000,
  'no-endpoints': 5_000,
  'volume-pending': 30_000,
  'not-ready': Number.POSITIVE_INFINITY,
  'wrong-port': Number.POSITIVE_INFINITY,
  other: Number.POSITIVE_INFINITY,
};

export const causeKey = (cause: Cause): string => `${cause.code} ${cause.object ?? ''}`;

/** Pure: what is to be said of a rollout now. `status` is null while the cluster has not been heard. */
export function verdict(rollout: Judged, wanted: Wanted, status: AppStatus | null, now: number): Verdict {
  if (wanted.newest.number === rollout.revision && (wanted.newest.state === 'failed' || wanted.newest.state === 'interrupted'))
    return { state: 'failed', cause: notApplied(wanted.newest.error) };
  if (wanted.current !== rollout.revision && wanted.newest.number !== rollout.revision) return { state: 'superseded' };
  if (!status || status.asked || wanted.current !== rollout.revision) return { state: 'running', cause: null };
  if (restingStates.has(status.state)) return { state: 'ready' };
  const { cause } = status;
  if (!cause) return { state: 'running', cause: null };
  const since = rollout.seenSince.get(causeKey(cause)) ?? now;
  return now - since >= lastingMs[cause.code] ? { state: 'failed', cause } : { state: 'running', cause };
}

/** A container that nobody probes is ready as soon as it runs, and one whose liveness is probed may be killed after that: both must last. */
const steadyForMs = 10_000;

/** How long pods must stay ready before that is believed. Pure. */
export function steadyMs(workloads: readonly Workload[]): number {
  const containers = workloads.flatMap(({ spec }) => spec?.template?.spec?.containers ?? spec?.containers ?? []);
  return containers.every(({ readinessProbe, livenessProbe }) => readinessProbe && !livenessProbe) ? 0 : steadyForMs;
}

/** A container ended after the pods had become ready: they were not, really. */
export const hasRestarted = (pods: readonly Pod[], readyAt: Date): boolean =>
  pods.some(({ status }) =>
    status?.containerStatuses?.some(({ lastState }) => Date.parse(lastState?.terminated?.finishedAt ?? '') >= readyAt.getTime() - 1_000),
  );

const notApplied = (error: string | null): Cause => ({
  code: 'refused',
  sentence: 'The cluster did not take it.',
  evidence: error,
  object: null,
  since: null,
});
