import type { KubeObject } from '@fairlead/kube/protocol';
import type { ResourceDefinition } from '../../registry/definition.js';
import { Schemas } from '../../schema/schemas.js';
import { completed } from '../../schema/zero.js';

let schemas: Schemas | undefined;

/**
 * Changes an object into what a Go program would print after reading it: fields in their order, zeros left out or filled in, nulls gone,
 * quantities in their canonical form. What is so already is not touched.
 */
export function toGoForm(definition: Pick<ResourceDefinition, 'group' | 'version' | 'kind'>, object: KubeObject): void {
  schemas ??= Schemas.builtIn();
  const printed = completed(schemas.of(definition), object) as KubeObject;
  if (printed === object) return;
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, printed);
}
