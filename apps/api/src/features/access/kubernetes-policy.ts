import { type Role, roleAtLeast, roles } from '@fairlead/shared';
import type { Caller, CallerGrant } from '../auth/index.js';
import { rulesAdded } from './kubernetes-rules.js';
import { activeGrant, credentialReachesCluster } from './project-policy.js';

/** What a request asks of a cluster: the fields of the API server's RequestInfo that decide. */
export interface KubernetesAttributes {
  isResourceRequest: boolean;
  path: string;
  verb: string;
  apiGroup: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
}

/** What kind of act it is, whatever its verb: obligations hang on it. */
export type KubernetesClass = 'discovery' | 'self' | 'read' | 'secret-read' | 'write' | 'destroy' | 'code-exec' | 'tunnel' | 'credential';

export type KubernetesDecision = { class: KubernetesClass; because: string; project: { id: string; name: string } | null } & (
  | { allowed: true; answeredBy: 'cluster' | 'fairlead' }
  /** `needs`: the weakest role that would allow it; null when none does. `has`: the caller's role there. */
  | { allowed: false; needs: Role | null; has: Role | null }
);

const reads = new Set(['get', 'list', 'watch']);
const everyVerb = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);
/** Process and network access: the protocol decides between GET and POST, so the method says nothing. */
const connects = new Set(['exec', 'attach', 'portforward', 'proxy']);
const discoveryPaths = /^\/(?:api|apis|version|healthz|livez|readyz|openapi\/v[23])$|^\/(?:api|apis|openapi\/v3)\//;
/** Groups of definitions that the cluster's owner installs, although they end like Kubernetes' own. */
const customAlthoughK8s = new Set(['gateway.networking.k8s.io', 'snapshot.storage.k8s.io']);

/**
 * Fairlead's own lock, before the cluster's: may this caller ask this of the cluster? Pure. Deny is the default branch; what allows is a role in the
 * project that the namespace belongs to, discovery, or a review of oneself. A role allows what `rulesAdded` gives it and, for custom resources, reading
 * (viewer) and writing (deployer): there the cluster decides, which gives nobody anything until its administrator aggregates it to Fairlead's roles.
 */
export function decideKubernetes(
  caller: Caller,
  cluster: { id: string; name: string },
  asked: KubernetesAttributes,
  now: Date,
): KubernetesDecision {
  const a = connects.has(asked.subresource) ? { ...asked, verb: 'create' } : asked;
  const kind = classOf(a);
  const refuse = (
    because: string,
    more: Partial<{ needs: Role | null; has: Role | null; project: { id: string; name: string } | null }> = {},
  ): KubernetesDecision => ({
    allowed: false,
    class: kind,
    because,
    needs: null,
    has: null,
    project: null,
    ...more,
  });
  if (!credentialReachesCluster(caller, cluster.id)) return refuse('the token is narrowed to other clusters');
  if (!hasGrantIn(caller, cluster.id, now)) return refuse(`no grant reaches the cluster ${cluster.name}`);
  const general = (because: string, answeredBy: 'cluster' | 'fairlead' = 'cluster'): KubernetesDecision => ({
    allowed: true,
    answeredBy,
    class: kind,
    because,
    project: null,
  });
  if (kind === 'discovery') return general('discovery');
  if (!a.isResourceRequest) return refuse('this path is not open to people');
  if (!everyVerb.has(a.verb)) return refuse('the verb is not known');
  if (kind === 'self') return general('a review of oneself');
  if (a.namespace === '') {
    if (isNamespaces(a) && (a.verb === 'list' || a.verb === 'watch')) return general('the namespaces that a grant reaches', 'fairlead');
    if (a.resource === '' || !weakest(a)) return refuse('it is not in a namespace, and no role in a project reaches it');
    return refuse('it asks for every namespace at once; a role reaches the namespaces of its project: name one');
  }
  const grant = grantFor(caller, cluster.id, a.namespace, now);
  if (!grant) return refuse(`no role in the namespace ${a.namespace}`);
  const project = { id: grant.projectId, name: grant.projectName };
  const needs = weakest(a);
  const has = grant.role;
  if (needs === null) return refuse('no role in a project allows it', { has, project });
  if (!roleAtLeast(has, needs))
    return refuse(`it needs the role ${needs} in project ${project.name}; you have ${has}`, { needs, has, project });
  const { credential } = caller;
  if (credential.kind === 'token' && credential.readOnly && kind !== 'read' && kind !== 'secret-read')
    return refuse('the token is read-only', { needs, has, project });
  return { allowed: true, answeredBy: 'cluster', class: kind, because: `role ${has} in project ${project.name}`, project };
}

/** Namespaces of the cluster in which the caller has a role now. */
export function visibleNamespaces(caller: Caller, clusterId: string, now: Date): ReadonlySet<string> {
  const found = new Set<string>();
  if (!credentialReachesCluster(caller, clusterId)) return found;
  for (const grant of caller.grants) {
    if (!activeGrant(caller, grant.projectId, now)) continue;
    for (const each of grant.namespaces) if (each.clusterId === clusterId) found.add(each.namespace);
  }
  return found;
}

