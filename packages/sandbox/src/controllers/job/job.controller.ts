import type { Change } from '../../api/api.js';
import { timestamp } from '../../machinery/clock.js';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Job, JobStatus } from '../model/batch.js';
import type { Condition, Pod } from '../model/pod.js';
import { claim, ownAndOrphans } from '../parts/claim.js';
import { findCondition, withoutCondition } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { controllerOf, isBeingDeleted, isControlledBy } from '../parts/owner.js';
import { createPod, deletePod, slowStart } from '../parts/pod-control.js';
import { isActive, isReady } from '../parts/pod-state.js';
import { itsController } from '../parts/watch-keys.js';
import { decideJob, isFinishedJob, type JobDecision } from './job-decision.js';
import { hasFailed, indexOf, isTracked, jobPod, kind, trackingFinalizer } from './job-pods.js';

/** Keys of pods that may have no job. */
const strayPrefix = 'pod:';

/** Runs pods until enough of them have succeeded, or too many failed. */
export function jobs(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'job-controller' });

  function reconcile(key: string): Again | undefined {
    if (key.startsWith(strayPrefix)) {
      freeStray(key.slice(strayPrefix.length));
      return undefined;
    }
    const { namespace, name } = splitKey(key);
    const job = api.get('jobs.batch', namespace, name);
    if (!job) return undefined;
    if (isFinishedJob(job)) {
      for (const pod of podsOf(job)) untrack(pod);
      return undefined;
    }
    const started = start(job);
    const decision = decideJob(started, podsOf(started), api.now());
    let failure: unknown;
    if (!isBeingDeleted(job)) failure = attempt(() => act(started, decision));
    writeStatus(started, decision);
    for (const pod of decision.counted) untrack(pod);
    if (failure !== undefined) throw failure;
    return decision.againAfterMs === undefined ? undefined : { againAfterMs: decision.againAfterMs };
  }

  function start(job: Job): Job {
    if (job.status?.startTime || job.spec.suspend) return job;
    const startTime = timestamp(api.now());
    return { ...job, status: { ...job.status, startTime } };
  }

  function act(job: Job, { remove, create }: JobDecision): void {
    for (const pod of remove) deletePod(api, job, pod);
    slowStart(create.length, (at) => void createPod(api, job, jobPod(job, create[at], failuresOf(job, create[at]))));
  }

  const failuresOf = (job: Job, index: number | undefined): number =>
    podsOf(job).filter((pod) => indexOf(pod) === index && hasFailed(pod, job)).length;

  function writeStatus(job: Job, decision: JobDecision): void {
    const status = statusOf(job, podsOf(job), decision, api.now());
    if (!equal(api.get('jobs.batch', job.metadata.namespace ?? '', job.metadata.name)?.status, status)) {
      api.changeStatus('jobs.batch', job, (draft) => {
        draft.status = status;
      });
    }
    const [before, after] = [
      findCondition(job.status?.conditions, 'Suspended')?.status,
      findCondition(status.conditions, 'Suspended')?.status,
    ];
    if (after === 'True' && before !== 'True') api.event(job, 'Normal', 'Suspended', 'Job suspended');
    if (after === 'False' && before === 'True') api.event(job, 'Normal', 'Resumed', 'Job resumed');
    if (decision.ending?.state !== 'reached') return;
    if (decision.ending.type === 'Complete') api.event(job, 'Normal', 'Completed', 'Job completed');
    else api.event(job, 'Warning', decision.ending.reason, decision.ending.message);
  }

  function podsOf(job: Job): Pod[] {
    const candidates = ownAndOrphans(api, 'pods', job);
    return claim(api, { resource: 'pods', kind, owner: job, selector: job.spec.selector }, candidates).filter((pod) =>
      isControlledBy(pod, job),
    );
  }

  /** A pod whose job is gone, or has let it go: nobody counts it any more. */
  function freeStray(key: string): void {
    const { namespace, name } = splitKey(key);
    const pod = api.get('pods', namespace, name);
    const owner = pod && controllerOf(pod);
    const job = owner?.kind === 'Job' ? api.get('jobs.batch', namespace, owner.name) : undefined;
    if (pod && (!job || job.metadata.uid !== owner?.uid)) untrack(pod);
  }

  /** Its job; for a tracked pod also itself, in case there is none. */
  function ofPod(change: Change): readonly string[] {
    const { object, type } = change;
    const jobs = itsController('Job')(change);
    const pod = object as unknown as Pod;
    const owner = controllerOf(pod);
    const known = owner?.kind === 'Job' && api.get('jobs.batch', object.metadata.namespace ?? '', owner.name)?.metadata.uid === owner.uid;
    return type === 'DELETED' || known || !isTracked(pod) ? jobs : [...jobs, strayPrefix + keyOf(object)];
  }

  /** A job that goes leaves its pods to themselves. */
  function ofJob({ type, object }: Change): readonly string[] {
    if (type !== 'DELETED') return [keyOf(object)];
    return api.controlled('pods', 'Pod', object).map((pod) => strayPrefix + keyOf(pod));
  }

  function untrack(pod: Pod): void {
    if (!pod.metadata.finalizers?.includes(trackingFinalizer)) return;
    api.change('pods', pod, (draft) => {
      const kept = (draft.metadata.finalizers ?? []).filter((each) => each !== trackingFinalizer);
      if (kept.length > 0) draft.metadata.finalizers = kept;
      else delete draft.metadata.finalizers;
    });
  }

  return {
    name: 'job',
    watches: { 'jobs.batch': ofJob, pods: ofPod },
    initialKeys: () => [
      ...api.list('jobs.batch').map(keyOf),
      ...api
        .list('pods')
        .filter(isTracked)
        .map((pod) => strayPrefix + keyOf(pod)),
    ],
    reconcile,
  };
}

