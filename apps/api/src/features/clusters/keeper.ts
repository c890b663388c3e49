import { type KubeClient, KubeError, type KubeObject, resourcePath } from '@fairlead/kube';
import { AppError } from '../../platform/app-error.js';
import type { Clock } from '../../platform/clock.js';
import { ignoreMissing } from './accounts/install.js';
import { bindingNames, createdLabel, isSystemNamespace, managedBy, projectIdLabel, projectLabel } from './accounts/names.js';
import { type BindingChange, bindingObject } from './wanted-bindings.js';

const namespacePath = (name: string) => resourcePath({ group: '', version: 'v1', resource: 'namespaces', name });
const namespacesPath = resourcePath({ group: '', version: 'v1', resource: 'namespaces' });
const bindingPath = (namespace: string, name?: string) =>
  resourcePath({
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    resource: 'rolebindings',
    namespace,
    ...(name === undefined ? {} : { name }),
  });

const enforce = 'pod-security.kubernetes.io/enforce';
const warn = 'pod-security.kubernetes.io/warn';
const fieldManager = 'fairlead';

export interface Claim {
  cluster: string;
  namespace: string;
  create: boolean;
  project: { id: string; name: string };
}

/**
 * Makes the namespace the project's: labelled, Pod Security baseline enforced (a stricter setting stays) and restricted warned of. Doing
 * it twice changes nothing. @throws AppError namespace_taken; KubeError, ClusterUnreachable
 */
export async function claimNamespace(keeper: KubeClient, { cluster, namespace, create, project }: Claim): Promise<{ created: boolean }> {
  const refuse = (reason: string) => new AppError('namespace_taken', { namespace, cluster, reason });
  if (isSystemNamespace(namespace)) throw refuse('belongs to the cluster itself.');
  const labels: Record<string, string> = {
    [projectLabel]: project.name,
    [projectIdLabel]: project.id,
    [enforce]: 'baseline',
    [warn]: 'restricted',
  };
  const found = await keeper.get(namespacePath(namespace)).catch(ignoreMissing);
  if (!found) {
    if (!create) throw refuse('does not exist: ask for it to be created.');
    const object = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { ...managedBy, ...labels, [createdLabel]: 'true' } },
    };
    await keeper.create(namespacesPath, object, { fieldManager });
    return { created: true };
  }
  const has = found.metadata.labels ?? {};
  if (found.metadata.deletionTimestamp) throw refuse('is being deleted.');
  const owner = has[projectIdLabel] ?? (has[projectLabel] === project.name ? project.id : has[projectLabel]);
  if (owner !== undefined && owner !== project.id)
    throw refuse(`carries the label ${projectLabel}=${has[projectLabel] ?? ''}: it belongs to another project, or to another Fairlead.`);
  if (has[enforce] === 'restricted') delete labels[enforce];
  if (Object.entries(labels).some(([key, value]) => has[key] !== value))
    await keeper.patch(namespacePath(namespace), { metadata: { labels } }, 'merge', { fieldManager });
  return { created: false };
}

/**
 * Takes the label off first, so that nobody's keeper can bind there any more, then our bindings. A namespace that is gone, or is another
 * project's, is left as it is. Pod Security stays. @throws KubeError, ClusterUnreachable
 */
export async function releaseNamespace(
  keeper: KubeClient,
  { namespace, projectId, deleteIt }: { namespace: string; projectId: string; deleteIt: boolean },
): Promise<void> {
  const found = await keeper.get(namespacePath(namespace)).catch(ignoreMissing);
  const has = found?.metadata.labels ?? {};
  if (!found || (has[projectIdLabel] !== undefined && has[projectIdLabel] !== projectId)) return;
  if (deleteIt && has[createdLabel] === 'true') {
    const uid = found.metadata.uid;
    await keeper.remove(namespacePath(namespace), { ...(uid ? { preconditions: { uid } } : {}) }).catch(ignoreMissing);
    return;
  }
  if (has[projectIdLabel] !== undefined || has[projectLabel] !== undefined) {
    const labels: Record<string, null> = { [projectLabel]: null, [projectIdLabel]: null, [createdLabel]: null };
    await keeper.patch(namespacePath(namespace), { metadata: { labels } }, 'merge', { fieldManager });
  }
  for (const name of bindingNames) await keeper.remove(bindingPath(namespace, name)).catch(ignoreMissing);
}

export const listBindings = async (keeper: KubeClient, namespace: string): Promise<KubeObject[]> =>
  (await keeper.list(bindingPath(namespace))).items;

/** @throws KubeError, ClusterUnreachable */
export async function changeBinding(keeper: KubeClient, change: BindingChange): Promise<void> {
  if (change.do === 'remove') {
    await keeper.remove(bindingPath(change.namespace, change.name)).catch(ignoreMissing);
    return;
  }
  const { namespace, name } = change.binding;
  // What a binding refers to cannot be changed, only made anew.
  if (change.replace) await keeper.remove(bindingPath(namespace, name)).catch(ignoreMissing);
  await keeper.apply(bindingPath(namespace, name), bindingObject(change.binding), { fieldManager, force: true });
}

/** Right after a namespace was labelled the API server may judge by the labels that it had before. */
export async function withFreshLabels<T>(clock: Clock, act: () => Promise<T>): Promise<T> {
  for (let i = 0; ; i++) {
    try {
      return await act();
    } catch (error) {
      const stale = error instanceof KubeError && [403, 422].includes(error.code) && error.message.includes('fairlead-keeper-bindings');
      if (!stale || i >= 20) throw error;
      await clock.sleep(150);
    }
  }
}
