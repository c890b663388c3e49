import type { ServerResponse } from 'node:http';
import { status } from '@fairlead/kube/protocol';
import type { Nodes } from '../kubelet/index.js';
import { targetPort } from '../kubelet/network/cluster-network.js';
import type { Reached } from '../kubelet/network/network.js';
import type { Pod } from '../kubelet/pod.js';
import { ApiError, badRequest, notInTheSandbox } from '../machinery/api-error.js';
import type { Clock } from '../machinery/clock.js';
import type { ConnectRequest } from './handler.js';
import { answerWith } from './pod-port.js';

/** pods/proxy and services/proxy: the request goes on to what listens there. `port` is what stood behind the name, '' for nothing. */
export async function serveProxy(
  { nodes, clock }: { nodes: Nodes; clock: Clock },
  connect: ConnectRequest,
  response: ServerResponse,
): Promise<void> {
  const { parent, request, query, path } = connect;
  const reached = parent.kind === 'Service' ? throughService(nodes, connect) : throughPod(nodes, connect);
  if (reached.is === 'refused' || reached.is === 'unreachable' || reached.is === 'unknown host') {
    const address = 'address' in reached ? reached.address : '';
    const why = reached.is === 'refused' ? 'connect: connection refused' : 'connect: no route to host';
    throw unavailable(`error trying to reach service: dial tcp ${address}:${portOf(connect) || 80}: ${why}`);
  }
  if (reached.speaks !== 'http') throw unavailable('error trying to reach service: EOF');
  const search = query.size > 0 ? `?${query}` : '';
  await answerWith(reached.ask, request, response, clock, '10.244.0.1', `${path}${search}`);
}

const unavailable = (message: string): ApiError => new ApiError(status(503, 'ServiceUnavailable', message));

/** `https:name:port` in the place of a name. */
const portOf = ({ parent, request }: ConnectRequest): string => {
  const segment = new RegExp(`/(?:pods|services)/((?:https?:)?${parent.metadata.name.replaceAll('.', '\\.')}(?::[^/?]*)?)/proxy`).exec(
    decodeURIComponent(request.url ?? ''),
  )?.[1];
  return (segment ?? '').replace(/^https?:/, '').split(':')[1] ?? '';
};

function throughPod(nodes: Nodes, connect: ConnectRequest): Reached {
  const pod = connect.parent as unknown as Pod;
  if (!pod.status?.podIP) throw badRequest('address not allowed');
  const asked = portOf(connect);
  const port = asked === '' ? (pod.spec.containers[0]?.ports?.[0]?.containerPort ?? 80) : targetPort(pod, asked);
  return port === undefined ? { is: 'refused', address: pod.status.podIP } : nodes.reachPod(pod, port);
}

function throughService(nodes: Nodes, connect: ConnectRequest): Reached {
  const { parent } = connect;
  const service = nodes.network.service(parent.metadata.namespace ?? '', parent.metadata.name);
  const ports = service?.spec?.ports ?? [];
  const asked = portOf(connect);
  const found =
    asked === ''
      ? ports.length === 1
        ? ports[0]
        : ports.find((each) => !each.name)
      : ports.find((each) => each.name === asked || String(each.port) === asked);
  if (!service || !found)
    throw unavailable(`no service port ${JSON.stringify(asked)} found for service ${JSON.stringify(parent.metadata.name)}`);
  if (nodes.network.endpoints(service).length === 0)
    throw unavailable(`no endpoints available for service ${JSON.stringify(parent.metadata.name)}`);
  return nodes.network.reachService(service, found.port);
}

export const noNodeProxy = (): ApiError => notInTheSandbox('nodes/proxy');
