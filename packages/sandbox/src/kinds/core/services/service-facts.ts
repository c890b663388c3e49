import { type Fields, list, number, strings, text } from '../../parts/values.js';

export const needsClusterIp = (spec: Fields): boolean => text(spec.type) !== 'ExternalName';
export const isHeadless = (spec: Fields): boolean => text(spec.clusterIP) === 'None' || strings(spec.clusterIPs)[0] === 'None';
export const hasNodePorts = (spec: Fields): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';
/** A load balancer may do without. */
export const allocatesNodePorts = (spec: Fields): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
export const needsHealthCheckPort = (spec: Fields): boolean => spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
export const isExternallyAccessible = (spec: Fields): boolean =>
  hasNodePorts(spec) || (text(spec.type || 'ClusterIP') === 'ClusterIP' && strings(spec.externalIPs).length > 0);
export const nodePortsOf = (spec: Fields): number[] =>
  list(spec.ports).flatMap(({ nodePort }) => (number(nodePort) === 0 ? [] : [number(nodePort)]));
