import { labelProblem } from '../../machinery/name-problem.js';
import type { ResourceDefinition, Verb } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { keepAllBut } from '../parts/status-part.js';
import { fields, strings, text, within } from '../parts/values.js';

const verbs: readonly Verb[] = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

export const namespaces: ResourceDefinition = define({
  resource: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
  shortNames: ['ns'],
  verbs,
  hasGeneration: false,
  nameProblem: labelProblem,
  setDefaults(namespace) {
    const { metadata } = namespace;
    if (metadata.name) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
  },
  prepareForCreate(namespace) {
    const { metadata } = namespace;
    metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
    namespace.status = { phase: 'Active' };
    const spec = within(namespace, 'spec');
    const finalizers = strings(spec.finalizers);
    if (!finalizers.includes('kubernetes')) spec.finalizers = [...finalizers, 'kubernetes'];
  },
  prepareForUpdate(namespace, old) {
    // Its finalizers are changed by the finalize subresource only.
    namespace.spec = old.spec;
  },
  status: true,
  subresources: {
    finalize: {
      type: 'part',
      verbs: ['update'],
      prepareForUpdate(namespace, old) {
        keepAllBut(namespace, old, ['spec']);
      },
    },
  },
  selectableFields: {
    'status.phase': ({ status }) => text(fields(status).phase),
    name: ({ metadata }) => metadata.name,
  },
  cells: ({ metadata, status }, now) => [metadata.name, text(fields(status).phase), since(metadata.creationTimestamp, now)],
});
