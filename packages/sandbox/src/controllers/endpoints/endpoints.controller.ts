import { equal } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { EndpointSubset, Endpoints, Service } from '../model/network.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { itself } from '../parts/watch-keys.js';
import { inheritedLabels, lastTrigger, triggerAnnotation } from './backends.js';
import { isManaged, podsOf, servicesOf } from './service-pods.js';
import { subsets } from './subsets.js';

const capacity = 1000;

/** The Endpoints object of every service with a selector. */
export function endpoints(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'endpoint-controller' });

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key);
    const service = api.get('services', namespace, name);
    const current = api.get('endpoints', namespace, name);
    if (!service) {
      if (current && madeHere(current)) api.delete('endpoints', current);
      return;
    }
    if (!isManaged(service)) return;
    const pods = podsOf(api, service);
    const { list, over } = limited(subsets(service, pods));
    const labels = labelsOf(service);
    const annotations = {
      [triggerAnnotation]: lastTrigger(service, pods),
      ...(over ? { 'endpoints.kubernetes.io/over-capacity': 'truncated' } : {}),
    };
    if (!current) {
      const wanted: Endpoints = { metadata: { name, namespace, labels, annotations }, ...(list.length > 0 ? { subsets: list } : {}) };
      api.create('endpoints', wanted);
    } else if (!equal(current.subsets ?? [], list) || !equal(current.metadata.labels ?? {}, labels)) {
      api.change('endpoints', current, (draft) => {
        draft.metadata.labels = labels;
        draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
        if (!over) delete draft.metadata.annotations['endpoints.kubernetes.io/over-capacity'];
        if (list.length > 0) draft.subsets = list;
        else delete draft.subsets;
      });
    }
  }

  return {
    name: 'endpoints',
    watches: { endpoints: itself, services: itself, pods: (change) => servicesOf(api, change) },
    initialKeys: () => [...api.list('services'), ...api.list('endpoints').filter(madeHere)].map(keyOf),
    reconcile,
  };
}

const managedBy = 'endpoints.kubernetes.io/managed-by';
const labelsOf = (service: Service): Record<string, string> => ({ ...inheritedLabels(service), [managedBy]: 'endpoint-controller' });
const madeHere = ({ metadata }: Endpoints): boolean => metadata.labels?.[managedBy] === 'endpoint-controller';

/** At most a thousand addresses, the ready ones first. */
function limited(all: readonly EndpointSubset[]): { list: EndpointSubset[]; over: boolean } {
  let left = capacity;
  let over = false;
  const take = <T>(addresses: readonly T[] = []): T[] => {
    const taken = addresses.slice(0, left);
    over ||= taken.length < addresses.length;
    left -= taken.length;
    return taken;
  };
  const ready = all.map((each) => take(each.addresses));
  const list = all.flatMap(({ ports, notReadyAddresses }, index) => {
    const [addresses, notReady] = [ready[index] ?? [], take(notReadyAddresses)];
    if (addresses.length === 0 && notReady.length === 0) return [];
    return [
      {
        ...(addresses.length > 0 ? { addresses } : {}),
        ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
        ...(ports ? { ports } : {}),
      },
    ];
  });
  return { list, over };
}
