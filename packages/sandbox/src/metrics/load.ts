import { toCores } from '@fairlead/kube/protocol';
import type { Nodes } from '../kubelet/index.js';
import { isReady } from '../kubelet/network/cluster-network.js';
import type { Container, Pod } from '../kubelet/pod.js';
import type { LiveContainer } from '../kubelet/runtime/container.js';
import { demand } from '../kubelet/runtime/traffic.js';
import { loadAnnotation } from '../kubelet/scenes/scene.js';
import type { Lookup } from '../kubelet/setting/environment.js';
import { cpuLimitOf } from '../kubelet/setting/limits.js';

export interface Usage {
  name: string;
  cores: number;
  bytes: number;
}

const quietCores = 0.001;
/** What all the people of one web app cost at noon, by default. */
const peopleCores = 0.12;

/**
 * What the containers of a pod use now. A pod's own annotation `sandbox.fairlead.dev/load` is its cores; one on the Service in front of it, or on its
 * Deployment, ReplicaSet or StatefulSet, is shared by all pods that are ready. Without one a web app behind a Service follows the hour of the day.
 */
export function usageOf(api: Lookup, nodes: Nodes, pod: Pod, now: number): Usage[] {
  const runtime = nodes.podRuntime(pod);
  if (!runtime) return [];
  const running = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap((container) => {
    const live = runtime.live.get(container.name);
    return live && !live.isOver ? [{ container, live }] : [];
  });
  const serving = running.find(({ live }) => live.plan.is === 'serve') ?? running[0];
  const cores = podLoad(api, nodes, pod, now);
  return running.map(({ container, live }) => containerUsage(container, live, live === serving?.live ? cores : 0, now));
}

function containerUsage(container: Container, live: LiveContainer, load: number, now: number): Usage {
  const wanted = quietCores + load + live.requestsPerSecond * live.coresPerRequest + (live.busy ? 1 : 0);
  const jitter = 0.96 + 0.08 * Math.abs(Math.sin(now / 15_000 + container.name.length));
  const cores = Math.min(wanted * jitter, cpuLimitOf(container) ?? Number.POSITIVE_INFINITY);
  return { name: container.name, cores, bytes: live.memoryInUse(now, load) };
}

function podLoad(api: Lookup, nodes: Nodes, pod: Pod, now: number): number {
  const own = annotated(pod.metadata.annotations);
  if (own !== undefined) return own;
  const { namespace = '', labels = {}, ownerReferences = [] } = pod.metadata;
  const service = api.list('services', namespace).find((each) => {
    const selector = (each.spec as { selector?: Record<string, string> } | undefined)?.selector;
    return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
  });
  const shared = (total: number): number => {
    const found = service ? nodes.network.endpoints(service as never).length : 0;
    const siblings = (api.list('pods', namespace) as unknown as readonly Pod[]).filter(
      (each) => each.metadata.ownerReferences?.[0]?.uid === ownerReferences[0]?.uid && isReady(each),
    ).length;
    return isReady(pod) ? total / Math.max(service ? found : siblings, 1) : 0;
  };
  const ordered = annotated(service?.metadata.annotations) ?? ownerLoad(api, namespace, ownerReferences[0]);
  if (ordered !== undefined) return shared(ordered);
  return service ? shared(peopleCores * demand(service.metadata.uid ?? '', now)) : 0;
}

const resources: Readonly<Record<string, string>> = {
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  Deployment: 'deployments.apps',
  DaemonSet: 'daemonsets.apps',
};

function ownerLoad(api: Lookup, namespace: string, owner: { kind: string; name: string } | undefined): number | undefined {
  const resource = resources[owner?.kind ?? ''];
  const found = owner && resource ? api.get(resource, namespace, owner.name) : undefined;
  if (!found) return undefined;
  // The Deployment's word is newer than the copy on its ReplicaSet.
  return ownerLoad(api, namespace, found.metadata.ownerReferences?.[0]) ?? annotated(found.metadata.annotations);
}

function annotated(annotations: Readonly<Record<string, string>> | undefined): number | undefined {
  const text = annotations?.[loadAnnotation];
  if (text === undefined) return undefined;
  try {
    return Math.max(toCores(text), 0);
  } catch {
    return undefined;
  }
}
