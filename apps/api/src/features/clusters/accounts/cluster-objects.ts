import { type Role, roles } from '@fairlead/shared';
import { type PolicyRule, rulesAdded } from '../../access/index.js';
import { keeperPolicies } from './keeper-policies.js';
import {
  ACCOUNTS_VERSION,
  clusterRoleOf,
  managedBy,
  mintedAccounts,
  minter,
  minterSecret,
  peopleNamespace,
  systemNamespace,
} from './names.js';

export interface ClusterObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

const rbac = 'rbac.authorization.k8s.io/v1';
const aggregate = (role: string) => `fairlead.dev/aggregate-to-${role}`;

/**
 * Everything that Fairlead keeps in a cluster for itself, in the order of applying. Pure: the same for every cluster. The first one is the
 * namespace that owns all the others: when it is deleted, the cluster's garbage collector removes the rest.
 */
export function clusterObjects(): ClusterObject[] {
  return [
    {
      ...object('v1', 'Namespace', systemNamespace),
      metadata: { ...meta(systemNamespace), annotations: { 'fairlead.dev/accounts-version': String(ACCOUNTS_VERSION) } },
    },
    { ...object('v1', 'Namespace', peopleNamespace), metadata: { ...meta(peopleNamespace), labels: { ...managedBy, ...restricted } } },
    ...keeperPolicies().map(({ kind, name, spec }) => ({ ...object('admissionregistration.k8s.io/v1', kind, name), spec })),
    ...[...mintedAccounts, minter].map((name) => ({
      ...object('v1', 'ServiceAccount', name, systemNamespace),
      automountServiceAccountToken: false,
    })),
    ...impersonator(),
    ...keeper(),
    ...observer(),
    ...minting(),
    ...roles.flatMap(projectRole),
  ];
}

const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };

/** May become any ServiceAccount name in fairlead-people, with one group, and nothing else whatsoever: a lost header is a 403. */
function impersonator(): ClusterObject[] {
  const name = 'fairlead:impersonator';
  return [
    role(name, peopleNamespace, [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] }]),
    binding('RoleBinding', name, { kind: 'Role', name }, 'impersonator', peopleNamespace),
    clusterRole(name, [
      { apiGroups: [''], resources: ['groups'], verbs: ['impersonate'], resourceNames: ['system:authenticated'] },
      { apiGroups: ['authentication.k8s.io'], resources: ['userextras/fairlead.dev/token'], verbs: ['impersonate'] },
    ]),
    binding('ClusterRoleBinding', name, { kind: 'ClusterRole', name }, 'impersonator'),
  ];
}

/** Writes the bindings of projects. What RBAC leaves too wide, the policies in keeper-policies.ts cut. */
function keeper(): ClusterObject[] {
  const name = 'fairlead:keeper';
  return [
    clusterRole(name, [
      {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['rolebindings'],
        verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['bind'], resourceNames: roles.map(clusterRoleOf) },
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
    ]),
    binding('ClusterRoleBinding', name, { kind: 'ClusterRole', name }, 'keeper'),
  ];
}

/** Reads what pages show: the cluster's own view role, and what stands beside namespaces. Never Secrets, never nodes/proxy. */
function observer(): ClusterObject[] {
  const name = 'fairlead:observer';
  const read = ['get', 'list', 'watch'];
  const base = clusterRole('fairlead:rules:observer', [
    { apiGroups: [''], resources: ['nodes', 'namespaces', 'persistentvolumes'], verbs: read },
    { apiGroups: ['storage.k8s.io'], resources: ['storageclasses', 'csidrivers', 'volumeattachments'], verbs: read },
    { apiGroups: ['networking.k8s.io'], resources: ['ingressclasses'], verbs: read },
    { apiGroups: ['scheduling.k8s.io'], resources: ['priorityclasses'], verbs: read },
    { apiGroups: ['node.k8s.io'], resources: ['runtimeclasses'], verbs: read },
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: read },
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'], verbs: read },
    { apiGroups: ['metrics.k8s.io'], resources: ['nodes', 'pods'], verbs: read },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ]);
  base.metadata.labels[aggregate('observer')] = 'true';
  return [
    base,
    aggregated(name, ['rbac.authorization.k8s.io/aggregate-to-view', aggregate('observer')]),
    binding('ClusterRoleBinding', name, { kind: 'ClusterRole', name }, 'observer'),
  ];
}

/** Its token is the one credential that Fairlead keeps: good for nothing but hour-long tokens of the three others. */
function minting(): ClusterObject[] {
  const name = 'fairlead:minter';
  return [
    role(name, systemNamespace, [
      { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'], resourceNames: [...mintedAccounts] },
    ]),
    binding('RoleBinding', name, { kind: 'Role', name }, minter, systemNamespace),
    {
      ...object('v1', 'Secret', minterSecret, systemNamespace),
      metadata: { ...meta(minterSecret, systemNamespace), annotations: { 'kubernetes.io/service-account.name': minter } },
      type: 'kubernetes.io/service-account-token',
    },
  ];
}

/** `fairlead:<role>` gathers every ClusterRole labelled for it: ours, and what an administrator adds for their own kinds. */
function projectRole(of: Role): ClusterObject[] {
  const rules = clusterRole(`fairlead:rules:${of}`, [...rulesAdded[of]]);
  for (const stronger of roles.slice(roles.indexOf(of))) rules.metadata.labels[aggregate(stronger)] = 'true';
  return [rules, aggregated(clusterRoleOf(of), [aggregate(of)])];
}

const meta = (name: string, namespace?: string) => ({
  name,
  ...(namespace && { namespace }),
  labels: { ...managedBy } as Record<string, string>,
});
const object = (apiVersion: string, kind: string, name: string, namespace?: string): ClusterObject => ({
  apiVersion,
  kind,
  metadata: meta(name, namespace),
});
const role = (name: string, namespace: string, rules: PolicyRule[]): ClusterObject => ({ ...object(rbac, 'Role', name, namespace), rules });
const clusterRole = (name: string, rules: PolicyRule[]): ClusterObject => ({ ...object(rbac, 'ClusterRole', name), rules });

/** Without `rules`: the cluster's controller owns and fills them. */
const aggregated = (name: string, labels: string[]): ClusterObject => ({
  ...object(rbac, 'ClusterRole', name),
  aggregationRule: { clusterRoleSelectors: labels.map((label) => ({ matchLabels: { [label]: 'true' } })) },
});

const binding = (
  kind: 'RoleBinding' | 'ClusterRoleBinding',
  name: string,
  ref: { kind: string; name: string },
  account: string,
  namespace?: string,
): ClusterObject => ({
  ...object(rbac, kind, name, namespace),
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...ref },
  subjects: [{ kind: 'ServiceAccount', name: account, namespace: systemNamespace }],
});
