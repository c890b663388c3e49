import { type KubeClient, type KubeObject, resourcePath } from '@fairlead/kube';
import type { AppRecord } from './app-store.js';
import { getOrNull } from './live-object.js';
import { belongsTo } from './render/identity.js';
import { builtInPlural, splitApiVersion } from './render/kinds.js';

const maxOwners = 4;

/** Follows the controllers up to an object that carries the app's mark. */
export async function ownedBy(client: KubeClient, app: AppRecord, object: KubeObject): Promise<boolean> {
  let at = object;
  for (let step = 0; step <= maxOwners; step++) {
    if (belongsTo(at, app.id)) return true;
    const owner = at.metadata.ownerReferences?.find((each) => each.controller);
    const plural = owner && builtInPlural(owner.apiVersion, owner.kind);
    if (!owner || !plural) return false;
    const path = resourcePath({ ...splitApiVersion(owner.apiVersion), resource: plural, namespace: app.namespace, name: owner.name });
    const found = await getOrNull(client, path);
    if (!found || found.metadata.uid !== owner.uid) return false;
    at = found;
  }
  return false;
}
