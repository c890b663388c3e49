import { equal } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { EndpointAddress, EndpointSlice, EndpointSubset, Endpoints, SliceEndpoint } from '../model/network.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { controllerReference } from '../parts/owner.js';
import { itself } from '../parts/watch-keys.js';
import { sliceChanges, type Wanted } from './slices.js';

const serviceLabel = 'kubernetes.io/service-name';
const managedLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslicemirroring-controller.k8s.io';
const notCopied = ['kubectl.kubernetes.io/last-applied-configuration', 'endpoints.kubernetes.io/last-change-trigger-time'];

/** Endpoints that somebody wrote by hand, for a service without a selector, said again as EndpointSlices. */
export function endpointMirrors(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'endpointslicemirroring-controller' });

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key);
    const endpoints = api.get('endpoints', namespace, name);
    const current = api.list('endpointslices.discovery.k8s.io', namespace).filter((each) => isOf(each, name));
    const wanted = endpoints && isMirrored(endpoints) ? (endpoints.subsets ?? []).map(mirrored) : [];
    if (!endpoints || wanted.length === 0) {
      for (const slice of current) api.delete('endpointslices.discovery.k8s.io', slice);
      return;
    }
    const labels = { ...endpoints.metadata.labels, [managedLabel]: manager, [serviceLabel]: name };
    const annotations = Object.fromEntries(
      Object.entries(endpoints.metadata.annotations ?? {}).filter(([each]) => !notCopied.includes(each)),
    );
    const changes = sliceChanges(current, wanted);
    for (const slice of changes.remove) api.delete('endpointslices.discovery.k8s.io', slice);
    for (const { slice, ...content } of changes.update) {
      api.change('endpointslices.discovery.k8s.io', slice, (draft) => {
        Object.assign(draft, content);
      });
    }
    for (const each of changes.create) {
      const ownerReferences = [controllerReference({ apiVersion: 'v1', kind: 'Endpoints' }, endpoints)];
      const metadata = { name: '', generateName: `${name}-`, namespace, labels, annotations, ownerReferences };
      api.create('endpointslices.discovery.k8s.io', { metadata, addressType: 'IPv4', ...each });
    }
    for (const slice of current.filter((each) => !changes.remove.includes(each) && !equal(each.metadata.labels, labels))) {
      api.change('endpointslices.discovery.k8s.io', slice, (draft) => {
        draft.metadata.labels = labels;
      });
    }
  }

  function isMirrored({ metadata }: Endpoints): boolean {
    const service = api.get('services', metadata.namespace ?? '', metadata.name);
    const skipped = metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'] === 'true';
    const leader = metadata.annotations?.['control-plane.alpha.kubernetes.io/leader'] !== undefined;
    return service !== undefined && service.spec.selector === undefined && !skipped && !leader;
  }

  return {
    name: 'endpointslicemirroring',
    watches: { 'endpointslices.discovery.k8s.io': () => [], endpoints: itself, services: itself },
    initialKeys: () => api.list('endpoints').map(keyOf),
    reconcile,
  };
}

function mirrored({ addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset): Wanted {
  return {
    ports: ports.length === 0 ? null : ports.map(({ name = '', protocol = 'TCP', ...rest }) => ({ name, protocol, ...rest })),
    endpoints: [...notReadyAddresses.map((each) => endpoint(each, false)), ...addresses.map((each) => endpoint(each, true))],
  };
}

const endpoint = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): SliceEndpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname ? { hostname } : {}),
  ...(nodeName ? { nodeName } : {}),
  ...(targetRef ? { targetRef } : {}),
});

const isOf = ({ metadata }: EndpointSlice, service: string): boolean =>
  metadata.labels?.[serviceLabel] === service && metadata.labels[managedLabel] === manager;
