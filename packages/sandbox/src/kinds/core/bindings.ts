import { notFound } from '../../machinery/api-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { bindPod, success } from './pods/binding.js';

/** The old way to bind a pod: POST …/bindings. Nothing of it is stored. */
export const bindings: ResourceDefinition = {
  group: '',
  version: 'v1',
  resource: 'bindings',
  singular: 'binding',
  kind: 'Binding',
  namespaced: true,
  verbs: ['create'],
  storage: 'bindings',
  hasGeneration: false,
  answer(binding, context) {
    const { namespace = '', name } = binding.metadata;
    const pod = context.api.get('pods', namespace, name);
    if (!pod) throw notFound({ group: '', resource: 'pods' }, name);
    bindPod(pod, binding, context);
    return { ...success, metadata: { name: '' } };
  },
  subresources: {},
};
