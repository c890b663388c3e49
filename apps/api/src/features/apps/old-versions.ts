import { type KubeClient, type Manifest, resourcePath, withQuery } from '@fairlead/kube';
import { annotations, belongsTo, labels } from './render/identity.js';

/**
 * Configuration of revisions that no pod can still be waiting for: an app's versioned ConfigMaps that neither the wanted revision nor the one
 * before it names. What a rollout replaces stays until the next one, for its pods may start again meanwhile.
 */
export async function oldVersions(
  client: KubeClient,
  app: { id: string; name: string; namespace: string },
  kept: readonly Manifest[],
  signal: AbortSignal,
): Promise<string[]> {
  const names = new Set(kept.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name));
  const collection = resourcePath({ group: '', version: 'v1', resource: 'configmaps', namespace: app.namespace });
  const { items } = await client.list(withQuery(collection, { labelSelector: `${labels.app}=${app.name}` }), { signal });
  return items
    .filter((object) => belongsTo(object, app.id) && object.metadata.annotations?.[annotations.versioned] === 'true')
    .map(({ metadata }) => metadata.name)
    .filter((name) => !names.has(name))
    .map((name) => `${collection}/${encodeURIComponent(name)}`);
}
