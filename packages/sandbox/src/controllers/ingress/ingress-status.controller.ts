import { equal } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { Ingress } from '../model/network.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { itself } from '../parts/watch-keys.js';

/** Where the sandbox's ingress and load balancers are said to be. Nothing listens there. */
export const ingressAddress = '127.0.0.1';

/** Stands in for an ingress controller and a load balancer: gives ingresses of a class that there is, and services of type LoadBalancer, an address. */
export function addresses(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'ingress-controller', fieldManager: 'ingress-controller' });
  const ingress = [{ ip: ingressAddress }];

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key.slice(key.indexOf(':') + 1));
    if (key.startsWith('service:')) giveService(namespace, name);
    else giveIngress(namespace, name);
  }

  function giveIngress(namespace: string, name: string): void {
    const found = api.get('ingresses.networking.k8s.io', namespace, name);
    if (!found || !hasClass(found) || equal(found.status?.loadBalancer?.ingress, ingress)) return;
    api.changeStatus('ingresses.networking.k8s.io', found, (draft) => {
      draft.status = { loadBalancer: { ingress } };
    });
  }

  function giveService(namespace: string, name: string): void {
    const found = api.get('services', namespace, name);
    if (!found) return;
    const wanted = found.spec.type === 'LoadBalancer' ? ingress : undefined;
    if (equal(found.status?.loadBalancer?.ingress, wanted)) return;
    api.changeStatus('services', found, (draft) => {
      draft.status = { ...draft.status, loadBalancer: wanted ? { ingress: [...wanted] } : {} };
    });
  }

  const hasClass = ({ spec, metadata }: Ingress): boolean => {
    const name = spec.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'];
    return name !== undefined && api.get('ingressclasses.networking.k8s.io', '', name) !== undefined;
  };
  const allIngresses = (): string[] => api.list('ingresses.networking.k8s.io').map((each) => `ingress:${keyOf(each)}`);
  const ofIngress = (change: Parameters<typeof itself>[0]): string[] => itself(change).map((key) => `ingress:${key}`);

  return {
    name: 'addresses',
    watches: {
      'ingresses.networking.k8s.io': ofIngress,
      'ingressclasses.networking.k8s.io': allIngresses,
      services: (change) => itself(change).map((key) => `service:${key}`),
    },
    initialKeys: () => [...allIngresses(), ...api.list('services').map((each) => `service:${keyOf(each)}`)],
    reconcile,
  };
}
