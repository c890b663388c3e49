import type { KubeObject } from '@fairlead/kube/protocol';
import type { Subresource } from '../../registry/definition.js';

type Part = Extract<Subresource, { type: 'part' }>;

/** A status subresource: everything but metadata and status stays as it was. */
export const statusPart = (more: Partial<Part> = {}): Part => ({
  type: 'part',
  verbs: ['get', 'patch', 'update'],
  ...more,
  prepareForUpdate(object, old, context) {
    keepAllBut(object, old, ['status']);
    more.prepareForUpdate?.(object, old, context);
  },
});

/** Takes everything from `old` except metadata and these fields. */
export function keepAllBut(object: KubeObject, old: KubeObject, free: readonly string[]): void {
  const kept = ['apiVersion', 'kind', 'metadata', ...free];
  for (const key of Object.keys(object)) if (!kept.includes(key)) delete object[key];
  for (const [key, value] of Object.entries(old)) if (!kept.includes(key)) object[key] = value;
}

export const scale = (labelSelectorPath = '.spec.selector'): Subresource => ({
  type: 'scale',
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath,
});
