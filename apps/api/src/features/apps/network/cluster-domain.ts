import { isRecord, resourcePath } from '@fairlead/kube';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { Clusters } from '../../clusters/index.js';
import { domainIn } from './dns-names.js';

const keptMs = 5 * 60_000;
const usual = 'cluster.local';
const config = resourcePath({ group: '', version: 'v1', resource: 'configmaps', namespace: 'kube-system', name: 'coredns' });

/** The domain below which a cluster's names are. No API tells it: it is read from the configuration of CoreDNS where that can be seen. */
@Injectable()
export class ClusterDomain {
  private readonly kept = new Map<string, { untilMs: number; domain: string | null }>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly clusters: Clusters,
  ) {}

  async of(clusterId: string): Promise<{ name: string; seen: boolean }> {
    const now = this.clock.monotonicMs();
    let found = this.kept.get(clusterId);
    if (!found || found.untilMs < now) {
      found = { untilMs: now + keptMs, domain: await this.ask(clusterId) };
      this.kept.set(clusterId, found);
    }
    return { name: found.domain ?? usual, seen: found.domain !== null };
  }

  private async ask(clusterId: string): Promise<string | null> {
    const found = await this.clusters
      .observe(clusterId)
      .get(config)
      .catch(() => null); // not there, not to be seen, or away: the usual one is assumed, and said to be
    const data = isRecord(found?.data) ? found.data : {};
    return typeof data.Corefile === 'string' ? domainIn(data.Corefile) : null;
  }
}
