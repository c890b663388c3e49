import type { GroupResource } from '../machinery/object.js';
import { groupResource, groupVersion } from '../machinery/object.js';
import type { ResourceDefinition } from './definition.js';

/** All that is served: the built-in kinds, and the custom ones as they come and go. */
export class Registry {
  private readonly definitions = new Map<string, ResourceDefinition>();
  private readonly listeners = new Set<() => void>();
  /** Asked for with every read and write. */
  private readonly storedBy = new Map<GroupResource, ResourceDefinition>();

  constructor(builtIn: readonly ResourceDefinition[]) {
    for (const each of builtIn) this.definitions.set(keyOf(each.group, each.version, each.resource), each);
  }

  find(group: string, version: string, resource: string): ResourceDefinition | undefined {
    return this.definitions.get(keyOf(group, version, resource));
  }

  /** In the order of their registration: discovery's order. */
  all(): readonly ResourceDefinition[] {
    return [...this.definitions.values()];
  }

  /** The definition in whose version objects of that resource are stored. Throws for a resource that is not served. */
  stored(resource: GroupResource): ResourceDefinition {
    const known = this.storedBy.get(resource);
    if (known) return known;
    for (const each of this.definitions.values()) {
      if (each.storage !== resource || each.convert || groupResource(each.group, each.resource) !== resource) continue;
      this.storedBy.set(resource, each);
      return each;
    }
    throw new Error(`no such resource: ${resource}`);
  }

  /** The same resource in another version of its group. */
  sibling({ group, resource }: ResourceDefinition, apiVersion: string): ResourceDefinition | undefined {
    const version = apiVersion.split('/').at(-1) ?? '';
    return groupVersion(group, version) === apiVersion ? this.find(group, version, resource) : undefined;
  }

  /** Replaces all definitions of one custom resource by these (none: it is gone). */
  setCustom(resource: GroupResource, definitions: readonly ResourceDefinition[]): void {
    for (const [key, each] of this.definitions) if (groupResource(each.group, each.resource) === resource) this.definitions.delete(key);
    for (const each of definitions) this.definitions.set(keyOf(each.group, each.version, each.resource), each);
    this.storedBy.clear();
    for (const listener of this.listeners) listener();
  }

  /** Discovery and the schemas are made anew after a change. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

const keyOf = (group: string, version: string, resource: string): string => `${group}/${version}/${resource}`;
