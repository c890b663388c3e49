/** Built-in kinds that an app may hold: `apiVersion/kind` → plural. Everything here is namespaced; other groups are asked of the cluster. */
const plurals: Readonly<Record<string, string>> = {
  'v1/ConfigMap': 'configmaps',
  'v1/Endpoints': 'endpoints',
  'v1/LimitRange': 'limitranges',
  'v1/PersistentVolumeClaim': 'persistentvolumeclaims',
  'v1/Pod': 'pods',
  'v1/PodTemplate': 'podtemplates',
  'v1/ReplicationController': 'replicationcontrollers',
  'v1/ResourceQuota': 'resourcequotas',
  'v1/Secret': 'secrets',
  'v1/Service': 'services',
  'v1/ServiceAccount': 'serviceaccounts',
  'apps/v1/ControllerRevision': 'controllerrevisions',
  'apps/v1/DaemonSet': 'daemonsets',
  'apps/v1/Deployment': 'deployments',
  'apps/v1/ReplicaSet': 'replicasets',
  'apps/v1/StatefulSet': 'statefulsets',
  'autoscaling/v1/HorizontalPodAutoscaler': 'horizontalpodautoscalers',
  'autoscaling/v2/HorizontalPodAutoscaler': 'horizontalpodautoscalers',
  'batch/v1/CronJob': 'cronjobs',
  'batch/v1/Job': 'jobs',
  'coordination.k8s.io/v1/Lease': 'leases',
  'discovery.k8s.io/v1/EndpointSlice': 'endpointslices',
  'networking.k8s.io/v1/Ingress': 'ingresses',
  'networking.k8s.io/v1/NetworkPolicy': 'networkpolicies',
  'policy/v1/PodDisruptionBudget': 'poddisruptionbudgets',
  'rbac.authorization.k8s.io/v1/Role': 'roles',
  'rbac.authorization.k8s.io/v1/RoleBinding': 'rolebindings',
};

/** Built-in kinds of no namespace. */
const clusterScoped = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'FlowSchema',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

/** Kinds whose pods are the app: scale and image act on the one that an app has. */
export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'Pod'] as const;
const scalable = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);

export const isWorkload = (kind: string): boolean => (workloadKinds as readonly string[]).includes(kind);
export const isScalable = (kind: string): boolean => scalable.has(kind);

/** The plural of a built-in namespaced kind; undefined when only the cluster can say. */
export const builtInPlural = (apiVersion: string, kind: string): string | undefined =>
  Object.hasOwn(plurals, `${apiVersion}/${kind}`) ? plurals[`${apiVersion}/${kind}`] : undefined;

export function isClusterScoped(apiVersion: string, kind: string): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return clusterScoped.has(kind) && (group === '' || !group.includes('.') || group.endsWith('.k8s.io'));
}

/** `group` is '' for the core group. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

// What others need comes first: configuration before the pods that mount it, pods before what routes to them.
const order = [
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'Service',
  'PodDisruptionBudget',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Ingress',
];
const rank = (kind: string): number => {
  const at = order.indexOf(kind);
  return at < 0 ? order.length : at;
};

/** Objects in the order in which they are applied; deleting goes backwards. */
export const inApplyOrder = <T extends { kind: string }>(objects: readonly T[]): T[] =>
  [...objects].sort((a, b) => rank(a.kind) - rank(b.kind));
