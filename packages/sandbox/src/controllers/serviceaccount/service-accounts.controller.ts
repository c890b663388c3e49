import type { Change } from '../../api/api.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { Kinds } from '../model/kinds.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf } from '../parts/keys.js';

const certificateMap = 'kube-root-ca.crt';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** A ServiceAccount `default` in every namespace. */
export const serviceAccounts = (context: ControllerContext): Controller =>
  inEveryNamespace(context, 'serviceaccount', 'service-account-controller', 'serviceaccounts', 'default', (api, namespace) => {
    if (api.get('serviceaccounts', namespace, 'default')) return;
    api.create('serviceaccounts', { metadata: { name: 'default', namespace } });
  });

/** The cluster's certificate in every namespace; put right when somebody changes it. */
export const rootCertificates = (context: ControllerContext): Controller =>
  inEveryNamespace(context, 'root-ca', 'root-ca-cert-publisher', 'configmaps', certificateMap, (api, namespace) => {
    const data = { 'ca.crt': context.rootCertificate ?? '' };
    const annotations = { 'kubernetes.io/description': description };
    const current = api.get('configmaps', namespace, certificateMap);
    if (!current) api.create('configmaps', { metadata: { name: certificateMap, namespace, annotations }, data });
    else
      api.change('configmaps', current, (draft) => {
        draft.data = data;
        draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
      });
  });

function inEveryNamespace(
  context: ControllerContext,
  controller: string,
  account: string,
  resource: keyof Kinds,
  name: string,
  ensure: (api: ControllerApi, namespace: string) => void,
): Controller {
  const api = new ControllerApi(context, { account });
  const its = ({ object }: Change): string[] => (object.metadata.name === name ? [object.metadata.namespace ?? ''] : []);
  return {
    name: controller,
    watches: { [resource]: its, namespaces: (change) => (change.type === 'ADDED' ? [keyOf(change.object)] : []) },
    initialKeys: () => api.list('namespaces').map(keyOf),
    reconcile(namespace): undefined {
      const found = api.get('namespaces', '', namespace);
      if (found && !found.metadata.deletionTimestamp) ensure(api, namespace);
    },
  };
}
