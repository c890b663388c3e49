import type { KubeObject } from '@fairlead/kube/protocol';
import { equal } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { Ingress } from '../model/network.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { itself } from '../parts/watch-keys.js';

/** The `spec.controller` of the ingress classes that this one serves. */
export const ingressController = 'sandbox.fairlead.dev/ingress';
/** On the class: the port of this machine on which its Ingresses answer. */
export const ingressPort = 'sandbox.fairlead.dev/port';
const address = '127.0.0.1';

/** Stands in for an ingress controller: gives ingresses of its classes an address, and the port where something listens. */
export function ingressStatus(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'ingress-controller', fieldManager: 'ingress-controller' });

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key);
    const found = api.get('ingresses.networking.k8s.io', namespace, name);
    const ofClass = found && classOf(found);
    if (!found || !ofClass) return;
    const port = Number(ofClass.metadata.annotations?.[ingressPort] ?? 0);
    const ingress = [{ ip: address, ...(port > 0 ? { ports: [{ port, protocol: 'TCP' }] } : {}) }];
    if (equal(found.status?.loadBalancer?.ingress, ingress)) return;
    api.changeStatus('ingresses.networking.k8s.io', found, (draft) => {
      draft.status = { loadBalancer: { ingress: [...ingress] } };
    });
  }

  function classOf({ spec, metadata }: Ingress): KubeObject | undefined {
    const name = spec.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? '';
    const found = api.get('ingressclasses.networking.k8s.io', '', name);
    return (found?.spec as { controller?: string } | undefined)?.controller === ingressController ? found : undefined;
  }

  const all = (): string[] => api.list('ingresses.networking.k8s.io').map(keyOf);
  return {
    name: 'ingress-status',
    watches: { 'ingresses.networking.k8s.io': itself, 'ingressclasses.networking.k8s.io': all },
    initialKeys: all,
    reconcile,
  };
}
