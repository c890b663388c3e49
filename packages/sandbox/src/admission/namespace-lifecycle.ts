import { status } from '@fairlead/kube/protocol';
import { ApiError, notFound } from '../machinery/api-error.js';
import { groupResource } from '../machinery/object.js';
import type { AdmissionPlugin, AdmissionRequest } from './admission.js';
import { admissionForbidden, admissionName } from './forbidden.js';

const immortal = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is made in a namespace that is not there or that is going; the system's own do not go. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  mutate(request, api) {
    const { definition, operation, namespace, name } = request;
    if (definition.group === '' && definition.resource === 'namespaces') {
      if (operation === 'DELETE' && immortal.has(name)) throw admissionForbidden(request, 'this namespace may not be deleted');
      return;
    }
    if (namespace === '' || operation === 'DELETE' || definition.group === 'authorization.k8s.io') return;
    const home = api.get('namespaces', '', namespace);
    if (!home) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    if (operation === 'CREATE' && home.metadata.deletionTimestamp && request.subresource === '') throw goingAway(request);
  },
};

function goingAway(request: AdmissionRequest): ApiError {
  const { definition, namespace } = request;
  const { group, resource } = definition;
  const name = admissionName(request);
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  return new ApiError(
    status(403, 'Forbidden', `${groupResource(group, resource)} "${name}" is forbidden: ${why}`, {
      name,
      ...(group ? { group } : {}),
      kind: resource,
      causes: [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }],
    }),
  );
}
