import type { KubeObject } from '@fairlead/kube/protocol';
import { equal } from '../../../machinery/object.js';
import { type Fields, isSet, items, list, number, strings, text } from '../../parts/values.js';
import {
  allocatesNodePorts,
  hasNodePorts,
  isExternallyAccessible,
  needsClusterIp,
  needsHealthCheckPort,
  nodePortsOf,
} from './service-facts.js';

/** What an update leaves out stays as it was allocated. */
export function keepAllocated(spec: Fields, old: Fields): void {
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    if (text(spec.clusterIP) === '' && isSet(old.clusterIP)) spec.clusterIP = old.clusterIP;
    if (strings(spec.clusterIPs).length === 0 && isSet(old.clusterIPs)) spec.clusterIPs = old.clusterIPs;
  }
  if (allocatesNodePorts(old) && allocatesNodePorts(spec)) {
    const stillUsed = new Set(nodePortsOf(spec).filter((port) => nodePortsOf(old).includes(port)));
    const byName = new Map(list(old.ports).map(({ name, nodePort }) => [text(name), number(nodePort)]));
    for (const port of items(spec.ports)) {
      const before = byName.get(text(port.name)) ?? 0;
      if (number(port.nodePort) === 0 && before !== 0 && !stillUsed.has(before)) port.nodePort = before;
    }
  }
  if (needsHealthCheckPort(old) && needsHealthCheckPort(spec) && number(spec.healthCheckNodePort) === 0) {
    spec.healthCheckNodePort = old.healthCheckNodePort;
  }
}

/** Fields that make no sense with the new type go, unless the writer changed them too: then validation has a word. */
export function dropForOtherType(service: KubeObject, old: Fields): void {
  const spec = service.spec as Fields;
  const dropUnchanged = (key: string): void => {
    if (equal(spec[key], old[key])) delete spec[key];
  };
  if (needsClusterIp(old) && !needsClusterIp(spec)) {
    if (text(old.clusterIP) === text(spec.clusterIP) && equal(old.clusterIPs, spec.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    dropUnchanged('ipFamilies');
    dropUnchanged('ipFamilyPolicy');
    delete spec.internalTrafficPolicy;
  }
  if (hasNodePorts(old) && !hasNodePorts(spec) && nodePortsOf(spec).every((port) => nodePortsOf(old).includes(port))) {
    for (const port of items(spec.ports)) delete port.nodePort;
  }
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(spec)) dropUnchanged('healthCheckNodePort');
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    dropUnchanged('allocateLoadBalancerNodePorts');
    dropUnchanged('loadBalancerClass');
  }
  if (isExternallyAccessible(old) && !isExternallyAccessible(spec)) dropUnchanged('externalTrafficPolicy');
  if (spec.type !== 'LoadBalancer') service.status = { ...(service.status as Fields | undefined), loadBalancer: {} };
}
