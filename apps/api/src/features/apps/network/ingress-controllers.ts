import type { AppNetwork } from '@fairlead/shared';
import type { Pod } from '../observed/shapes.js';
import { addressesOf, type NetIngress, type NetService } from './shapes.js';

type Controller = AppNetwork['controllers'][number];

/** The `app.kubernetes.io/name` that the charts of well-known controllers give their pods. */
const wellKnown = new Set([
  'ingress-nginx',
  'nginx-ingress',
  'traefik',
  'haproxy-ingress',
  'kubernetes-ingress',
  'contour',
  'envoy',
  'kong',
  'emissary-ingress',
  'apisix-ingress-controller',
]);

/**
 * Where the traffic of routes comes from, as far as it can be seen: a Service with the address that Ingresses carry is the controller's; else pods
 * that bear a well-known name. Pure. A controller outside of the cluster, or on the node's own network, is not found.
 */
export function ingressControllers(ingresses: readonly NetIngress[], services: readonly NetService[], pods: readonly Pod[]): Controller[] {
  const answered = new Set(ingresses.flatMap(addressesOf));
  const found = new Map<string, Controller>();
  const add = (namespace: string | undefined, name: string, seenBy: string) => {
    if (namespace && !found.has(namespace)) found.set(namespace, { namespace, name, seenBy });
  };
  for (const service of services) {
    const { name, namespace } = service.metadata;
    const addresses = [...addressesOf(service), ...(service.spec?.externalIPs ?? [])];
    const shared = addresses.find((each) => answered.has(each));
    if (shared) add(namespace, name, `its Service ${name} has the address ${shared}, as the routes do`);
  }
  for (const { metadata } of pods) {
    const name = metadata.labels?.['app.kubernetes.io/name'] ?? '';
    if (wellKnown.has(name)) add(metadata.namespace, name, `pods there are labelled ${name}`);
  }
  return [...found.values()].sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
}
