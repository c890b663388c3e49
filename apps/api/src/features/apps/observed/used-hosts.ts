import { isRecord } from '@fairlead/kube';
import { Injectable } from '@nestjs/common';
import { Clusters } from '../../clusters/index.js';
import { annotations } from '../render/identity.js';

const ingresses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' };
const patienceMs = 2_000;

/** Which hosts the Ingresses of a cluster have, from the shared watch. */
@Injectable()
export class UsedHosts {
  constructor(private readonly clusters: Clusters) {}

  /** From a host to who has it, other than the app itself. Nobody else's namespace is named; while the cluster cannot be listed nothing is known to be taken. */
  async on(clusterId: string, appId: string): Promise<(host: string) => string | null> {
    const handle = this.clusters.observe(clusterId).informers.acquire(ingresses);
    try {
      await handle.informer.whenSynced(AbortSignal.timeout(patienceMs)).catch(() => {});
      const taken = new Set<string>();
      for (const { metadata, spec } of handle.informer.list()) {
        if (metadata.annotations?.[annotations.appId] === appId || !isRecord(spec) || !Array.isArray(spec.rules)) continue;
        for (const rule of spec.rules) if (isRecord(rule) && typeof rule.host === 'string') taken.add(rule.host);
      }
      return (host) => (taken.has(host) ? 'another Ingress of the cluster' : null);
    } finally {
      handle.release();
    }
  }
}
