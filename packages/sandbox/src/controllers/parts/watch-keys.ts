import type { KubeObject } from '@fairlead/kube/protocol';
import type { Change } from '../../api/api.js';
import { keyOf } from './keys.js';
import { controllerOf } from './owner.js';

type Keys = (change: Change) => readonly string[];

/** The changed object itself. */
export const itself: Keys = ({ object }) => [keyOf(object)];

/** The controller of the changed object, before and after; for an orphan, whoever would take it. */
export function itsController(kind: string, takers?: (orphan: KubeObject) => readonly KubeObject[]): Keys {
  const keys = (object: KubeObject): string[] => {
    const owner = controllerOf(object);
    if (owner) return owner.kind === kind ? [`${object.metadata.namespace}/${owner.name}`] : [];
    return (takers?.(object) ?? []).map(keyOf);
  };
  return ({ object, old }) => {
    const now = keys(object);
    if (!old || old.metadata.ownerReferences === object.metadata.ownerReferences) return now;
    return [...new Set([...now, ...(controllerOf(old) ? keys(old) : [])])];
  };
}
