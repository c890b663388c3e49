import type { KubeObject } from '@fairlead/kube/protocol';
import { groupVersion, type Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { hasMessage } from './protobuf/encode.js';

/** An object in the version of the request. */
export function inVersion(definition: ResourceDefinition, object: Stored | KubeObject): KubeObject {
  const read = definition.shown?.(object) ?? object;
  if (!definition.convert) return read;
  const { apiVersion: _, kind: __, ...converted } = definition.convert.fromStored(read);
  return { kind: definition.kind, apiVersion: groupVersion(definition.group, definition.version), ...converted } as KubeObject;
}

/** What a request brought, in the version in which it is stored. */
export function toStoredVersion(definition: ResourceDefinition, stored: ResourceDefinition, object: KubeObject): KubeObject {
  const converted = definition.convert ? definition.convert.toStored(object) : object;
  return { ...converted, apiVersion: groupVersion(stored.group, stored.version), kind: stored.kind };
}

/** Items of a built-in list say neither their version nor their kind; those of custom resources do. */
export function asListItem(definition: ResourceDefinition, object: KubeObject): object {
  if (definition.custom) return object;
  const { apiVersion: _, kind: __, ...item } = object;
  return item;
}

/** Whether objects of this kind can be answered in protobuf; those of custom resources cannot. */
export const speaksProtobuf = ({ custom, group, version, kind }: ResourceDefinition): boolean =>
  !custom && hasMessage(groupVersion(group, version), kind);
