import { ClusterUnreachable, KubeError, type KubeObject, resourcePath } from '@fairlead/kube';
import { peopleNamespace } from './accounts/names.js';
import type { ClusterLink, Gate } from './cluster-link.js';

export interface AccountCheck {
  name: string;
  ok: boolean;
  message: string;
}

const canary = {
  user: `system:serviceaccount:${peopleNamespace}:canary`,
  groups: ['system:authenticated'],
  extra: { 'fairlead.dev/token': ['canary'] },
};

/**
 * H5: does the cluster see whom we act as, and may the account that carries people's traffic do nothing by itself? Were headers lost
 * on the way, the second makes every request a 403, and the first tells us. @throws ClusterUnreachable when there was no answer to judge.
 */
export async function runCanary(link: ClusterLink): Promise<AccountCheck[]> {
  return Promise.all([impersonationHolds(link), powerlessAlone(link)]);
}

/** Everything that registration waits for, and the cluster page shows. */
export async function checkAccounts(link: ClusterLink): Promise<AccountCheck[]> {
  return (await Promise.all([runCanary(link), keeperIsHeld(link), observerIsHeld(link), rolesAreFilled(link)])).flat();
}

/** The gate that the canary's result asks for. */
export function gateAfter(checks: readonly AccountCheck[]): Gate {
  const failed = checks.find((check) => !check.ok);
  return failed ? { open: false, reason: `${failed.name}: ${failed.message}` } : { open: true };
}

async function impersonationHolds(link: ClusterLink): Promise<AccountCheck> {
  const name = 'the cluster sees whom Fairlead acts as';
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  return judged(name, async () => {
    const answer = await link.impersonator
      .as(canary)
      .create<KubeObject & { status?: { userInfo?: UserInfo } }>('/apis/authentication.k8s.io/v1/selfsubjectreviews', body);
    const { username, groups, extra } = answer.status?.userInfo ?? {};
    if (username !== canary.user)
      return { name, ok: false, message: `it answered as ${JSON.stringify(username ?? null)}: headers are lost on the way` };
    if (JSON.stringify(groups) !== JSON.stringify(canary.groups))
      return { name, ok: false, message: 'the groups are not those that were sent' };
    if (JSON.stringify(extra) !== JSON.stringify(canary.extra)) return { name, ok: false, message: 'the token id does not arrive' };
    return { name, ok: true, message: 'user, group and token id arrive as sent' };
  });
}

interface UserInfo {
  username?: unknown;
  groups?: unknown;
  extra?: unknown;
}

async function powerlessAlone(link: ClusterLink): Promise<AccountCheck> {
  const name = 'the account that acts for people may nothing itself';
  const { status } = await link.impersonator.raw('GET', '/api/v1/namespaces?limit=1');
  if (status === 403) return { name, ok: true, message: 'listing namespaces without impersonation is refused' };
  return { name, ok: false, message: `listing namespaces without impersonation answered ${status} instead of 403` };
}

/** Dry run: RBAC would let the keeper write this binding, only the admission policy says no. */
async function keeperIsHeld(link: ClusterLink): Promise<AccountCheck> {
  const name = "the keeper is kept out of the cluster's own namespaces";
  const path = resourcePath({ group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'rolebindings', namespace: 'kube-system' });
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'fairlead-viewer' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'fairlead:viewer' },
    subjects: [{ kind: 'ServiceAccount', name: 'canary', namespace: peopleNamespace }],
  };
  try {
    await link.keeper.create(path, binding, { dryRun: true });
    return { name, ok: false, message: 'a binding in kube-system would be admitted: the ValidatingAdmissionPolicy does not hold' };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (/ValidatingAdmissionPolicy 'fairlead-keeper-bindings'/.test(error.message))
      return { name, ok: true, message: 'a binding in kube-system is refused by the admission policy' };
    return {
      name,
      ok: false,
      message: error.code === 403 ? 'the keeper has no rights yet' : `the cluster answered ${error.code} ${error.reason}`,
    };
  }
}

async function observerIsHeld(link: ClusterLink): Promise<AccountCheck> {
  const name = 'the observer reads pods and nodes, and no Secrets';
  const status = async (path: string) => (await link.probe.raw('GET', path)).status;
  const [secrets, nodes, pods] = [
    await status('/api/v1/secrets?limit=1'),
    await status('/api/v1/nodes?limit=1'),
    await status('/api/v1/pods?limit=1'),
  ];
  if (secrets !== 403)
    return { name, ok: false, message: `listing Secrets answered ${secrets}: some ClusterRole labelled aggregate-to-view gives them away` };
  if (nodes !== 200 || pods !== 200) return { name, ok: false, message: `listing nodes answered ${nodes}, pods ${pods}` };
  return { name, ok: true, message: 'pods and nodes are listed, Secrets refused' };
}

/** The cluster's controller gathers aggregated roles; until it has, a binding gives nothing. */
async function rolesAreFilled(link: ClusterLink): Promise<AccountCheck> {
  const name = 'the roles of projects are filled';
  return judged(name, async () => {
    const path = resourcePath({ group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', name: 'fairlead:admin' });
    const { rules } = await link.probe.get<KubeObject & { rules?: unknown[] | null }>(path);
    return {
      name,
      ok: (rules?.length ?? 0) > 0,
      message: rules?.length ? 'fairlead:viewer to fairlead:admin hold their rules' : "the cluster's controller has not filled them",
    };
  });
}

/** A refusal is a result; only silence is none. */
async function judged(name: string, ask: () => Promise<AccountCheck>): Promise<AccountCheck> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof KubeError) return { name, ok: false, message: `the cluster answered ${error.code} ${error.reason}` };
    if (error instanceof ClusterUnreachable && error.cause instanceof KubeError)
      return { name, ok: false, message: `no token could be minted: ${error.cause.code} ${error.cause.reason}` };
    throw error;
  }
}
