import type { Cluster, ClusterDetail } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { clustersOf, platformAllows, projectRole } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { ACCOUNTS_VERSION } from './accounts/names.js';
import type { ClusterRecord } from './cluster-store.js';
import { Clusters } from './clusters.js';

/** Clusters as a caller may see them: all for those who manage clusters, else those of the own projects. */
@Injectable()
export class ClusterView {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly clusters: Clusters,
  ) {}

  async visible(caller: Caller): Promise<ClusterRecord[]> {
    const all = await this.clusters.list();
    if (manages(caller)) return all;
    const mine = clustersOf(caller, this.clock.now());
    return all.filter(({ id }) => mine.has(id));
  }

  /** @throws AppError not_found, also for a cluster that the caller may not see */
  async find(caller: Caller, ref: string): Promise<ClusterRecord> {
    const record = await this.clusters.resolve(ref);
    const seen = record && (manages(caller) || clustersOf(caller, this.clock.now()).has(record.id));
    if (!record || !seen) throw new AppError('not_found', { what: 'cluster', name: ref });
    return record;
  }

  show(caller: Caller, record: ClusterRecord): Cluster {
    const { accountsVersion, since, lastContactAt, ...status } = this.clusters.status(record.id);
    const all = manages(caller);
    return {
      id: record.id,
      name: record.name,
      ...status,
      since: since.toISOString(),
      lastContactAt: lastContactAt?.toISOString() ?? null,
      server: all ? record.server : null,
      accountsVersion: all ? accountsVersion : null,
      simulated: record.simulated,
      createdAt: record.createdAt.toISOString(),
    };
  }

  async detail(caller: Caller, record: ClusterRecord): Promise<ClusterDetail> {
    const now = this.clock.now();
    const projects = await this.clusters.store.projectsOf(record.id);
    const shown = this.show(caller, record);
    return {
      ...shown,
      nodeList: this.clusters.nodes(record.id),
      projects: projects.filter(({ id }) => platformAllows(caller, 'projects.list-all') || projectRole(caller, id, now) !== null),
      accounts:
        shown.accountsVersion === null
          ? null
          : { version: shown.accountsVersion, wanted: ACCOUNTS_VERSION, checks: [...this.clusters.accountChecks(record.id)] },
    };
  }
}

const manages = (caller: Caller): boolean => platformAllows(caller, 'clusters.manage');
