import type { KubeObject } from '@fairlead/kube/protocol';
import { isEmpty, isFields, isSet, items, list, setEmpty, setMissing, strings, text, within } from '../../parts/values.js';
import { isExternallyAccessible } from './service-facts.js';

const clientIpSeconds = 10_800;

export function setServiceDefaults(service: KubeObject): void {
  const spec = within(service, 'spec');
  setEmpty(spec, 'sessionAffinity', 'None');
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP')
    setMissing(within(within(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', clientIpSeconds);
  setEmpty(spec, 'type', 'ClusterIP');
  for (const port of items(spec.ports)) {
    setEmpty(port, 'protocol', 'TCP');
    if (isEmpty(port.targetPort)) port.targetPort = port.port ?? 0;
  }
  if (isExternallyAccessible(spec)) setEmpty(spec, 'externalTrafficPolicy', 'Cluster');
  const type = text(spec.type);
  if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP') setMissing(spec, 'internalTrafficPolicy', 'Cluster');
  if (type !== 'LoadBalancer') return;
  setMissing(spec, 'allocateLoadBalancerNodePorts', true);
  const ingress = isFields(service.status) && isFields(service.status.loadBalancer) ? service.status.loadBalancer.ingress : [];
  for (const each of list(ingress)) if (text(each.ip) !== '' && !isSet(each.ipMode)) each.ipMode = 'VIP';
}

/** `clusterIP` is the first of `clusterIPs`; who says only one of them says both. */
export function alignClusterIps(spec: Record<string, unknown>, old?: Readonly<Record<string, unknown>>): void {
  const [ip, ips] = [text(spec.clusterIP), strings(spec.clusterIPs)];
  if (!old) {
    if (ip !== '' && ips.length === 0) spec.clusterIPs = [ip];
    return;
  }
  const [oldIp, oldIps] = [text(old.clusterIP), strings(old.clusterIPs)];
  if (oldIps.length > 0 && ips.length === 0 && oldIp === ip) spec.clusterIPs = oldIps;
  if (oldIp === ip || ips.join() !== oldIps.join()) return;
  if (ip === '') delete spec.clusterIPs;
  else spec.clusterIPs = [ip];
}
