import type { GroupResource } from '../machinery/object.js';
import { groupResource } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';

// What the registry strategies of Kubernetes 1.34 say about a few resources; a definition may say otherwise for itself.

const createOnUpdate: ReadonlySet<GroupResource> = new Set([
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'leases.coordination.k8s.io',
  'runtimeclasses.node.k8s.io',
  'limitranges',
  'events',
  'services',
  'endpoints',
]);
const needResourceVersion: ReadonlySet<GroupResource> = new Set([
  'leases.coordination.k8s.io',
  'poddisruptionbudgets.policy',
  'customresourcedefinitions.apiextensions.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
]);
const returnDeleted: ReadonlySet<GroupResource> = new Set([
  'storageclasses.storage.k8s.io',
  'resourcequotas',
  'persistentvolumes',
  'persistentvolumeclaims',
  'serviceaccounts',
  'pods',
  'services',
  'podtemplates',
]);
const orphanByDefault: ReadonlySet<GroupResource> = new Set(['replicationcontrollers', 'jobs.batch']);

const of = ({ group, resource }: ResourceDefinition): GroupResource => groupResource(group, resource);

export const allowsCreateOnUpdate = (definition: ResourceDefinition): boolean =>
  definition.createOnUpdate ?? createOnUpdate.has(of(definition));
export const allowsUnconditionalUpdate = (definition: ResourceDefinition): boolean =>
  definition.unconditionalUpdate ?? !needResourceVersion.has(of(definition));
export const returnsDeletedObject = (definition: ResourceDefinition): boolean =>
  definition.returnsDeleted ?? returnDeleted.has(of(definition));
export const orphansByDefault = (definition: ResourceDefinition): boolean => orphanByDefault.has(of(definition));
/** Said to whoever deletes one without a word about its dependents, whether it is there or not. */
export const deletionWarning = (definition: ResourceDefinition): string | undefined =>
  of(definition) === 'jobs.batch'
    ? 'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'
    : undefined;
/** Kubelets register a node with its status. */
export const keepsStatusOnCreate = (definition: ResourceDefinition): boolean => of(definition) === 'nodes';
export const hasStatus = (definition: ResourceDefinition): boolean => definition.subresources.status !== undefined;
