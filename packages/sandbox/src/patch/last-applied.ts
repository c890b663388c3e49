import { isRecord, type KubeObject } from '@fairlead/kube/protocol';
import { changed, compared } from './compare.js';
import { difference, type FieldsV1, union } from './fields-v1.js';
import { fieldSetOf } from './to-field-set.js';
import type { View } from './versions.js';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * kubectl that went over from client-side to server-side apply: it may take, without a word, what its last client-side apply set and nobody changed
 * since. Undefined where there is no such apply.
 */
export function lastAppliedAllows({ object, type }: View): FieldsV1 | undefined {
  const text = object.metadata.annotations?.[annotation];
  const applied = text ? parsed(text) : undefined;
  if (!applied || applied.apiVersion !== object.apiVersion) return undefined;
  const comparison = compared(type, applied, object);
  return difference(fieldSetOf(type, applied), union(changed(comparison), comparison.removed));
}

/** Keeps the annotation in step, for a kubectl that goes back. */
export function withLastApplied(object: KubeObject, config: KubeObject): KubeObject {
  const { annotations } = object.metadata;
  if (!annotations?.[annotation]) return object;
  const { [annotation]: _, ...others } = config.metadata.annotations ?? {};
  const { annotations: __, ...metadata } = config.metadata;
  const plain = { ...config, metadata: { ...metadata, ...(Object.keys(others).length > 0 ? { annotations: others } : {}) } };
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: `${JSON.stringify(plain)}\n` } } };
}

function parsed(text: string): KubeObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as KubeObject) : undefined;
  } catch {
    return undefined;
  }
}
