import type { EndpointRow } from '@fairlead/shared';
import type { AppObjects } from '../observed/app-status.js';
import { podRow } from '../observed/pod-row.js';
import { type NetEndpointSlice, serviceOf } from './shapes.js';

type Endpoint = NonNullable<NetEndpointSlice['endpoints']>[number];

/** Each address behind the app's Services, as the slices say, with the reason of each that gets no connections. Pure. */
export function endpointRows(
  { endpointSlices, pods, eventsOf }: Pick<AppObjects, 'endpointSlices' | 'pods' | 'eventsOf'>,
  now: Date,
): EndpointRow[] {
  const known = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
  const why = (endpoint: Endpoint): string => {
    if (endpoint.conditions?.terminating)
      return endpoint.conditions.serving === false ? 'its pod is ending' : 'its pod is ending; it answers what it has begun';
    const pod = known.get(endpoint.targetRef?.uid);
    if (!pod) return endpoint.targetRef?.kind === 'Pod' ? 'its pod is not there' : 'marked so by whoever keeps it';
    const { state, reason } = podRow(pod, '', eventsOf(pod.metadata.uid ?? ''), now);
    // Ready in the pod's own eyes: the slice follows within moments.
    if (state === 'ready') return 'its pod has just become ready';
    return reason ?? `its pod is ${state.replaceAll('-', ' ')}`;
  };
  const rows = (endpointSlices as readonly NetEndpointSlice[]).flatMap((slice) =>
    (slice.endpoints ?? []).flatMap((endpoint) => (endpoint.addresses ?? []).map((address) => rowOf(slice, endpoint, address, why))),
  );
  return rows.sort((a, b) => order(a).localeCompare(order(b), 'en', { numeric: true }));
}

function rowOf(slice: NetEndpointSlice, endpoint: Endpoint, address: string, why: (endpoint: Endpoint) => string): EndpointRow {
  const { conditions = {}, targetRef } = endpoint;
  const service = serviceOf(slice);
  const ports = (slice.ports ?? []).map(
    ({ name, port, protocol = 'TCP' }) => `${name ? `${name} ` : ''}${port ?? 'every port'}/${protocol}`,
  );
  // What is left out is ready and serving: discovery.k8s.io/v1 says so.
  const ready = conditions.ready !== false;
  return {
    key: `${service} ${address} ${ports.join(' ')} ${targetRef?.uid ?? ''}`,
    service,
    address,
    ports,
    pod: targetRef?.kind === 'Pod' ? (targetRef.name ?? null) : null,
    node: endpoint.nodeName ?? null,
    zone: endpoint.zone ?? null,
    ready,
    serving: conditions.serving ?? ready,
    terminating: conditions.terminating === true,
    why: ready ? null : why(endpoint),
    forZones: (endpoint.hints?.forZones ?? []).flatMap(({ name }) => name ?? []),
  };
}

const order = ({ service, pod, address }: EndpointRow): string => `${service} ${pod ?? ''} ${address}`;
