import { type InformerHandle, isRecord, type ResourceRef } from '@fairlead/kube';
import { Injectable } from '@nestjs/common';
import { Clusters } from '../../clusters/index.js';
import type { Routes } from '../plan/planner.js';
import { annotations } from '../render/identity.js';

const ingresses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' };
const ingressClasses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses' };
const defaultClass = 'ingressclass.kubernetes.io/is-default-class';
const patienceMs = 2_000;

/** What a cluster has of routes, from the shared watch: the hosts that are taken, and the ingress classes. */
@Injectable()
export class ClusterRoutes {
  constructor(private readonly clusters: Clusters) {}

  /** As seen by one app, whose own hosts are free for it. Nobody else's namespace is named; while the cluster cannot be listed nothing is known to be taken. */
  async of(clusterId: string, appId: string): Promise<Routes> {
    const { informers } = this.clusters.observe(clusterId);
    const read = async <T>(resource: ResourceRef, pick: (handle: InformerHandle) => T): Promise<T> => {
      const handle = informers.acquire(resource);
      try {
        await handle.informer.whenSynced(AbortSignal.timeout(patienceMs)).catch(() => {});
        return pick(handle);
      } finally {
        handle.release();
      }
    };
    const [taken, classes] = await Promise.all([
      read(ingresses, (handle) => takenHosts(handle, appId)),
      read(ingressClasses, ({ informer }) =>
        informer.synced
          ? informer.list().map(({ metadata }) => ({ name: metadata.name, isDefault: metadata.annotations?.[defaultClass] === 'true' }))
          : null,
      ),
    ]);
    return { usedHosts: (host) => (taken.has(host) ? 'another Ingress of the cluster' : null), classes };
  }
}

function takenHosts({ informer }: InformerHandle, appId: string): Set<string> {
  const taken = new Set<string>();
  for (const { metadata, spec } of informer.list()) {
    if (metadata.annotations?.[annotations.appId] === appId || !isRecord(spec) || !Array.isArray(spec.rules)) continue;
    for (const rule of spec.rules) if (isRecord(rule) && typeof rule.host === 'string') taken.add(rule.host);
  }
  return taken;
}
