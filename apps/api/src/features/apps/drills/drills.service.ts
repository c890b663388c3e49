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
import { emptiedNode } from './emptied-node.js';
import { evictAll, evictionWords } from './eviction.js';
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
  async start(caller: Caller, app: AppRecord, { kind, node }: { kind: DrillKind; node?: string | undefined }): Promise<Drill> {
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
    const act = this.actOf(caller, app, kind, node, ready);
    const drill = await this.store.begin(app, known.project.id, kind, caller, this.clock.now());
    this.runner.start(drill, known, act, ready);
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

  private actOf(caller: Caller, app: AppRecord, kind: DrillKind, node: string | undefined, ready: readonly Pod[]): Act {
    const uidOf = ({ metadata }: Pod) => metadata.uid ?? '';
    if (kind === 'drain-node') return this.emptying(caller, app, node, ready);
    if (kind === 'rollout')
      return async () => {
        await this.pods.restart(caller, app);
        return { lost: new Set(ready.map(uidOf)), done: 'Its pods were replaced by a rolling update.' };
      };
    const victim = [...ready].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))[0];
    if (!victim) throw new AppError('conflict', { reason: `${app.name} has no pod that could be killed.` });
    return async () => {
      await this.pods.delete(caller, app, victim.metadata.name);
      return { lost: new Set([uidOf(victim)]), done: `Pod ${victim.metadata.name} was deleted.` };
    };
  }

  /** By eviction, which asks the disruption budget. The node takes new pods all the while: cordoning is no project's right. */
  private emptying(caller: Caller, app: AppRecord, asked: string | undefined, ready: readonly Pod[]): Act {
    const found = emptiedNode(ready, asked);
    if ('refused' in found) throw new AppError('conflict', { reason: `There is no node to empty of ${app.name}: ${found.refused}.` });
    const { node, pods } = found;
    return async () => {
      const names = pods.map(({ metadata }) => metadata.name);
      const { eviction, evicted } = await evictAll({ node, pods: names }, (pod) => this.pods.evict(caller, app, pod), this.clock);
      const lost = new Set(pods.filter(({ metadata }) => evicted.includes(metadata.name)).map(({ metadata }) => metadata.uid ?? ''));
      return { lost, done: evictionWords(eviction), eviction };
    };
  }
}
