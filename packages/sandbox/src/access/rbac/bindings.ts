import type { Api, Change } from '../../api/api.js';
import type { Stored } from '../../machinery/object.js';
import type { UserInfo } from '../../machinery/user.js';
import { type RoleRef, roleRefOf, type Subject, subjectsOf } from './model.js';

export const clusterBindings = 'clusterrolebindings.rbac.authorization.k8s.io';
export const namespaceBindings = 'rolebindings.rbac.authorization.k8s.io';

/** One subject of one binding. */
export interface Grant {
  binding: string;
  /** '' for a ClusterRoleBinding. */
  namespace: string;
  role: RoleRef;
  subject: Subject;
  order: string;
}

/** Every binding by whom it names, kept by the changes: a question looks at the bindings of one user and of their groups only. */
export class BindingIndex {
  private readonly grants = new Map<string, Map<string, Grant[]>>();

  constructor(api: Api) {
    for (const resource of [clusterBindings, namespaceBindings]) {
      for (const each of api.list(resource)) this.add(each);
      api.onChange(resource, (change) => this.follow(change));
    }
  }

  /** ClusterRoleBindings first, then those of the namespace, each in the order of their names. */
  of(user: UserInfo, namespace: string): Grant[] {
    const found: Grant[] = [];
    for (const key of [userKey(user.name), ...user.groups.map(groupKey)]) {
      const places = this.grants.get(key);
      if (!places) continue;
      found.push(...(places.get('') ?? []));
      if (namespace !== '') found.push(...(places.get(namespace) ?? []));
    }
    return found.length < 2 ? found : found.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  }

  private follow({ type, object, old }: Change): void {
    if (old) this.remove(old);
    if (type !== 'DELETED') this.add(object);
    else if (!old) this.remove(object);
  }

  private add(binding: Stored): void {
    const namespace = binding.metadata.namespace ?? '';
    const role = roleRefOf(binding);
    subjectsOf(binding).forEach((subject, index) => {
      const key = keyOf(subject, namespace);
      if (key === undefined) return;
      const places = this.grants.get(key) ?? new Map<string, Grant[]>();
      this.grants.set(key, places);
      const order = `${namespace === '' ? '0' : '1'}/${binding.metadata.name}/${String(index).padStart(6, '0')}`;
      const grant = { binding: binding.metadata.name, namespace, role, subject, order };
      places.set(namespace, [...(places.get(namespace) ?? []), grant]);
    });
  }

  private remove(binding: Stored): void {
    const namespace = binding.metadata.namespace ?? '';
    for (const subject of subjectsOf(binding)) {
      const key = keyOf(subject, namespace);
      const places = key === undefined ? undefined : this.grants.get(key);
      if (key === undefined || !places) continue;
      const left = (places.get(namespace) ?? []).filter((each) => each.binding !== binding.metadata.name);
      if (left.length > 0) places.set(namespace, left);
      else places.delete(namespace);
      if (places.size === 0) this.grants.delete(key);
    }
  }
}

const userKey = (name: string): string => `u/${name}`;
const groupKey = (name: string): string => `g/${name}`;

/** Undefined for a subject that nobody can be. A ServiceAccount without a namespace is one of the binding's own. */
function keyOf({ kind, name, namespace }: Subject, ofBinding: string): string | undefined {
  if (kind === 'User') return userKey(name);
  if (kind === 'Group') return groupKey(name);
  const home = namespace || ofBinding;
  return kind === 'ServiceAccount' && home !== '' ? userKey(`system:serviceaccount:${home}:${name}`) : undefined;
}
