import type { KubeObject } from '@fairlead/kube/protocol';
import { equal } from '../../../machinery/object.js';

/** A subresource that changes what is wanted makes a new generation, as a change of the whole does. */
export function raiseGeneration(object: KubeObject, old: KubeObject): void {
  object.metadata.generation = (old.metadata.generation ?? 0) + (equal(object.spec, old.spec) ? 0 : 1);
}
