import { isRecord, type KubeClient, type KubeObject, resourcePath } from '@fairlead/kube';
import type { Adoptable } from '@fairlead/shared';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import { type AppRecord, AppStore, manifestsOf } from '../app-store.js';
import { shown, toYamlDocuments } from '../plan/shown.js';
import { annotations, labels } from '../render/identity.js';
import { inApplyOrder } from '../render/kinds.js';
import { podSpecPath } from '../render/manifest-app.js';
import { isSecretKeeper } from '../render/own-secrets.js';
import { isAdoptable, keeperOf } from './adoptable.js';
import { belongings } from './belongings.js';

const workloads = [
  ['apps', 'deployments', 'Deployment'],
  ['apps', 'statefulsets', 'StatefulSet'],
  ['apps', 'daemonsets', 'DaemonSet'],
  ['batch', 'cronjobs', 'CronJob'],
] as const;

/** What lives in a namespace and belongs to no app, and the way of an app out of Fairlead. Everything is read as the caller. */
@Injectable()
export class Adoption {
  constructor(
    private readonly clusters: Clusters,
    private readonly store: AppStore,
  ) {}

  async list(caller: Caller, cluster: { id: string; name: string }, namespace: string): Promise<Adoptable[]> {
    return this.clusters.asking(caller, cluster, async (client) => {
      const list = (group: string, resource: string, kind: string, version = 'v1') =>
        listed(client, { group, version, resource, namespace }, kind);
      const [found, services, ingresses, autoscalers, budgets] = await Promise.all([
        Promise.all(workloads.map(([group, resource, kind]) => list(group, resource, kind))).then((lists) => lists.flat()),
        list('', 'services', 'Service'),
        list('networking.k8s.io', 'ingresses', 'Ingress'),
        list('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'v2'),
        list('policy', 'poddisruptionbudgets', 'PodDisruptionBudget'),
      ]);
      return found
        .filter(isAdoptable)
        .map((workload) => adoptableOf(workload, belongings(workload, { services, ingresses, autoscalers, budgets }).filter(isAdoptable)));
    });
  }

  /** The revision that stands, without anything of ours. */
  async export(app: AppRecord): Promise<string> {
    return toYamlDocuments(
      manifestsOf(await this.store.current(app))
        .filter((object) => !isSecretKeeper(object))
        .map(plain),
    );
  }
}

async function listed(
  client: KubeClient,
  ref: { group: string; version: string; resource: string; namespace: string },
  kind: string,
): Promise<KubeObject[]> {
  const { items } = await client.list(resourcePath(ref));
  const apiVersion = ref.group === '' ? ref.version : `${ref.group}/${ref.version}`;
  return items.map((item) => ({ ...item, apiVersion, kind }));
}

function adoptableOf(workload: KubeObject, rest: readonly KubeObject[]): Adoptable {
  const objects = inApplyOrder([workload, ...rest].map((each) => ({ ...each, kind: each.kind ?? '' })));
  const { replicas } = isRecord(workload.spec) ? workload.spec : {};
  return {
    kind: workload.kind ?? '',
    name: workload.metadata.name,
    owner: keeperOf(workload),
    images: imagesOf(workload),
    replicas: typeof replicas === 'number' ? replicas : null,
    objects: objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    yaml: toYamlDocuments(objects.map(plain)),
  };
}

function imagesOf(workload: KubeObject): string[] {
  let pod: unknown = workload;
  for (const field of podSpecPath(workload.kind ?? '')) pod = isRecord(pod) ? pod[field] : undefined;
  const containers = isRecord(pod) && Array.isArray(pod.containers) ? pod.containers.filter(isRecord) : [];
  return containers.map(({ image }) => String(image ?? ''));
}

/** Without status, what only a cluster writes, and our marks. */
function plain(object: KubeObject): KubeObject {
  const next = shown(object);
  const { [labels.app]: _, ...kept } = next.metadata.labels ?? {};
  if (kept[labels.managedBy] === 'fairlead') delete kept[labels.managedBy];
  const { [annotations.versioned]: __, ...notes } = next.metadata.annotations ?? {};
  const metadata = { ...next.metadata, labels: kept, annotations: notes };
  if (Object.keys(kept).length === 0) delete (metadata as Partial<typeof metadata>).labels;
  if (Object.keys(notes).length === 0) delete (metadata as Partial<typeof metadata>).annotations;
  return { ...next, metadata };
}
