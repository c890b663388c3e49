import { type KubeObject, resourcePath } from '@fairlead/kube';
import type { AppNetwork } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import type { AppRecord } from '../app-store.js';
import type { AppObjects } from '../observed/app-status.js';
import type { Pod, Workload } from '../observed/shapes.js';
import { ShownView } from '../observed/shown-view.js';
import { ClusterDomain } from './cluster-domain.js';
import { endpointRows } from './endpoint-rows.js';
import { ingressControllers } from './ingress-controllers.js';
import { policyRow, reachOf, selects } from './reach.js';
import { routesIn } from './routes-in.js';
import { serviceRow } from './service-row.js';
import type { NetEndpointSlice, NetIngress, NetService } from './shapes.js';

const caveats = [
  "Policies hold only if the cluster's network plugin enforces them: what is drawn here is what they say, and is not proven.",
  "The node's own probes of a pod are let in by every common plugin, whatever the policies say.",
  'Rules hold for the pods of this app. Who may run pods in the namespace can run others, which they do not select.',
];

/** How an app is found and who may reach it. What the shared watch shows of the app, and the namespace's policies as the caller may read them. */
@Injectable()
export class AppNetworks {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly clusters: Clusters,
    private readonly shown: ShownView,
    private readonly domains: ClusterDomain,
  ) {}

  /** @throws AppError cluster_unreachable while the cluster has not been heard, forbidden where it does not let the caller see */
  async of(caller: Caller, app: AppRecord): Promise<AppNetwork> {
    const view = await this.shown.view(caller, app);
    const [domain, policies] = await Promise.all([this.domains.of(app.clusterId), this.policies(caller, app)]);
    const objects = view.objectsOf(app.id);
    const near = {
      ingresses: view.all('ingresses', app.namespace) as NetIngress[],
      pods: view.all('pods', app.namespace) as Pod[],
    };
    const endpoints = endpointRows(objects, this.clock.now());
    const services = objects.services as readonly NetService[];
    const around = { domain: domain.name, slices: objects.endpointSlices as readonly NetEndpointSlice[], endpoints, pods: near.pods };
    const controllers = ingressControllers(
      view.all('ingresses') as NetIngress[],
      view.all('services') as NetService[],
      view.all('pods') as Pod[],
    );
    const reader = {
      namespace: app.namespace,
      projectId: app.project.id,
      controllers: new Set(controllers.map(({ namespace }) => namespace)),
    };
    const pods = podLabels(objects);
    const selecting = policies.filter((each) => selects(each, pods));
    return {
      clusterDomain: domain,
      services: services.map((service) => serviceRow(service, around)),
      endpoints,
      routes: routesIn(near.ingresses, namesOf(services), namesOf(objects.ingresses)),
      controllers,
      ingress: reachOf(selecting, 'Ingress', reader),
      egress: reachOf(selecting, 'Egress', reader),
      policies: policies
        .map((each) => policyRow(each, app.id, pods, reader))
        .sort((a, b) => Number(b.ofApp) - Number(a.ofApp) || Number(b.selectsApp) - Number(a.selectsApp) || (a.name < b.name ? -1 : 1)),
      caveats,
    };
  }

  /** Asked and not watched: who keeps a policy stands in its managed fields, which no watch keeps. */
  private async policies(caller: Caller, app: AppRecord): Promise<KubeObject[]> {
    const path = resourcePath({ group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', namespace: app.namespace });
    return (await this.clusters.asking(caller, app.cluster, (client) => client.list(path))).items;
  }
}

const namesOf = (objects: readonly KubeObject[]): ReadonlySet<string> => new Set(objects.map(({ metadata }) => metadata.name));

/** The labels of each kind of pod that the app has, and would have: also of one that sleeps. */
function podLabels({ workloads, pods }: AppObjects): Record<string, string>[] {
  const all = [...workloads.map(templateLabels), ...pods.map(({ metadata }) => metadata.labels)].filter((each) => each !== undefined);
  return [...new Map(all.map((labels) => [JSON.stringify(Object.entries(labels).sort()), labels])).values()];
}

function templateLabels({ kind, metadata, spec }: Workload): Record<string, string> | undefined {
  if (kind === 'Pod') return metadata.labels;
  return (kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : spec?.template)?.metadata?.labels;
}
