import { ClusterUnreachable } from '@fairlead/kube';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { clusterError } from './cluster-error.js';
import type { ClusterRecord } from './cluster-store.js';
import { Clusters } from './clusters.js';
import { SandboxCluster } from './sandbox-cluster.js';

/** Forgets a cluster. Workloads stay; the accounts go by deleting the namespace that owns them. */
@Injectable()
export class ClusterRemoval {
  constructor(
    private readonly clusters: Clusters,
    private readonly sandbox: SandboxCluster,
  ) {}

  /**
   * Answers what was done, for the audit log. @throws AppError confirm_name; conflict while a project has a namespace there; cluster_unreachable
   * when the accounts should go too and the cluster is away
   */
  async remove({ id, name, simulated }: ClusterRecord, { confirm, cleanup }: { confirm: string; cleanup: boolean }): Promise<string> {
    if (confirm !== name) throw new AppError('confirm_name', { name });
    if (simulated) {
      await this.clusters.forget(id);
      await this.sandbox.removeRows(id);
      return 'the simulated cluster and its demonstration were removed';
    }
    const projects = await this.clusters.store.projectsOf(id);
    if (projects.length > 0) {
      const named = projects.slice(0, 5).map((project) => project.name);
      throw new AppError('conflict', {
        reason: `Projects still have namespaces there: ${named.join(', ')}${projects.length > 5 ? ' and more' : ''}. Delete those first.`,
      });
    }
    if (cleanup) await this.removeAccounts(id, name);
    await this.clusters.store.remove(id);
    await this.clusters.forget(id);
    return cleanup ? "Fairlead's accounts were removed from the cluster" : "Fairlead's accounts stay in the cluster";
  }

  private async removeAccounts(id: string, name: string): Promise<void> {
    try {
      await this.clusters.removeAccounts(id);
    } catch (error) {
      if (error instanceof ClusterUnreachable)
        throw new AppError(
          'cluster_unreachable',
          { cluster: name, reason: `${error.why}; its accounts cannot be removed now. Send cleanup: false to forget it all the same` },
          { cause: error },
        );
      throw clusterError(name, error);
    }
  }
}
