import { equal } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { EndpointSlice, Service } from '../model/network.js';
import type { Pod } from '../model/pod.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { controllerReference } from '../parts/owner.js';
import { itself } from '../parts/watch-keys.js';
import { inheritedLabels, isBackend, lastTrigger, sliceEndpoint, slicePorts, triggerAnnotation } from './backends.js';
import { isManaged, podsOf, servicesOf } from './service-pods.js';
import { sliceChanges, type Wanted } from './slices.js';

const serviceLabel = 'kubernetes.io/service-name';
const managedLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';

/** The EndpointSlices of every service with a selector. They go with their service: it owns them. */
export function endpointSlices(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'endpointslice-controller', component: 'endpoint-slice-controller' });

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key);
    const service = api.get('services', namespace, name);
    if (!service || !isManaged(service) || service.metadata.deletionTimestamp) return;
    const pods = podsOf(api, service).filter(isBackend);
    const labels = { ...inheritedLabels(service), [managedLabel]: manager, [serviceLabel]: name };
    const annotations = { [triggerAnnotation]: lastTrigger(service, pods) };
    const current = api.list('endpointslices.discovery.k8s.io', namespace).filter((each) => isOf(each, name));
    const changes = sliceChanges(current, wanted(service, pods));
    for (const slice of changes.remove) api.delete('endpointslices.discovery.k8s.io', slice);
    for (const { slice, endpoints, ports } of changes.update) {
      api.change('endpointslices.discovery.k8s.io', slice, (draft) => {
        Object.assign(draft, { endpoints, ports });
        draft.metadata.labels = labels;
        draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
      });
    }
    for (const each of changes.create) {
      const ownerReferences = [controllerReference({ apiVersion: 'v1', kind: 'Service' }, service)];
      const metadata = { name: '', generateName: `${name}-`, namespace, labels, annotations, ownerReferences };
      api.create('endpointslices.discovery.k8s.io', { metadata, addressType: 'IPv4', ...each });
    }
    for (const slice of current.filter((each) => !equal(each.metadata.labels, labels) && !changes.remove.includes(each))) {
      api.change('endpointslices.discovery.k8s.io', slice, (draft) => {
        draft.metadata.labels = labels;
      });
    }
  }

  function wanted(service: Service, pods: readonly Pod[]): Wanted[] {
    const groups = new Map<string, Wanted>();
    for (const pod of pods) {
      const ports = slicePorts(service, pod);
      const key = JSON.stringify(ports);
      const group = groups.get(key) ?? { ports: ports.length > 0 ? ports : null, endpoints: [] };
      groups.set(key, group);
      const zone = api.get('nodes', '', pod.spec.nodeName ?? '')?.metadata.labels?.['topology.kubernetes.io/zone'];
      group.endpoints.push(sliceEndpoint(pod, service, zone));
    }
    return [...groups.values()];
  }

  return {
    name: 'endpointslices',
    watches: {
      'endpointslices.discovery.k8s.io': ({ object }) => {
        const slice = object as unknown as EndpointSlice;
        const name = slice.metadata.labels?.[serviceLabel];
        return name && slice.metadata.labels?.[managedLabel] === manager ? [`${slice.metadata.namespace}/${name}`] : [];
      },
      services: itself,
      pods: (change) => servicesOf(api, change),
    },
    initialKeys: () => api.list('services').map(keyOf),
    reconcile,
  };
}

const isOf = ({ metadata }: EndpointSlice, service: string): boolean =>
  metadata.labels?.[serviceLabel] === service && metadata.labels[managedLabel] === manager && !metadata.deletionTimestamp;
