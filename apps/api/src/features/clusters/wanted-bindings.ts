import type { KubeObject } from '@fairlead/kube';
import { type Role, roles } from '@fairlead/shared';
import { kubernetesSubjectName } from '../access/index.js';
import { bindingNameOf, bindingNames, clusterRoleOf, managedBy, peopleNamespace } from './accounts/names.js';

export interface NamespaceGrants {
  namespace: string;
  projectId: string;
  projectName: string;
  grants: readonly {
    role: Role;
    expiresAt: Date | null;
    principal: { id: string; kind: 'user' | 'robot'; ownOf: string | null; disabledAt: Date | null };
  }[];
}

export interface Binding {
  namespace: string;
  name: string;
  role: Role;
  /** Names of ServiceAccounts in fairlead-people, sorted. */
  subjects: string[];
}

export type BindingChange = { do: 'apply'; binding: Binding; replace: boolean } | { do: 'remove'; namespace: string; name: string };

/** One binding per role that somebody holds; expired grants and disabled principals have none. */
export function wantedBindings({ namespace, grants }: NamespaceGrants, now: Date): Binding[] {
  return roles.flatMap((role) => {
    const held = grants.filter(
      (grant) => grant.role === role && !grant.principal.disabledAt && (!grant.expiresAt || grant.expiresAt > now),
    );
    const subjects = held.map((grant) => kubernetesSubjectName(grant.principal)).sort();
    return subjects.length > 0 ? [{ namespace, name: bindingNameOf(role), role, subjects }] : [];
  });
}

/** The moment at which the next grant expires, or null. */
export function nextExpiry(namespaces: readonly NamespaceGrants[], now: Date): Date | null {
  const ends = namespaces.flatMap(({ grants }) =>
    grants.flatMap(({ expiresAt }) => (expiresAt && expiresAt > now ? [expiresAt.getTime()] : [])),
  );
  return ends.length > 0 ? new Date(Math.min(...ends)) : null;
}

/** What makes `found` (every RoleBinding of the namespace) carry exactly `wanted` under our four names; others' bindings are left alone. */
export function bindingChanges(namespace: string, wanted: readonly Binding[], found: readonly KubeObject[]): BindingChange[] {
  const changes: BindingChange[] = [];
  for (const binding of wanted) {
    const is = found.find((object) => object.metadata.name === binding.name);
    const sameRole = is !== undefined && sameRef(is, binding.role);
    if (!sameRole || !sameSubjects(is, binding.subjects)) changes.push({ do: 'apply', binding, replace: is !== undefined && !sameRole });
  }
  for (const { metadata } of found)
    if (bindingNames.includes(metadata.name) && !wanted.some((binding) => binding.name === metadata.name))
      changes.push({ do: 'remove', namespace, name: metadata.name });
  return changes;
}

export function bindingObject({ namespace, name, role, subjects }: Binding): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace, labels: { ...managedBy } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRoleOf(role) },
    subjects: subjects.map((subject) => ({ kind: 'ServiceAccount', name: subject, namespace: peopleNamespace })),
  };
}

function sameRef(object: KubeObject, role: Role): boolean {
  const ref = object.roleRef as { kind?: unknown; name?: unknown } | undefined;
  return ref?.kind === 'ClusterRole' && ref.name === clusterRoleOf(role);
}

function sameSubjects(object: KubeObject, wanted: readonly string[]): boolean {
  const subjects = (object.subjects ?? []) as { kind?: unknown; name?: unknown; namespace?: unknown }[];
  const plain = subjects
    .map(({ kind, name, namespace }) => (kind === 'ServiceAccount' && namespace === peopleNamespace ? String(name) : `?${String(kind)}`))
    .sort();
  return JSON.stringify(plain) === JSON.stringify(wanted);
}
