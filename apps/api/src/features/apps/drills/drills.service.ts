import type { Drill, DrillKind } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { idCursor, pageOf, readCursor } from '../../../platform/http/paging.js';
import type { Caller } from '../../auth/index.js';
import type { AppRecord } from '../app-store.js';
import { AppWatch } from '../observed/app-watch.js';
import { KnownApps } from '../observed/known-apps.js';
import type { Pod } from '../observed/shapes.js';
import { Pods } from '../pods.service.js';
import { type Act, DrillRunner } from './drill-runner.js';
import { DrillStore } from './drill-store.js';
import { isReady, servingPods } from './ready-pods.js';

/** Drills for a request. The act is the caller's own, by impersonation. */
@Injectable()
export class Drills {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: DrillStore,
    private readonly runner: DrillRunner,
    private readonly known: KnownApps,
    private readonly watch: AppWatch,
    private readonly pods: Pods,
  ) {}

  /** @throws AppError conflict where it is no time for a drill, cluster_unreachable */
  async start(caller: Caller, app: AppRecord, kind: DrillKind): Promise<Drill> {
    if (kind === 'drain-node')
      throw new AppError('conflict', {
        reason:
          'Draining a node takes the right to cordon it, which no role of a project holds: run kubectl drain as an administrator of the cluster.',
      });
    const known = await this.known.find(app.id);
    if (!known) throw new AppError('not_found', { what: 'app', name: app.name });
    await this.watch.glance([app.clusterId]);
    const status = this.watch.status(known);
    const view = this.watch.view(app.clusterId);
    if (!view || !status || this.watch.state(app.clusterId).state !== 'live')
      throw new AppError('cluster_unreachable', { cluster: app.cluster.name, reason: 'it is not heard at the moment' });
    const ready = servingPods(view.objectsOf(app.id).pods).filter(isReady);
    if (status.state !== 'serving' || status.asked || ready.length === 0)
      throw new AppError('conflict', {
        reason: `A drill shows what a serving app bears, and ${app.name} is ${status.cause ? `not well: ${status.cause.sentence}` : `${status.state} at the moment.`}`,
      });
    const drill = await this.store.begin(app, known.project.id, kind, caller, this.clock.now());
    this.runner.start(drill, known, this.actOf(caller, app, kind, ready), ready);
    return drill;
  }

  async list(app: AppRecord, limit: number, cursor: string | undefined): Promise<{ items: Drill[]; next: string | null }> {
    const rows = await this.store.list(app.id, limit + 1, readCursor(cursor, idCursor));
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (row) => row,
    );
  }

  /** @throws AppError not_found */
  async get(app: AppRecord, id: string): Promise<Drill> {
    const found = await this.store.get(app.id, id);
    if (!found) throw new AppError('not_found', { what: `drill of ${app.name}`, name: id });
    return found;
  }

  private actOf(caller: Caller, app: AppRecord, kind: 'kill-pod' | 'rollout', ready: readonly Pod[]): Act {
    const uidOf = ({ metadata }: Pod) => metadata.uid ?? '';
    if (kind === 'rollout')
      return {
        lost: new Set(ready.map(uidOf)),
        done: 'Its pods were replaced by a rolling update.',
        run: () => this.pods.restart(caller, app),
      };
    const victim = [...ready].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))[0];
    if (!victim) throw new AppError('conflict', { reason: `${app.name} has no pod that could be killed.` });
    return {
      lost: new Set([uidOf(victim)]),
      done: `Pod ${victim.metadata.name} was deleted.`,
      run: () => this.pods.delete(caller, app, victim.metadata.name),
    };
  }
}
