import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import type { ResourceDefinition, Verb } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { finalizerName } from '../parts/finalizers.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isLabel } from '../parts/names.js';
import { keepAllBut } from '../parts/status-part.js';
import { fields, strings, text, within } from '../parts/values.js';

const verbs: readonly Verb[] = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const nameLabel = 'kubernetes.io/metadata.name';

export const namespaces: ResourceDefinition = define({
  resource: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
  shortNames: ['ns'],
  verbs,
  hasGeneration: false,
  nameProblem: firstProblem(isLabel),
  setDefaults(namespace) {
    const { metadata } = namespace;
    if (metadata.name) metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
    const status = within(namespace, 'status');
    if (text(status.phase) === '') status.phase = 'Active';
  },
  prepareForCreate(namespace) {
    const { metadata } = namespace;
    metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
    namespace.status = { phase: 'Active' };
    const spec = within(namespace, 'spec');
    const finalizers = strings(spec.finalizers);
    if (!finalizers.includes('kubernetes')) spec.finalizers = [...finalizers, 'kubernetes'];
  },
  prepareForUpdate(namespace, old) {
    // Its finalizers are changed by the finalize subresource only.
    namespace.spec = old.spec;
  },
  validateCreate: ({ spec }) => strings(fields(spec).finalizers).flatMap((each) => finalizerName(each, 'spec.finalizers')),
  status: { validateUpdate: phaseRules },
  subresources: {
    finalize: {
      type: 'part',
      verbs: ['update'],
      prepareForUpdate(namespace, old) {
        keepAllBut(namespace, old, ['spec']);
      },
      validateUpdate: ({ spec }) =>
        strings(fields(spec).finalizers).flatMap((each, index) => finalizerName(each, `spec.finalizers[${index}]`)),
    },
  },
  selectableFields: {
    'status.phase': ({ status }) => text(fields(status).phase),
    name: ({ metadata }) => metadata.name,
  },
  cells: ({ metadata, status }, now) => [metadata.name, text(fields(status).phase), since(metadata.creationTimestamp, now)],
});

function phaseRules({ metadata, status }: KubeObject): FieldError[] {
  const phase = text(fields(status).phase);
  const wanted = metadata.deletionTimestamp ? 'Terminating' : 'Active';
  const when = metadata.deletionTimestamp ? 'is not empty' : 'is empty';
  return phase === wanted ? [] : [invalidValue('status.Phase', phase, `may only be '${wanted}' if \`deletionTimestamp\` ${when}`)];
}
