import type { Api } from '../../api/api.js';
import { notInTheSandbox } from '../../machinery/api-error.js';
import { controllerUser } from '../../machinery/user.js';
import type { Pod } from '../model/pod.js';

/** POST pods/NAME/binding, as the scheduler does it. */
export function bind(api: Api, pod: Pod, node: string): void {
  const binding = api.registry.stored('pods').subresources.binding;
  if (binding?.type !== 'act') throw notInTheSandbox('pods/binding');
  const { namespace = '', name, uid } = pod.metadata;
  const body = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace, ...(uid ? { uid } : {}) },
    target: { apiVersion: 'v1', kind: 'Node', name: node },
  };
  const parent = api.get('pods', namespace, name) ?? pod;
  binding.act(parent, body, { api, user: controllerUser('kube-scheduler'), now: api.now(), dryRun: false });
}
