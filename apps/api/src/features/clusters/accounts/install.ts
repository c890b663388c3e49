import { KubeClient, KubeError, type KubeObject, resourcePath } from '@fairlead/kube';
import { type Clock } from '../../../platform/clock.js';
import { type ClusterObject, clusterObjects } from './cluster-objects.js';
import { minterSecret, systemNamespace } from './names.js';

const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
};

export const systemNamespacePath = resourcePath({ group: '', version: 'v1', resource: 'namespaces', name: systemNamespace });
const secretPath = resourcePath({ group: '', version: 'v1', resource: 'secrets', namespace: systemNamespace, name: minterSecret });

export function pathOf({ apiVersion, kind, metadata: { name, namespace } }: ClusterObject): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return resourcePath({ group: group!, version: version!, resource: plurals[kind]!, name, ...(namespace && { namespace }) });
}

/**
 * Applies the set with the registering credential; applying it again changes nothing. What is cluster-wide belongs to the namespace
 * fairlead-system, so that deleting that namespace removes all of it. `fresh`: the namespace was not there before, so what a failure leaves may be removed again.
 * @throws KubeError, ClusterUnreachable
 */
export async function installAccounts(admin: KubeClient, clock: Clock, began: (fresh: boolean) => void): Promise<{ minterToken: string }> {
  const [first, ...others] = clusterObjects();
  const there = await find(admin, systemNamespacePath);
  began(!there || there.metadata.deletionTimestamp !== undefined);
  const home = await apply(admin, clock, first!);
  const owner = { apiVersion: 'v1', kind: 'Namespace', name: systemNamespace, uid: home.metadata.uid };
  for (const each of others) {
    const owned = each.metadata.namespace ? each : { ...each, metadata: { ...each.metadata, ownerReferences: [owner] } };
    await apply(admin, clock, owned);
  }
  return { minterToken: await waitForMinterToken(admin, clock) };
}

/** Removes what `installAccounts` made. */
export const removeAccounts = async (admin: KubeClient): Promise<void> => {
  await admin.remove(systemNamespacePath).catch(ignoreMissing);
};

/** An object that is going away must be gone before it is made again: what stands in a dying namespace dies with it. */
async function apply(admin: KubeClient, clock: Clock, object: ClusterObject): Promise<KubeObject> {
  for (let i = 0; i < 60; i++) {
    const found = await find(admin, pathOf(object));
    if (!found?.metadata.deletionTimestamp) {
      const made = await admin.apply(pathOf(object), object, { fieldManager: 'fairlead', force: true });
      if (!made.metadata.deletionTimestamp) return made;
    }
    await clock.sleep(1_000);
  }
  throw new Error(`${object.kind} ${object.metadata.name} of an earlier registration is still being removed: try again when it is gone`);
}

/** The cluster's controller writes it into the Secret. */
async function waitForMinterToken(admin: KubeClient, clock: Clock): Promise<string> {
  for (let i = 0; i < 75; i++) {
    const secret = await admin.get(secretPath);
    const { token } = (secret.data ?? {}) as { token?: unknown };
    if (typeof token === 'string' && token !== '') return Buffer.from(token, 'base64').toString('utf8');
    await clock.sleep(200);
  }
  throw new Error("the cluster's controller made no token for fairlead-system/minter within 15 s");
}

async function find(client: KubeClient, path: string): Promise<KubeObject | null> {
  return client.get(path).catch(ignoreMissing);
}

/** For `.catch`: a 404 becomes null. */
export function ignoreMissing(error: unknown): null {
  if (error instanceof KubeError && error.code === 404) return null;
  throw error;
}
