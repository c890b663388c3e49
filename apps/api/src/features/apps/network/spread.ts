import type { NetService } from './shapes.js';

const topologyMode = 'service.kubernetes.io/topology-mode';

/** How connections are spread over the endpoints of a Service, in sentences. Pure. */
export function spreadWords({ spec = {}, metadata }: NetService, hinted: boolean): string[] {
  if (spec.type === 'ExternalName') return ['A name for something outside: nothing is spread here.'];
  if (spec.clusterIP === 'None')
    return ['Headless: clients get every ready address and choose by themselves; the cluster spreads nothing.'];
  const sticky = spec.sessionAffinity === 'ClientIP';
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
  const nearby =
    spec.trafficDistribution ?? (metadata.annotations?.[topologyMode] ? `topology mode ${metadata.annotations[topologyMode]}` : null);
  return [
    sticky
      ? `A client goes to the same endpoint for ${duration(seconds)} after its last connection, told by its address.`
      : 'Each new connection goes to any ready endpoint; one that stays open stays where it is.',
    ...(spec.internalTrafficPolicy === 'Local'
      ? ['Pods reach only endpoints on their own node; where there is none, the connection is dropped.']
      : []),
    ...(spec.externalTrafficPolicy === 'Local' && reachesOutside(spec.type)
      ? ['From outside, a node passes connections only to endpoints of its own; the address of the client is kept.']
      : []),
    ...(nearby ? [nearbyWords(nearby, hinted)] : []),
    ...(spec.publishNotReadyAddresses ? ['Endpoints that are not ready get connections too.'] : []),
  ];
}

function nearbyWords(asked: string, hinted: boolean): string {
  const wish =
    asked === 'PreferSameNode'
      ? 'Endpoints on the same node are preferred (PreferSameNode)'
      : asked === 'PreferClose' || asked === 'PreferSameZone'
        ? `Endpoints in the same zone are preferred (${asked})`
        : `Nearby endpoints are preferred (${asked})`;
  return hinted ? `${wish}.` : `${wish}; the cluster gives no hints now, so every endpoint is used.`;
}

const reachesOutside = (type: string | undefined): boolean => type === 'NodePort' || type === 'LoadBalancer';
const duration = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