function statusOf(job: Job, pods: readonly Pod[], decision: JobDecision, now: number): JobStatus {
  const { succeeded, failed, completedIndexes, failedIndexes, ending } = decision;
  const active = pods.filter(isActive);
  const { completionTime: _, active: __, succeeded: ___, failed: ____, ...kept } = job.status ?? {};
  const conditions = conditionsOf(job, ending, now);
  const reached = ending?.state === 'reached' ? ending : undefined;
  const paused = job.spec.suspend === true && !ending;
  if (paused) delete kept.startTime;
  const terminating = reached
    ? 0
    : pods.filter((pod) => isBeingDeleted(pod) && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded').length;
  return {
    ...kept,
    ...(active.length > 0 && !reached ? { active: active.length } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    ready: reached ? 0 : active.filter(isReady).length,
    terminating,
    uncountedTerminatedPods: {},
    ...(completedIndexes ? { completedIndexes } : {}),
    ...(failedIndexes === undefined ? {} : { failedIndexes }),
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(reached?.type === 'Complete' ? { completionTime: timestamp(now) } : {}),
  };
}

function conditionsOf(job: Job, ending: JobDecision['ending'], now: number): Condition[] {
  const current = job.status?.conditions ?? [];
  const make = (type: string, status: Condition['status'], reason: string, message: string): Condition => {
    const [lastProbeTime, lastTransitionTime] = [timestamp(now), timestamp(now)];
    return { type, status, lastProbeTime, lastTransitionTime, reason, message };
  };
  if (ending) {
    const { type, reason, message } = ending;
    const target = type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet';
    const aimed = findCondition(current, target) ? current : [...current, make(target, 'True', reason, message)];
    return ending.state === 'reached' ? [...aimed, make(type, 'True', reason, message)] : aimed;
  }
  const suspended = findCondition(current, 'Suspended');
  if (job.spec.suspend && suspended?.status !== 'True') {
    return [...withoutCondition(current, 'Suspended'), make('Suspended', 'True', 'JobSuspended', 'Job suspended')];
  }
  if (!job.spec.suspend && suspended?.status === 'True') {
    return [...withoutCondition(current, 'Suspended'), make('Suspended', 'False', 'JobResumed', 'Job resumed')];
  }
  return [...current];
}

function attempt(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
