import { timestamp } from '../../machinery/clock.js';
import { draft, equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import { endedBy } from '../job/job-decision.js';
import type { CronJob, Job, ObjectReference } from '../model/batch.js';
import { ControllerApi, isReason, isTerminatingNamespace } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { byAge, controllerReference, isBeingDeleted } from '../parts/owner.js';
import { itsController, itself } from '../parts/watch-keys.js';
import { parseSchedule, type Schedule } from './schedule.js';
import { jobName, startTimes } from './start-times.js';
import { zonedTimestamp } from './zone.js';

const kind = { apiVersion: 'batch/v1', kind: 'CronJob' };
const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
type Status = NonNullable<CronJob['status']>;

/** Starts jobs by the clock. */
export function cronJobs(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'cronjob-controller' });

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const cron = api.get('cronjobs.batch', namespace, name);
    if (!cron) return undefined;
    const jobs = api.controlled('jobs.batch', 'Job', cron).sort(byAge);
    const status = looked(cron, jobs);
    forgetOld(cron, jobs);
    try {
      return isBeingDeleted(cron) || cron.spec.suspend ? undefined : run(cron, status, jobs);
    } finally {
      write(cron, status);
    }
  }

  /** What has become of the jobs that were running. */
  function looked(cron: CronJob, jobs: readonly Job[]): Status {
    const status: Status = draft(cron.status ?? {});
    const drop = (uid: string | undefined): void => {
      status.active = (status.active ?? []).filter((each) => each.uid !== uid);
    };
    for (const job of jobs) {
      const ended = endedBy(job.status);
      const found = status.active?.some((each) => each.uid === job.metadata.uid) ?? false;
      if (!found && !ended) {
        const message = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
        api.event(cron, 'Warning', 'UnexpectedJob', message);
      }
      if (found && ended) {
        drop(job.metadata.uid);
        api.event(cron, 'Normal', 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${ended}`);
      }
      const { completionTime } = job.status ?? {};
      if (ended === 'Complete' && completionTime && completionTime > (status.lastSuccessfulTime ?? ''))
        status.lastSuccessfulTime = completionTime;
    }
    for (const each of [...(status.active ?? [])]) {
      if (jobs.some((job) => job.metadata.uid === each.uid)) continue;
      drop(each.uid);
      api.event(cron, 'Normal', 'MissingJob', `Active job went missing: ${each.name}`);
    }
    return status;
  }

  /** Starts what is due; changes `status`, which is written afterwards. */
  function run(cron: CronJob, status: Status, jobs: readonly Job[]): Again | undefined {
    const schedule = readSchedule(cron);
    if (!schedule) return undefined;
    const now = api.now();
    const { due, manyMissed, next } = startTimes({ ...cron, status }, schedule, now);
    const again = next === undefined ? undefined : { againAfterMs: next - now };
    if (manyMissed) {
      const hint = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      api.event(cron, 'Warning', 'TooManyMissedTimes', hint);
    }
    if (due === undefined || timestamp(due) === status.lastScheduleTime) return again;
    const { startingDeadlineSeconds, concurrencyPolicy } = cron.spec;
    if (startingDeadlineSeconds !== undefined && due + startingDeadlineSeconds * 1000 < now) {
      const at = `${new Date(due).toUTCString().replace('GMT', '+0000')}`;
      api.event(cron, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${at}`);
      return again;
    }
    if (status.active?.some((each) => each.name === jobName(cron, due))) return again;
    if (concurrencyPolicy === 'Forbid' && (status.active ?? []).length > 0) {
      const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      api.event(cron, 'Normal', 'JobAlreadyActive', why);
      return again;
    }
    if (concurrencyPolicy === 'Replace') for (const each of [...(status.active ?? [])]) replace(cron, status, jobs, each);
    start(cron, status, due);
    return again;
  }

  function readSchedule(cron: CronJob): Schedule | undefined {
    try {
      return parseSchedule(cron.spec.schedule, cron.spec.timeZone);
    } catch (error) {
      if (error instanceof RangeError) {
        const zone = JSON.stringify(cron.spec.timeZone);
        api.event(cron, 'Warning', 'UnknownTimeZone', `invalid timeZone: ${zone}: unknown time zone ${cron.spec.timeZone}`);
      } else if (error instanceof Error) {
        api.event(cron, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${JSON.stringify(cron.spec.schedule)} : ${error.message}`);
      }
      return undefined;
    }
  }

  function start(cron: CronJob, status: Status, due: number): void {
    let job: Job;
    try {
      job = api.create('jobs.batch', jobOf(cron, due));
      api.event(cron, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`);
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return;
      if (error instanceof Error && !isTerminatingNamespace(error)) {
        api.event(cron, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
      }
      throw error;
    }
    const { name, namespace = '', uid = '', resourceVersion = '' } = job.metadata;
    const reference: ObjectReference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
    status.active = [...(status.active ?? []), reference];
    status.lastScheduleTime = timestamp(due);
  }

  function replace(cron: CronJob, status: Status, jobs: readonly Job[], active: ObjectReference): void {
    const job = jobs.find((each) => each.metadata.uid === active.uid);
    if (job) remove(cron, job);
    status.active = (status.active ?? []).filter((each) => each.uid !== active.uid);
  }

  function remove(cron: CronJob, job: Job): void {
    api.delete('jobs.batch', job, { propagationPolicy: 'Background' });
    api.event(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
  }

  function forgetOld(cron: CronJob, jobs: readonly Job[]): void {
    const { successfulJobsHistoryLimit: good = 3, failedJobsHistoryLimit: bad = 1 } = cron.spec;
    const limits: [how: 'Complete' | 'Failed', limit: number][] = [
      ['Complete', good],
      ['Failed', bad],
    ];
    for (const [how, limit] of limits) {
      const ended = jobs.filter((job) => endedBy(job.status) === how && !isBeingDeleted(job));
      for (const job of ended.slice(0, Math.max(ended.length - limit, 0))) remove(cron, job);
    }
  }

  function write(cron: CronJob, status: Status): void {
    if ((status.active ?? []).length === 0) delete status.active;
    if (equal(cron.status ?? {}, status)) return;
    api.changeStatus('cronjobs.batch', cron, (object) => {
      object.status = status;
    });
  }

  return {
    name: 'cronjob',
    watches: { 'cronjobs.batch': itself, 'jobs.batch': itsController('CronJob') },
    initialKeys: () => api.list('cronjobs.batch').map(keyOf),
    reconcile,
  };
}

function jobOf(cron: CronJob, due: number): Job {
  const { metadata = {}, spec } = cron.spec.jobTemplate;
  return {
    metadata: {
      name: jobName(cron, due),
      namespace: cron.metadata.namespace ?? '',
      ...(metadata.labels ? { labels: { ...metadata.labels } } : {}),
      annotations: { ...metadata.annotations, [scheduledAnnotation]: zonedTimestamp(due, cron.spec.timeZone) },
      ownerReferences: [controllerReference(kind, cron)],
    },
    spec: draft(spec),
  };
}
