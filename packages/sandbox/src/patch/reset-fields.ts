import type { ResourceDefinition } from '../registry/definition.js';
import { difference, type FieldsV1, insert, node, recursiveDifference } from './fields-v1.js';

/** Removes from a set what the strategy of a resource takes back anyway: whoever writes it does not own it (GetResetFields). */
export function withoutResetFields(definition: ResourceDefinition, subresource: string | undefined, set: FieldsV1): FieldsV1 {
  if (only[subresource ?? '']) return keptOnly(set, only[subresource ?? ''] ?? []);
  const resets = resetFields(definition, subresource ?? '');
  return resets ? recursiveDifference(set, resets) : set;
}

/** Subresources that may change these and nothing else. */
const only: Readonly<Record<string, readonly string[]>> = { ephemeralcontainers: ['f:spec', 'f:ephemeralContainers'] };

const status = setOf(['f:status']);
const spec = setOf(['f:spec']);
const ofStatus: Readonly<Record<string, FieldsV1>> = {
  deployments: setOf(['f:spec'], ['f:metadata', 'f:labels']),
  pods: setOf(['f:spec'], ['f:metadata', 'f:deletionTimestamp'], ['f:metadata', 'f:ownerReferences']),
  customresourcedefinitions: setOf(['f:spec'], ['f:metadata']),
};

function resetFields({ resource, subresources }: ResourceDefinition, subresource: string): FieldsV1 | undefined {
  if (subresource === 'status') return ofStatus[resource] ?? spec;
  if (subresource === '' || subresource === 'finalize') return subresources.status ? status : undefined;
  return undefined;
}

function setOf(...paths: string[][]): FieldsV1 {
  const set: FieldsV1 = {};
  for (const path of paths) insert(set, path);
  return set;
}

function keptOnly(set: FieldsV1, path: readonly string[]): FieldsV1 {
  const [first, ...rest] = path;
  if (first === undefined) return set;
  const inner = set[first];
  if (!inner) return {};
  const kept = rest.length === 0 ? inner : node(false, keptOnly(inner, rest));
  return kept ? { [first]: kept } : {};
}

/** What nobody owns: who the object is, and what only the server writes. */
const nobodys = setOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map(
    (name) => ['f:metadata', `f:${name}`],
  ),
);

export const withoutNobodys = (set: FieldsV1): FieldsV1 => difference(set, nobodys);
