import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../api/api.js';
import { recordedData } from '../recorded-data.js';
import { gather } from './aggregation.js';
import { rbacGroup } from './rbac/rules.js';

const plurals: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** The roles and bindings that an API server makes for itself, as `scripts/record-rbac.mjs` wrote them down. What is there stays as it is. */
export function seedAccess(api: Api): void {
  for (const object of recordedData<KubeObject[]>('rbac')) {
    const resource = `${plurals[object.kind ?? '']}.${rbacGroup}`;
    const { namespace = '', name } = object.metadata;
    if (!api.get(resource, namespace, name)) api.create(resource, object, { fieldManager: 'kube-apiserver' });
  }
  // edit gathers view's rules through its own parts, admin those of edit: by the order of their needs.
  for (const name of ['view', 'edit', 'admin']) {
    const role = api.get(`clusterroles.${rbacGroup}`, '', name);
    if (role?.aggregationRule) gather(api, role);
  }
}
