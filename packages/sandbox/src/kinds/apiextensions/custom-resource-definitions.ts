import type { KubeObject } from '@fairlead/kube/protocol';
import { notInTheSandbox } from '../../machinery/api-error.js';
import { define } from '../parts/define.js';
import { crdProblems, crdUpdateProblems } from './crd-problems.js';
import { isTrue, specOf, statusOf, storageVersion } from './crd-spec.js';

export const customResourceDefinitions = define({
  group: 'apiextensions.k8s.io',
  resource: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  status: {
    validateUpdate: (object, old) => crdUpdateProblems(object, old, isTrue(old, 'Established')),
  },
  unconditionalUpdate: false,
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp ?? null],
  setDefaults(object) {
    const spec = specOf(object);
    object.spec = spec;
    spec.names ??= {};
    const { names } = spec;
    if (!names.singular && names.kind) names.singular = names.kind.toLowerCase();
    if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
    spec.conversion.strategy ??= 'None';
  },
  prepareForCreate(object) {
    refuseWebhooks(object);
    object.status = { ...emptyStatus, storedVersions: [] };
    storeVersion(object);
  },
  prepareForUpdate(object, old) {
    refuseWebhooks(object);
    object.status = statusOf(old);
    storeVersion(object);
  },
  validate: crdProblems,
  validateUpdate: (object, old) => crdUpdateProblems(object, old, isTrue(old, 'Established')),
});

/** What a definition that is being deleted waits for: that its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

const emptyStatus = { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] };

function refuseWebhooks(object: KubeObject): void {
  if (specOf(object).conversion?.strategy === 'Webhook') throw notInTheSandbox('conversion webhooks of CustomResourceDefinitions');
}

/** Every version that was once the storage version is remembered. */
function storeVersion(object: KubeObject): void {
  const status = statusOf(object);
  const storage = storageVersion(specOf(object));
  if (!storage || status.storedVersions?.includes(storage.name)) return;
  object.status = { ...status, storedVersions: [...(status.storedVersions ?? []), storage.name] };
}
