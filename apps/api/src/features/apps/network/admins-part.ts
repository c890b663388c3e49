import type { Manifest } from '@fairlead/kube';
import { same } from '../plan/words.js';
import { identityOf, titleOf } from '../render/identity.js';
import { splitApiVersion } from '../render/kinds.js';

/** What of a step from one state of an app to the next is the project admin's: its network policies. */
export interface AdminsPart {
  /** Policies that the step leaves as they are, by `identityOf`. */
  left: ReadonlySet<string>;
  /** Policies that it makes, changes or removes. */
  touched: readonly Manifest[];
}

/** Pure. Whatever way a policy comes into an app (rules, an overlay, pasted YAML), it is the object that counts. */
export function adminsPart(before: readonly Manifest[], after: readonly Manifest[]): AdminsPart {
  const [old, next] = [policiesBy(before), policiesBy(after)];
  const left = new Set<string>();
  const touched: Manifest[] = [];
  for (const [identity, object] of next) {
    if (same(old.get(identity), object)) left.add(identity);
    else touched.push(object);
  }
  for (const [identity, object] of old) if (!next.has(identity)) touched.push(object);
  return { left, touched };
}

export const isNetworkPolicy = ({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean =>
  kind === 'NetworkPolicy' && splitApiVersion(apiVersion).group === 'networking.k8s.io';

/** "NetworkPolicy/web" */
export const titlesOf = (objects: readonly Manifest[]): string => objects.map(titleOf).join(', ');

const policiesBy = (objects: readonly Manifest[]): Map<string, Manifest> =>
  new Map(objects.filter(isNetworkPolicy).map((object) => [identityOf(object), object]));
