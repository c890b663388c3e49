import type { KubeObject } from '@fairlead/kube/protocol';
import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Schemas } from '../schema/schemas.js';
import type { Type } from '../schema/type.js';

export interface View {
  object: KubeObject;
  type: Type;
  definition: ResourceDefinition;
}

/** An object in each of the versions in which somebody may own its fields. */
export class Versions {
  constructor(
    readonly schemas: Schemas,
    /** The definition of the same resource in another version of its group; undefined where that is not served. */
    private readonly inVersion: (definition: ResourceDefinition, apiVersion: string) => ResourceDefinition | undefined,
  ) {}

  definition(stored: ResourceDefinition, apiVersion: string): ResourceDefinition | undefined {
    return groupVersion(stored.group, stored.version) === apiVersion ? stored : this.inVersion(stored, apiVersion);
  }

  /** A stored object as that version shows it. */
  view(stored: ResourceDefinition, object: KubeObject, apiVersion: string): View | undefined {
    const definition = this.definition(stored, apiVersion);
    if (!definition) return undefined;
    const converted = definition.convert ? definition.convert.fromStored(object) : object;
    const { kind } = definition;
    const isNamed = converted.apiVersion === apiVersion && converted.kind === kind;
    return { object: isNamed ? converted : { ...converted, apiVersion, kind }, type: this.schemas.of(definition), definition };
  }

  /** The way back. */
  stored({ definition }: View, object: KubeObject): KubeObject {
    return definition.convert ? definition.convert.toStored(object) : object;
  }
}