/** Everything that one role gives in a namespace, one line for each resource: for reviews of one's own rules. */
export function rulesOfRole(role: Role, readOnly: boolean): { apiGroup: string; resource: string; verbs: string[] }[] {
  const merged = new Map<string, { apiGroup: string; resource: string; verbs: string[] }>();
  for (const [key, needs] of table) {
    if (!roleAtLeast(role, needs)) continue;
    const [apiGroup = '', resource = '', verb = ''] = key.split('|');
    if (readOnly && !reads.has(verb)) continue;
    const line = merged.get(`${apiGroup}|${resource}`) ?? { apiGroup, resource, verbs: [] };
    line.verbs.push(verb);
    merged.set(`${apiGroup}|${resource}`, line);
  }
  return [...merged.values()];
}

export function classOf(a: KubernetesAttributes): KubernetesClass {
  if (!a.isResourceRequest) return discoveryPaths.test(a.path) && (a.verb === 'get' || a.verb === 'head') ? 'discovery' : 'read';
  if (isSelfReview(a)) return 'self';
  if (a.subresource === 'exec' || a.subresource === 'attach' || a.subresource === 'ephemeralcontainers')
    return reads.has(a.verb) ? 'read' : 'code-exec';
  if (a.resource === 'nodes' && a.subresource === 'proxy') return 'code-exec';
  if (a.subresource === 'portforward' || a.subresource === 'proxy') return 'tunnel';
  if (a.subresource === 'token' || a.subresource === 'approval' || a.verb === 'impersonate' || a.verb === 'bind' || a.verb === 'escalate')
    return 'credential';
  if (a.apiGroup === '' && a.resource === 'secrets' && reads.has(a.verb)) return 'secret-read';
  if (reads.has(a.verb)) return 'read';
  if (a.verb === 'deletecollection' || (a.verb === 'delete' && (a.resource === 'namespaces' || a.resource === 'customresourcedefinitions')))
    return 'destroy';
  return 'write';
}

/** The grant that counts in a namespace: it belongs to one project, and there is one grant for each person and project. */
function grantFor(caller: Caller, clusterId: string, namespace: string, now: Date): CallerGrant | null {
  const grant = namespacesOf(caller).get(`${clusterId} ${namespace}`);
  return grant ? activeGrant(caller, grant.projectId, now) : null;
}

function hasGrantIn(caller: Caller, clusterId: string, now: Date): boolean {
  return caller.grants.some(
    (grant) => grant.namespaces.some((each) => each.clusterId === clusterId) && activeGrant(caller, grant.projectId, now) !== null,
  );
}

const byCaller = new WeakMap<Caller, ReadonlyMap<string, CallerGrant>>();

function namespacesOf(caller: Caller): ReadonlyMap<string, CallerGrant> {
  let known = byCaller.get(caller);
  if (!known) {
    known = new Map(
      caller.grants.flatMap((grant) => grant.namespaces.map((each) => [`${each.clusterId} ${each.namespace}`, grant] as const)),
    );
    byCaller.set(caller, known);
  }
  return known;
}

/** `group|resource[/subresource]|verb` → the weakest role that has it. */
const table: ReadonlyMap<string, Role> = (() => {
  const rules = new Map<string, Role>();
  for (const role of roles)
    for (const { apiGroups, resources, verbs } of rulesAdded[role])
      for (const group of apiGroups)
        for (const resource of resources)
          for (const verb of verbs) {
            const key = `${group}|${resource}|${verb}`;
            if (!rules.has(key)) rules.set(key, role);
          }
  return rules;
})();

/** The weakest role that may do this in a namespace; null when none may. */
function weakest(a: KubernetesAttributes): Role | null {
  const resource = a.subresource === '' ? a.resource : `${a.resource}/${a.subresource}`;
  const known = table.get(`${a.apiGroup}|${resource}|${a.verb}`);
  if (known) return known;
  if (!isCustomGroup(a.apiGroup) || a.resource === '') return null;
  if (reads.has(a.verb)) return ['', 'status', 'scale'].includes(a.subresource) ? 'viewer' : null;
  return a.subresource === '' || (a.subresource === 'scale' && (a.verb === 'update' || a.verb === 'patch')) ? 'deployer' : null;
}

const isCustomGroup = (group: string): boolean =>
  group.includes('.') && (customAlthoughK8s.has(group) || !(group === 'k8s.io' || group.endsWith('.k8s.io')));

const isNamespaces = (a: KubernetesAttributes): boolean => a.apiGroup === '' && a.resource === 'namespaces' && a.subresource === '';

/** Answers about the caller's own rights and name; a review of somebody else is not among them. */
const isSelfReview = (a: KubernetesAttributes): boolean =>
  a.verb === 'create' &&
  a.namespace === '' &&
  a.subresource === '' &&
  ((a.apiGroup === 'authorization.k8s.io' && (a.resource === 'selfsubjectaccessreviews' || a.resource === 'selfsubjectrulesreviews')) ||
    (a.apiGroup === 'authentication.k8s.io' && a.resource === 'selfsubjectreviews'));
