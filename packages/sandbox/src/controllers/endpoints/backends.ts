import type { ObjectReference } from '../model/batch.js';
import type { EndpointPort, Service, SliceEndpoint, SlicePort } from '../model/network.js';
import type { Pod } from '../model/pod.js';
import { isBeingDeleted } from '../parts/owner.js';
import { isFinished, isReady } from '../parts/pod-state.js';

/** The pods behind a service: those with an address that have not ended. */
export const isBackend = (pod: Pod): boolean => Boolean(pod.status?.podIP) && !isFinished(pod);

export const targetOf = ({ metadata }: Pod): ObjectReference => ({
  kind: 'Pod',
  name: metadata.name,
  ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  ...(metadata.uid ? { uid: metadata.uid } : {}),
});

/** Only a pod that says it belongs to this service by its subdomain is known by its host name. */
export const hostnameOf = (pod: Pod, service: Service): { hostname?: string } =>
  pod.spec.hostname && pod.spec.subdomain === service.metadata.name ? { hostname: pod.spec.hostname } : {};

export function sliceEndpoint(pod: Pod, service: Service, zone: string | undefined): SliceEndpoint {
  const terminating = isBeingDeleted(pod);
  const serving = isReady(pod);
  const always = service.spec.publishNotReadyAddresses === true;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: always || (serving && !terminating), serving, terminating },
    ...hostnameOf(pod, service),
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone ? { zone } : {}),
    targetRef: targetOf(pod),
  };
}

/** Where the service's ports lead on this pod; a port whose name the pod does not know is left out. */
export function slicePorts(service: Service, pod: Pod): SlicePort[] {
  return (service.spec.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port, targetPort = port, appProtocol }) => {
    const number = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort, protocol);
    return number === undefined ? [] : [{ ...(appProtocol ? { appProtocol } : {}), name, port: number, protocol }];
  });
}

export const endpointPorts = (service: Service, pod: Pod): EndpointPort[] =>
  slicePorts(service, pod).map(({ name, ...rest }) => (name === '' ? rest : { name, ...rest }));

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (pod.spec.initContainers ?? []).filter((each) => each.restartPolicy === 'Always');
  for (const container of [...pod.spec.containers, ...sidecars]) {
    for (const port of container.ports ?? []) if (port.name === name && (port.protocol ?? 'TCP') === protocol) return port.containerPort;
  }
  return undefined;
}

const skipped = ['service.kubernetes.io/headless', 'endpoints.kubernetes.io/managed-by'];

/** A service's labels go on to what is made for it. */
export function inheritedLabels({ metadata, spec }: Service): Record<string, string> {
  const labels = Object.entries(metadata.labels ?? {}).filter(
    ([key]) => !skipped.includes(key) && !key.startsWith('endpointslice.kubernetes.io/') && key !== 'kubernetes.io/service-name',
  );
  return { ...Object.fromEntries(labels), ...(spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}) };
}

/** The last time that something happened which changed who is behind a service. */
export function lastTrigger(service: Service, pods: readonly Pod[]): string {
  const times = pods.map((pod) => pod.status?.conditions?.find((each) => each.type === 'Ready')?.lastTransitionTime ?? '');
  return [service.metadata.creationTimestamp ?? '', ...times].sort().at(-1) ?? '';
}

export const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';
