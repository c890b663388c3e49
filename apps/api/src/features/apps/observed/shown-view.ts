import { Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import type { Caller } from '../../auth/index.js';
import type { AppRecord } from '../app-store.js';
import { AppWatch } from './app-watch.js';
import type { ClusterView } from './cluster-view.js';
import { Sight } from './sight.js';

/** The shared watch of an app's cluster, for a request of somebody who may see the app there. */
@Injectable()
export class ShownView {
  constructor(
    private readonly watch: AppWatch,
    private readonly sight: Sight,
  ) {}

  /** @throws AppError cluster_unreachable while the cluster has not been heard, forbidden where it does not let the caller see */
  async view(caller: Caller, app: Pick<AppRecord, 'cluster' | 'clusterId' | 'namespace'>): Promise<ClusterView> {
    await this.watch.glance([app.clusterId]);
    const sees = await this.sight.may(caller, app.clusterId, app.namespace);
    if (sees === false) throw new AppError('forbidden', { reason: `${app.cluster.name} does not let you see ${app.namespace} yet.` });
    const view = this.watch.view(app.clusterId);
    if (!view || sees === 'unknown')
      throw new AppError('cluster_unreachable', { cluster: app.cluster.name, reason: 'it has not answered yet' });
    return view;
  }
}
