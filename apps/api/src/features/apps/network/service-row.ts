import { matchesLabelSelector } from '@fairlead/kube/protocol';
import type { AppNetwork, EndpointRow } from '@fairlead/shared';
import type { Pod } from '../observed/shapes.js';
import { addressesOfCluster, dnsNames, isHeadless } from './dns-names.js';
import { addressesOf, type NetEndpointSlice, type NetService } from './shapes.js';
import { spreadWords } from './spread.js';

type ServiceRow = AppNetwork['services'][number];

/** What surrounds a Service where it is shown. */
export interface Around {
  domain: string;
  slices: readonly NetEndpointSlice[];
  endpoints: readonly EndpointRow[];
  /** Of the Service's namespace, whoever made them. */
  pods: readonly Pod[];
}

export function serviceRow(service: NetService, { domain, slices, endpoints, pods }: Around): ServiceRow {
  const { spec = {}, metadata } = service;
  const own = endpoints.filter((each) => each.service === metadata.name);
  return {
    name: metadata.name,
    type: spec.type ?? 'ClusterIP',
    headless: isHeadless(spec),
    clusterIPs: addressesOfCluster(spec),
    externalAddresses: [...addressesOf(service), ...(spec.externalIPs ?? [])],
    ports: (spec.ports ?? []).map(({ name, port = 0, protocol = 'TCP', targetPort, nodePort }) => ({
      name: name ?? null,
      port,
      protocol,
      target: String(targetPort ?? port),
      nodePort: nodePort ?? null,
    })),
    names: dnsNames(service, slices, domain),
    spread: spreadWords(
      service,
      own.some(({ forZones }) => forZones.length > 0),
    ),
    empty: own.length === 0 ? whyEmpty(service, pods) : null,
  };
}

function whyEmpty({ spec = {} }: NetService, pods: readonly Pod[]): string {
  if (spec.type === 'ExternalName') return 'It is a name for something outside of the cluster.';
  const { selector } = spec;
  if (!selector || Object.keys(selector).length === 0)
    return 'It has no selector: whoever writes its EndpointSlices says where it leads, and nobody has.';
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const selected = pods.filter(({ metadata }) => matchesLabelSelector({ matchLabels: selector }, metadata.labels));
  if (selected.length === 0) return `No pod of the namespace has the labels that it selects: ${labels.join(', ')}.`;
  const waiting = selected.filter(({ status }) => !status?.podIP).length;
  return waiting === selected.length
    ? `${waiting === 1 ? 'The pod that it selects has' : `The ${waiting} pods that it selects have`} no address yet.`
    : 'The pods that it selects are not in its EndpointSlices yet.';
}
