import type { AppPod } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import type { Caller } from '../../auth/index.js';
import type { AppRecord } from '../app-store.js';
import { podRow } from './pod-row.js';
import { ShownView } from './shown-view.js';

/** The pods of an app for a request: the same rows that the live topic tells. */
@Injectable()
export class AppPods {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly shown: ShownView,
  ) {}

  /** @throws AppError cluster_unreachable while the cluster has not been heard, forbidden where it does not let the caller see */
  async of(caller: Caller, app: AppRecord): Promise<AppPod[]> {
    const { pods, eventsOf } = (await this.shown.view(caller, app)).objectsOf(app.id);
    const now = this.clock.now();
    return pods.map((pod) => podRow(pod, app.clusterId, eventsOf(pod.metadata.uid ?? ''), now)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
