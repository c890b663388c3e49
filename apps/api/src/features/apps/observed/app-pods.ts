import type { AppPod } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import type { Caller } from '../../auth/index.js';
import type { AppRecord } from '../app-store.js';
import { AppWatch } from './app-watch.js';
import { podRow } from './pod-row.js';
import { Sight } from './sight.js';

/** The pods of an app for a request: the same rows that the live topic tells. */
@Injectable()
export class AppPods {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly watch: AppWatch,
    private readonly sight: Sight,
  ) {}

  /** @throws AppError cluster_unreachable while the cluster has not been heard, forbidden where it does not let the caller see */
  async of(caller: Caller, app: AppRecord): Promise<AppPod[]> {
    await this.watch.glance([app.clusterId]);
    const sees = await this.sight.may(caller, app.clusterId, app.namespace);
    if (sees === false) throw new AppError('forbidden', { reason: `${app.cluster.name} does not let you see ${app.namespace} yet.` });
    const view = this.watch.view(app.clusterId);
    if (!view || sees === 'unknown')
      throw new AppError('cluster_unreachable', { cluster: app.cluster.name, reason: 'it has not answered yet' });
    const { pods, eventsOf } = view.objectsOf(app.id);
    const now = this.clock.now();
    return pods.map((pod) => podRow(pod, app.clusterId, eventsOf(pod.metadata.uid ?? ''), now)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
