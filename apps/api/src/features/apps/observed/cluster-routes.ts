import { type InformerHandle, isRecord, type ResourceRef } from '@fairlead/kube';
import { Injectable } from '@nestjs/common';
import { Clusters } from '../../clusters/index.js';
import type { RouteFacts } from '../addresses/proposed-host.js';
import type { Routes } from '../plan/route-faults.js';
import { annotations } from '../render/identity.js';
import type { Ingress, Service } from './shapes.js';

const ingresses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' };
const services = { group: '', version: 'v1', resource: 'services' };
const ingressClasses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses' };
const defaultClass = 'ingressclass.kubernetes.io/is-default-class';
const patienceMs = 2_000;

/** What a cluster has of routes, from the shared watch: the hosts that are taken, and the ingress classes. */
@Injectable()
export class ClusterRoutes {
  constructor(private readonly clusters: Clusters) {}

  /** As seen by one app, whose own hosts are free for it. Nobody else's namespace is named; while the cluster cannot be listed nothing is known to be taken. */
  async of(clusterId: string, appId: string): Promise<Routes> {
    const [taken, classes] = await Promise.all([
      this.read(clusterId, ingresses, (handle) => takenHosts(handle, appId)),
      this.read(clusterId, ingressClasses, classesOf),
    ]);
    return { usedHosts: (host) => (taken.has(host) ? 'another Ingress of the cluster' : null), classes };
  }

  /** What a name for a new route is chosen from; `own`: the project's namespaces. */
  async facts(clusterId: string, own: ReadonlySet<string>): Promise<RouteFacts> {
    const [routes, balancers, classes, cluster] = await Promise.all([
      this.read(clusterId, ingresses, ({ informer }) => informer.list() as Ingress[]),
      this.read(clusterId, services, ({ informer }) => (informer.list() as Service[]).filter(isWebBalancer)),
      this.read(clusterId, ingressClasses, classesOf),
      this.clusters.resolve(clusterId),
    ]);
    const hosts = (all: readonly Ingress[]) => all.flatMap(({ spec }) => spec?.rules?.flatMap(({ host }) => host ?? []) ?? []);
    return {
      ownHosts: hosts(routes.filter(({ metadata }) => own.has(metadata.namespace ?? ''))),
      taken: new Set(hosts(routes)),
      addresses: [...routes, ...balancers].flatMap(({ status }) => status?.loadBalancer?.ingress?.flatMap(({ ip }) => ip ?? []) ?? []),
      onThisMachine: isLoopback(cluster?.server),
      classes,
    };
  }

  private async read<T>(clusterId: string, resource: ResourceRef, pick: (handle: InformerHandle) => T): Promise<T> {
    const handle = this.clusters.observe(clusterId).informers.acquire(resource);
    try {
      await handle.informer.whenSynced(AbortSignal.timeout(patienceMs)).catch(() => {});
      return pick(handle);
    } finally {
      handle.release();
    }
  }
}

const classesOf = ({ informer }: InformerHandle): RouteFacts['classes'] =>
  informer.synced
    ? informer.list().map(({ metadata }) => ({ name: metadata.name, isDefault: metadata.annotations?.[defaultClass] === 'true' }))
    : null;

const isWebBalancer = ({ spec }: Service): boolean =>
  spec?.type === 'LoadBalancer' && (spec.ports?.some(({ port }) => port === 80) ?? false);

const isLoopback = (server: string | undefined): boolean =>
  server !== undefined && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(server).hostname);

function takenHosts({ informer }: InformerHandle, appId: string): Set<string> {
  const taken = new Set<string>();
  for (const { metadata, spec } of informer.list()) {
    if (metadata.annotations?.[annotations.appId] === appId || !isRecord(spec) || !Array.isArray(spec.rules)) continue;
    for (const rule of spec.rules) if (isRecord(rule) && typeof rule.host === 'string') taken.add(rule.host);
  }
  return taken;
}
