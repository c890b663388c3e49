import { Injectable } from '@nestjs/common';
import { credentialReachesCluster, impersonationOf } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import { isAway } from '../cluster-error.js';

/** The cluster's own lock on what is shown from the shared watch. */
@Injectable()
export class Sight {
  constructor(private readonly clusters: Clusters) {}

  /** Would the cluster let the caller list and watch the namespace's pods and workloads? `unknown` while it does not answer; answers are at most 5 s old. */
  async may(caller: Caller, clusterId: string, namespace: string): Promise<boolean | 'unknown'> {
    if (!credentialReachesCluster(caller, clusterId)) return false;
    const { user, groups } = impersonationOf(caller);
    try {
      const observer = this.clusters.observe(clusterId);
      const ask = (group: string, resource: string, verb: string) => observer.review(user, groups, { group, resource, verb, namespace });
      const answers = await Promise.all([ask('', 'pods', 'list'), ask('', 'pods', 'watch'), ask('apps', 'deployments', 'list')]);
      return answers.every(Boolean);
    } catch (error) {
      if (isAway(error)) return 'unknown';
      throw error;
    }
  }
}
