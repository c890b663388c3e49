import type { KubeObject, Manifest } from '@fairlead/kube';
import type { LeftField } from '@fairlead/shared';
import { isLeft } from '../conflicts/left.js';
import { isNetworkPolicy } from '../network/admins-part.js';
import type { AppObjects } from '../observed/app-status.js';
import { titleOf } from '../render/identity.js';
import { isAutoscaled } from '../render/live-size.js';
import { type Drifted, drift } from './drift.js';

/** What of an app's watched objects is not as its revision wants it, but for what it leaves to others. An object that is gone is the status' own word, not drift. Pure. */
export function appDrift(wanted: readonly Manifest[], objects: AppObjects, left: readonly LeftField[] = []): Drifted[] {
  const live = new Map<string, KubeObject>();
  for (const each of objects.workloads) live.set(`${each.kind}/${each.metadata.name}`, each);
  for (const each of objects.services) live.set(`Service/${each.metadata.name}`, each);
  for (const each of objects.ingresses) live.set(`Ingress/${each.metadata.name}`, each);
  for (const each of objects.networkPolicies) live.set(`NetworkPolicy/${each.metadata.name}`, each);
  return wanted.flatMap((manifest) => {
    const found = live.get(`${manifest.kind}/${manifest.metadata.name}`);
    // Without its policy an app runs on as if nothing were missing: no status says it.
    if (!found && isNetworkPolicy(manifest))
      return [{ object: titleOf(manifest), field: 'metadata.name', wanted: manifest.metadata.name, found: null }];
    if (!found || found.metadata.deletionTimestamp) return [];
    const autoscaled = isAutoscaled(manifest, wanted);
    const title = titleOf(manifest);
    return drift(manifest, found, (field) => (field === 'spec.replicas' && autoscaled) || isLeft(left, title, field));
  });
}
