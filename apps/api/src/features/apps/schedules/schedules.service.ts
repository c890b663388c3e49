import { type KubeClient, type KubeObject, resourcePath } from '@fairlead/kube';
import type { AppSpec, ScheduledRun, ScheduleView } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import { type AppRecord, AppStore, manifestsOf } from '../app-store.js';
import { AppsService, type Outcome } from '../apps.service.js';
import { isNotFound } from '../cluster-error.js';
import type { Pod } from '../observed/shapes.js';
import { belongsTo } from '../render/identity.js';
import { suffix } from '../suffix.js';
import { type Job, scheduledRun } from './job-run.js';
import { manualJob } from './manual-job.js';
import { scheduleView } from './schedule-view.js';

const batch = (resource: string, namespace: string, name?: string) =>
  resourcePath({ group: 'batch', version: 'v1', resource, namespace, ...(name && { name }) });

/** The schedule of an app. Everything is asked of the cluster as the caller. */
@Injectable()
export class Schedules {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: AppStore,
    private readonly apps: AppsService,
    private readonly clusters: Clusters,
  ) {}

  /** @throws AppError not_found for an app without a schedule, or whose CronJob is not in the cluster */
  async view(caller: Caller, app: AppRecord): Promise<ScheduleView> {
    return this.clusters.asking(caller, app.cluster, async (client) => {
      const cronJob = await this.cronJob(client, app);
      const { items: jobs } = await client.list<Job>(batch('jobs', app.namespace));
      const own = jobs.filter(({ metadata }) =>
        metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === cronJob.metadata.uid),
      );
      const pods = await podsOf(client, app.namespace, own);
      const now = this.clock.now();
      const runs = own.map((job) => scheduledRun(job, pods.get(job.metadata.uid ?? '') ?? [], now));
      return scheduleView(cronJob, runs, now);
    });
  }

  async runNow(caller: Caller, app: AppRecord): Promise<ScheduledRun> {
    return this.clusters.asking(caller, app.cluster, async (client) => {
      const job = manualJob(await this.cronJob(client, app), suffix());
      const made = await client.create<Job>(batch('jobs', app.namespace), job, { fieldManager: 'fairlead-run' });
      return scheduledRun(made, [], this.clock.now());
    });
  }

  /** A revision as any change; one that is so already stays. */
  async suspend(caller: Caller, app: AppRecord, suspended: boolean, auditId: string): Promise<Outcome> {
    const cause = suspended ? 'suspend' : 'resume';
    const summary = suspended ? 'suspended' : 'resumed';
    return this.apps.act(caller, app, { cause, next: (spec) => withSuspended(spec, suspended, app.name), summary }, auditId);
  }

  private async cronJob(client: KubeClient, app: AppRecord): Promise<KubeObject> {
    const none = () => new AppError('not_found', { what: 'schedule of', name: app.name });
    const wanted = manifestsOf(await this.store.current(app)).filter(
      ({ kind, apiVersion }) => kind === 'CronJob' && apiVersion === 'batch/v1',
    );
    const [one] = wanted;
    if (!one || wanted.length > 1) throw none();
    try {
      const live = await client.get(batch('cronjobs', app.namespace, one.metadata.name));
      if (!belongsTo(live, app.id)) throw none();
      return live;
    } catch (error) {
      throw isNotFound(error) ? none() : error;
    }
  }
}

/** The pods of Jobs, by the Job's uid. */
async function podsOf(client: KubeClient, namespace: string, jobs: readonly Job[]): Promise<Map<string, Pod[]>> {
  const byJob = new Map<string, Pod[]>();
  if (jobs.length === 0) return byJob;
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace });
  const { items } = await client.list<Pod>(path, { labelSelector: 'job-name' });
  for (const pod of items) {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid ?? '';
    byJob.set(owner, [...(byJob.get(owner) ?? []), pod]);
  }
  return byJob;
}

function withSuspended(spec: AppSpec, suspended: boolean, name: string): AppSpec {
  if (spec.kind === 'manifests') return { ...spec, suspended };
  if (!spec.schedule) throw new AppError('not_found', { what: 'schedule of', name });
  return { ...spec, schedule: { ...spec.schedule, suspended } };
}
