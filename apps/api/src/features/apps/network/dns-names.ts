import type { AppNetwork } from '@fairlead/shared';
import { type NetEndpointSlice, type NetService, serviceOf } from './shapes.js';

type DnsName = AppNetwork['services'][number]['names'][number];

/**
 * Every name under which the cluster's DNS knows a Service, the shortest first: by the DNS specification of Kubernetes
 * (github.com/kubernetes/dns/blob/master/docs/specification.md). Pods have names where a headless Service gives them one.
 */
export function dnsNames(service: NetService, slices: readonly NetEndpointSlice[], domain: string): DnsName[] {
  const { name, namespace = '' } = service.metadata;
  const inNamespace = `${name}.${namespace}`;
  const full = `${inNamespace}.svc.${domain}`;
  return [
    { name, kind: 'short', words: `from pods of ${namespace}` },
    { name: inNamespace, kind: 'namespace', words: 'from every pod of the cluster' },
    { name: `${inNamespace}.svc`, kind: 'service', words: 'from every pod of the cluster; what certificates are made for' },
    { name: full, kind: 'full', words: answered(service) },
    ...serviceRecords(service, full),
    ...podNames(service, slices, full),
  ];
}

function answered({ spec = {} }: NetService): string {
  if (spec.type === 'ExternalName') return `the full name; leads to ${spec.externalName ?? 'another name'}`;
  if (isHeadless(spec)) return 'the full name; answers with the addresses of the pods that are ready, one for each';
  return `the full name; answers with ${addressesOfCluster(spec).join(' and ') || 'an address of the cluster'}`;
}

function serviceRecords({ spec = {} }: NetService, full: string): DnsName[] {
  return (spec.ports ?? []).flatMap(({ name, port, protocol = 'TCP' }) =>
    name
      ? [{ name: `_${name}._${protocol.toLowerCase()}.${full}`, kind: 'srv' as const, words: `SRV: port ${port} and who answers there` }]
      : [],
  );
}

function podNames({ spec = {}, metadata }: NetService, slices: readonly NetEndpointSlice[], full: string): DnsName[] {
  if (!isHeadless(spec)) return [];
  const hosts = new Map<string, string>();
  for (const slice of slices.filter((each) => serviceOf(each) === metadata.name))
    for (const { hostname, addresses } of slice.endpoints ?? []) if (hostname) hosts.set(hostname, addresses?.[0] ?? '');
  return [...hosts]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([host, address]) => ({ name: `${host}.${full}`, kind: 'pod', words: `one pod; answers with ${address}` }));
}

export const isHeadless = ({ clusterIP }: { clusterIP?: string }): boolean => clusterIP === 'None';

export const addressesOfCluster = ({ clusterIPs, clusterIP }: { clusterIPs?: string[]; clusterIP?: string }): string[] =>
  (clusterIPs ?? (clusterIP ? [clusterIP] : [])).filter((each) => each !== 'None' && each !== '');

/** The domain in a CoreDNS configuration: the first zone of its `kubernetes` plugin. null when it names none. */
export function domainIn(corefile: string): string | null {
  const zone = /^\s*kubernetes\s+([a-z0-9]([-a-z0-9.]*[a-z0-9])?)\b/m.exec(corefile)?.[1];
  return zone && !zone.endsWith('.arpa') ? zone : null;
}
