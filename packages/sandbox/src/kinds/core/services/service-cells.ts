import type { KubeObject } from '@fairlead/kube/protocol';
import type { Cell } from '../../../registry/definition.js';
import { since } from '../../parts/human-duration.js';
import { labelsText } from '../../parts/selector-text.js';
import { type Fields, fields, list, number, strings, text } from '../../parts/values.js';

export function serviceCells({ metadata, spec, status }: KubeObject, now: number): Cell[] {
  const { type, clusterIPs, ports, selector } = fields(spec);
  return [
    metadata.name,
    text(type),
    strings(clusterIPs)[0] ?? '<none>',
    externalIp(fields(spec), balancerAddresses(status)),
    portsText(list(ports)) || '<none>',
    since(metadata.creationTimestamp, now),
    labelsText(selector),
  ];
}

/** Addresses of a load balancer, sorted, each once. */
export function balancerAddresses(status: unknown): string[] {
  const ingress = list(fields(fields(status).loadBalancer).ingress);
  const addresses = ingress.map(({ ip, hostname }) => text(ip) || text(hostname)).filter((address) => address !== '');
  return [...new Set(addresses)].sort();
}

function externalIp({ type, externalIPs, externalName }: Fields, balancer: readonly string[]): string {
  const own = strings(externalIPs);
  switch (type) {
    case 'ClusterIP':
    case 'NodePort':
      return own.join(',') || '<none>';
    case 'LoadBalancer':
      return [...balancer, ...own].join(',') || '<pending>';
    case 'ExternalName':
      return text(externalName);
    default:
      return '<unknown>';
  }
}

const portsText = (ports: readonly Fields[]): string =>
  ports
    .map(({ port, nodePort, protocol }) => `${number(port)}${number(nodePort) > 0 ? `:${number(nodePort)}` : ''}/${text(protocol)}`)
    .join(',');
