import type { KubeObject } from '@fairlead/kube/protocol';
import { groupResource } from '../../src/machinery/object.js';
import { allVerbs, type ResourceDefinition, type Subresource } from '../../src/registry/definition.js';

const status: Subresource = {
  type: 'part',
  verbs: ['get', 'patch', 'update'],
  prepareForUpdate(object: KubeObject, old: KubeObject) {
    if (old.spec !== undefined) object.spec = old.spec;
  },
};

const finalize: Subresource = { type: 'part', verbs: ['update'], prepareForUpdate: () => {} };

const scale: Subresource = {
  type: 'scale',
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
};

const binding: Subresource = {
  type: 'act',
  kind: { group: '', version: 'v1', kind: 'Binding' },
  act(parent, body, { api }) {
    const node = (body.target as { name: string }).name;
    const { namespace = '', name } = parent.metadata;
    api.change('pods', namespace, name, (pod) => {
      pod.spec = { ...(pod.spec as object), nodeName: node };
    });
    return { code: 201, object: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
  },
};

const pending = (object: KubeObject): void => {
  object.status = { phase: 'Pending' };
};
const activeNamespace = (object: KubeObject): void => {
  object.spec = { finalizers: ['kubernetes'] };
  object.status = { phase: 'Active' };
};

const selectOwnPods = (object: KubeObject): void => {
  const labels = { 'batch.kubernetes.io/controller-uid': object.metadata.uid ?? '', 'batch.kubernetes.io/job-name': object.metadata.name };
  const spec = object.spec as {
    selector?: object;
    completions?: number;
    parallelism?: number;
    template: { metadata?: { labels?: object } };
  };
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': object.metadata.uid } };
  spec.template.metadata = { ...spec.template.metadata, labels: { ...spec.template.metadata?.labels, ...labels } };
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
};

/** The kinds that controllers work with, without defaults and validation: what the controllers do is not to depend on them. */
export const plainKinds: readonly ResourceDefinition[] = [
  ...kinds('', 'v1', 'Namespace Node PersistentVolume', false),
  ...kinds('', 'v1', 'Pod Service ConfigMap Secret ServiceAccount ReplicationController ResourceQuota PersistentVolumeClaim'),
  kind('', 'v1', 'Endpoints', true, 'endpoints'),
  kind('', 'v1', 'Event', true, 'events', {}),
  ...kinds('apps', 'v1', 'Deployment ReplicaSet StatefulSet DaemonSet'),
  kind('apps', 'v1', 'ControllerRevision', true, 'controllerrevisions', {}),
  ...kinds('batch', 'v1', 'Job CronJob'),
  ...kinds('autoscaling', 'v2', 'HorizontalPodAutoscaler'),
  ...kinds('policy', 'v1', 'PodDisruptionBudget'),
  kind('networking.k8s.io', 'v1', 'Ingress', true, 'ingresses'),
  kind('networking.k8s.io', 'v1', 'IngressClass', false, 'ingressclasses', {}),
  kind('storage.k8s.io', 'v1', 'StorageClass', false, 'storageclasses', {}),
  kind('scheduling.k8s.io', 'v1', 'PriorityClass', false, 'priorityclasses', {}),
  kind('coordination.k8s.io', 'v1', 'Lease', true, 'leases', {}),
  kind('discovery.k8s.io', 'v1', 'EndpointSlice', true, 'endpointslices', {}),
];

function kinds(group: string, version: string, names: string, namespaced = true): ResourceDefinition[] {
  return names.split(' ').map((name) => kind(group, version, name, namespaced, `${name.toLowerCase()}s`));
}

function kind(
  group: string,
  version: string,
  name: string,
  namespaced: boolean,
  resource: string,
  subresources: Readonly<Record<string, Subresource>> = { status },
): ResourceDefinition {
  const special = specialties(subresources)[name] ?? {};
  const singular = name.toLowerCase();
  const storage = groupResource(group, resource);
  return {
    group,
    version,
    resource,
    singular,
    kind: name,
    namespaced,
    verbs: allVerbs,
    storage,
    subresources,
    ...special,
  };
}

function specialties(subresources: Readonly<Record<string, Subresource>>): Record<string, Partial<ResourceDefinition>> {
  return {
    Pod: { subresources: { ...subresources, binding }, prepareForCreate: pending },
    Job: { prepareForCreate: selectOwnPods },
    Namespace: { subresources: { ...subresources, finalize }, prepareForCreate: activeNamespace },
    Deployment: { subresources: { ...subresources, scale } },
  };
}
