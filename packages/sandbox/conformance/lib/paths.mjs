// Where each kind lives.

const core =
  'bindings configmaps endpoints events limitranges persistentvolumeclaims pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services';
const namespaced = {
  '/api/v1': core,
  '/apis/apps/v1': 'controllerrevisions daemonsets deployments replicasets statefulsets',
  '/apis/batch/v1': 'cronjobs jobs',
  '/apis/autoscaling/v2': 'horizontalpodautoscalers',
  '/apis/policy/v1': 'poddisruptionbudgets',
  '/apis/networking.k8s.io/v1': 'ingresses networkpolicies',
  '/apis/discovery.k8s.io/v1': 'endpointslices',
  '/apis/coordination.k8s.io/v1': 'leases',
  '/apis/rbac.authorization.k8s.io/v1': 'roles rolebindings',
  '/apis/authorization.k8s.io/v1': 'localsubjectaccessreviews',
};
const cluster = {
  '/api/v1': 'namespaces nodes persistentvolumes',
  '/apis/rbac.authorization.k8s.io/v1': 'clusterroles clusterrolebindings',
  '/apis/scheduling.k8s.io/v1': 'priorityclasses',
  '/apis/storage.k8s.io/v1': 'storageclasses',
  '/apis/networking.k8s.io/v1': 'ingressclasses',
  '/apis/apiextensions.k8s.io/v1': 'customresourcedefinitions',
  '/apis/admissionregistration.k8s.io/v1':
    'validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations mutatingwebhookconfigurations',
  '/apis/authentication.k8s.io/v1': 'selfsubjectreviews tokenreviews',
  '/apis/authorization.k8s.io/v1': 'selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews',
};

const table = new Map();
for (const [prefix, names] of Object.entries(namespaced))
  for (const name of names.split(' ')) table.set(name, { prefix, namespaced: true });
for (const [prefix, names] of Object.entries(cluster)) for (const name of names.split(' ')) table.set(name, { prefix, namespaced: false });

/** `pathOf('pods', 'team', 'web-0', 'log')`; a namespace that is not needed is passed over, `''` means all. */
export function pathOf(resource, namespace, ...rest) {
  const entry = table.get(resource);
  if (!entry) throw new Error(`where does ${resource} live?`);
  const scope = entry.namespaced && namespace ? `/namespaces/${namespace}` : '';
  return [`${entry.prefix}${scope}/${resource}`, ...rest.map(encodeURIComponent)].join('/');
}

export const isNamespaced = (resource) => table.get(resource)?.namespaced ?? false;
