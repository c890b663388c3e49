import type { EndpointAddress, EndpointSubset, Service } from '../model/network.js';
import type { Pod } from '../model/pod.js';
import { isBeingDeleted } from '../parts/owner.js';
import { isReady } from '../parts/pod-state.js';
import { endpointPorts, hostnameOf, isBackend, targetOf } from './backends.js';

/** An Endpoints object's subsets: addresses with the same ports together. Pods on their way out are no longer among them. */
export function subsets(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  const always = service.spec.publishNotReadyAddresses === true;
  const groups = new Map<string, { ports: EndpointSubset['ports']; addresses: EndpointAddress[]; notReadyAddresses: EndpointAddress[] }>();
  for (const pod of pods) {
    if (!isBackend(pod) || (isBeingDeleted(pod) && !always)) continue;
    const ports = endpointPorts(service, pod);
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    let group = groups.get(key);
    if (!group) {
      group = { ports, addresses: [], notReadyAddresses: [] };
      groups.set(key, group);
    }
    const list = always || isReady(pod) ? group.addresses : group.notReadyAddresses;
    list.push({
      ip: pod.status?.podIP ?? '',
      ...hostnameOf(pod, service),
      ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
      targetRef: targetOf(pod),
    });
  }
  return [...groups.values()].map(({ ports = [], addresses, notReadyAddresses }) => ({
    ...(addresses.length > 0 ? { addresses: addresses.sort(byIp) } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses: notReadyAddresses.sort(byIp) } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  }));
}

const byIp = (a: EndpointAddress, b: EndpointAddress): number => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0);
