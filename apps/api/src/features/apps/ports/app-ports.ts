import { type KubeObject, resourcePath } from '@fairlead/kube';
import type { AppPort, PortTarget } from '@fairlead/shared';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import type { AppRecord } from '../app-store.js';
import { isNotFound } from '../cluster-error.js';
import type { Pod, Service } from '../observed/shapes.js';
import { ShownView } from '../observed/shown-view.js';
import { ownedBy } from '../own-objects.js';

const plurals = { service: 'services', pod: 'pods' } as const;

/** Which ports an app has, and whether a Service or pod is the app's own. */
@Injectable()
export class AppPorts {
  constructor(
    private readonly clusters: Clusters,
    private readonly shown: ShownView,
  ) {}

  /** Services first. @throws AppError cluster_unreachable while the cluster has not been heard, forbidden where it does not let the caller see */
  async list(caller: Caller, app: AppRecord): Promise<AppPort[]> {
    const { services, pods } = (await this.shown.view(caller, app)).objectsOf(app.id);
    return portsOf(services, pods);
  }

  /** As the caller. @throws AppError not_found when it is not the app's own, or has no such port; cluster_* */
  async check(caller: Caller, app: AppRecord, { kind, name, port }: PortTarget): Promise<void> {
    const missing = new AppError('not_found', { what: `${kind} of ${app.name}`, name });
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) throw missing;
    await this.clusters.asking(caller, app.cluster, async (client) => {
      const path = resourcePath({ group: '', version: 'v1', resource: plurals[kind], namespace: app.namespace, name });
      const found = await client.get<KubeObject & Service>(path).catch((error: unknown) => {
        throw isNotFound(error) ? missing : error;
      });
      if (!(await ownedBy(client, app, found))) throw missing;
      if (kind === 'service' && !found.spec?.ports?.some((each) => each.port === port))
        throw new AppError('not_found', { what: `port of the service ${name}`, name: String(port) });
    });
  }
}

/** Pods of one template have the same ports; each is listed, for each can be opened. */
export function portsOf(services: readonly Service[], pods: readonly Pod[]): AppPort[] {
  const sorted = <T extends KubeObject>(objects: readonly T[]) => [...objects].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const of = (kind: PortTarget['kind'], name: string, port: number | undefined, named?: string, protocol?: string): AppPort[] =>
    port === undefined ? [] : [{ target: { kind, name, port }, name: named || null, http: (protocol ?? 'TCP') === 'TCP' }];
  return [
    ...sorted(services).flatMap((service) =>
      (service.spec?.ports ?? []).flatMap(({ port, name, protocol }) => of('service', service.metadata.name, port, name, protocol)),
    ),
    ...sorted(pods.filter(({ metadata }) => !metadata.deletionTimestamp)).flatMap((pod) =>
      (pod.spec?.containers ?? [])
        .flatMap(({ ports = [] }) => ports)
        .flatMap(({ containerPort, name, protocol }) => of('pod', pod.metadata.name, containerPort, name, protocol)),
    ),
  ];
}
