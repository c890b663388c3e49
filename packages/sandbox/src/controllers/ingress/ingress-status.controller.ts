import { equal } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { Ingress } from '../model/network.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { itself } from '../parts/watch-keys.js';

/** The `spec.controller` of the ingress classes that this one serves. */
export const ingressController = 'sandbox.fairlead.dev/ingress';
const address = '127.0.0.1';

/** Stands in for an ingress controller: gives ingresses of its classes an address. Nothing listens there. */
export function ingressStatus(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'ingress-controller', fieldManager: 'ingress-controller' });
  const ingress = [{ ip: address }];

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key);
    const found = api.get('ingresses.networking.k8s.io', namespace, name);
    if (!found || !isOurs(found) || equal(found.status?.loadBalancer?.ingress, ingress)) return;
    api.changeStatus('ingresses.networking.k8s.io', found, (draft) => {
      draft.status = { loadBalancer: { ingress: [...ingress] } };
    });
  }

  function isOurs({ spec, metadata }: Ingress): boolean {
    const name = spec.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? '';
    const found = api.get('ingressclasses.networking.k8s.io', '', name);
    return (found?.spec as { controller?: string } | undefined)?.controller === ingressController;
  }

  const all = (): string[] => api.list('ingresses.networking.k8s.io').map(keyOf);
  return {
    name: 'ingress-status',
    watches: { 'ingresses.networking.k8s.io': itself, 'ingressclasses.networking.k8s.io': all },
    initialKeys: all,
    reconcile,
  };
}
