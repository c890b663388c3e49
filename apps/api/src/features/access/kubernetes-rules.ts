import type { Role } from '@fairlead/shared';

export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

const read = ['get', 'list', 'watch'];
const write = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const rule = (apiGroup: string, resources: string[], verbs: string[]): PolicyRule => ({ apiGroups: [apiGroup], resources, verbs });

const workloads = ['deployments', 'statefulsets', 'daemonsets'];

/**
 * What each role adds to the one below it, in a project's namespaces. Written out here and never taken from the cluster's edit or admin: those
 * hold impersonation and token creation. No role has roles, rolebindings, serviceaccounts' tokens, or anything on the namespace but reading it.
 * exec, attach and port-forward are asked as `create` or as `get`, depending on the protocol and the release of Kubernetes.
 */
export const rulesAdded: Readonly<Record<Role, readonly PolicyRule[]>> = {
  viewer: [
    rule('', ['pods', 'pods/log', 'pods/status', 'services', 'services/status', 'endpoints', 'configmaps', 'events'], read),
    rule(
      '',
      ['persistentvolumeclaims', 'persistentvolumeclaims/status', 'replicationcontrollers', 'replicationcontrollers/scale', 'podtemplates'],
      read,
    ),
    rule('', ['serviceaccounts', 'resourcequotas', 'resourcequotas/status', 'limitranges'], read),
    rule('', ['namespaces'], ['get']),
    rule('apps', [...workloads, 'replicasets', 'controllerrevisions'], read),
    rule('apps', ['deployments/status', 'statefulsets/status', 'daemonsets/status', 'replicasets/status'], read),
    rule('apps', ['deployments/scale', 'statefulsets/scale', 'replicasets/scale'], read),
    rule('batch', ['jobs', 'cronjobs', 'jobs/status', 'cronjobs/status'], read),
    rule('autoscaling', ['horizontalpodautoscalers', 'horizontalpodautoscalers/status'], read),
    rule('policy', ['poddisruptionbudgets', 'poddisruptionbudgets/status'], read),
    rule('networking.k8s.io', ['ingresses', 'ingresses/status', 'networkpolicies'], read),
    rule('discovery.k8s.io', ['endpointslices'], read),
    rule('events.k8s.io', ['events'], read),
    rule('coordination.k8s.io', ['leases'], read),
    rule('metrics.k8s.io', ['pods'], read),
  ],
  deployer: [
    rule('apps', [...workloads, 'replicasets'], write),
    rule('apps', ['deployments/scale', 'statefulsets/scale', 'replicasets/scale'], ['update', 'patch']),
    rule('batch', ['jobs', 'cronjobs'], write),
    rule('autoscaling', ['horizontalpodautoscalers'], write),
    rule('policy', ['poddisruptionbudgets'], write),
    rule('networking.k8s.io', ['ingresses'], write),
    rule('', ['services', 'configmaps', 'persistentvolumeclaims'], write),
    rule('', ['secrets'], ['create']),
    // The plan dry-runs the workload's pod: quota and Pod Security speak only then.
    rule('', ['pods'], ['create']),
  ],
  operator: [
    rule('', ['pods'], ['update', 'patch', 'delete', 'deletecollection']),
    rule('', ['pods/exec', 'pods/attach', 'pods/portforward'], ['create', 'get']),
    rule('', ['pods/ephemeralcontainers'], ['get', 'update', 'patch']),
    rule('', ['pods/eviction'], ['create']),
    rule('', ['secrets'], [...read, 'update', 'patch', 'delete']),
  ],
  admin: [rule('networking.k8s.io', ['networkpolicies'], write), rule('', ['resourcequotas', 'limitranges'], write)],
};
