import type { Controller, ControllerContext } from '../../controllers/controller.js';
import { fields } from '../../kinds/parts/values.js';
import { controllerUser } from '../../machinery/user.js';

const policies = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const writer = {
  subresource: 'status',
  user: controllerUser('validatingadmissionpolicy-status-controller'),
  fieldManager: 'kube-controller-manager',
};

/** Says that a policy was seen. Its expressions were checked when it came; against the schemas of what it matches nobody checks them here. */
export function policyStatus({ api }: ControllerContext): Controller {
  return {
    name: 'validatingadmissionpolicy-status',
    watches: { [policies]: ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name]) },
    initialKeys: () => api.list(policies).map(({ metadata }) => metadata.name),
    reconcile(name): undefined {
      const policy = api.get(policies, '', name);
      const observedGeneration = policy?.metadata.generation;
      if (!policy || fields(policy.status).observedGeneration === observedGeneration) return;
      const put = (next: Record<string, unknown>): void => {
        next.status = { ...fields(next.status), observedGeneration, typeChecking: {} };
      };
      api.change(policies, '', name, put, writer);
    },
  };
}
