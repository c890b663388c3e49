import type { Nodes } from '../kubelet/index.js';
import { type Container, type ContainerStatus, containersOf, type Pod } from '../kubelet/pod.js';
import type { NodePod } from '../kubelet/pod-runtime.js';
import { badRequest, internal } from '../machinery/api-error.js';

/** The container that a request means. Throws 400 as the API server does. */
export function containerOf(pod: Pod, asked: string | null): Container {
  const { containers } = pod.spec;
  if (asked) {
    const found = containersOf(pod).find(({ name }) => name === asked);
    if (!found) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return found;
  }
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const byAnnotation = containers.find(({ name }) => name === annotated);
  if (byAnnotation) return byAnnotation;
  const [first, ...others] = containers;
  if (first && others.length === 0) return first;
  const inits = (pod.spec.initContainers ?? []).map(({ name }) => name);
  const more = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${containers.map(({ name }) => name).join(' ')}]${more}`,
  );
}

export function statusOf({ status: found }: Pod, name: string): ContainerStatus | undefined {
  const all = [...(found?.containerStatuses ?? []), ...(found?.initContainerStatuses ?? []), ...(found?.ephemeralContainerStatuses ?? [])];
  return all.find((each) => each.name === name);
}

/** The pod on its node; undefined where the node knows nothing of it. Throws what the API server says of a pod without one, or of a node that does not answer. */
export function runtimeOf(nodes: Nodes, pod: Pod): NodePod | undefined {
  const { nodeName } = pod.spec;
  if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const kubelet = nodes.kubelet(nodeName);
  if (!kubelet) throw internal(`error dialing backend: dial tcp ${pod.status?.hostIP ?? nodeName}:10250: connect: no route to host`);
  return kubelet.runtimeOf(pod.metadata.uid ?? '');
}
