import type { Manifest } from '@fairlead/kube';
import { AppError } from '../../../platform/app-error.js';
import { mergePatch } from '../merge-patch.js';

/** What identifies an object and ties it to its app is not for an overlay. */
const kept = ['apiVersion', 'kind'] as const;

/** The objects with what the spec's fields do not name. @throws AppError invalid_request for a kind that the app does not have */
export function overlaid(objects: readonly Manifest[], overlay: Readonly<Record<string, object>> = {}): Manifest[] {
  for (const kind of Object.keys(overlay))
    if (!objects.some((object) => object.kind === kind))
      throw new AppError('invalid_request', {}, { issues: [{ path: `spec.overlay.${kind}`, message: `the app renders no ${kind}` }] });
  return objects.map((object) => {
    const patch = Object.hasOwn(overlay, object.kind) ? overlay[object.kind] : undefined;
    if (!patch) return object;
    const next = mergePatch(object, patch) as Manifest;
    for (const field of kept) next[field] = object[field];
    return { ...next, metadata: { ...next.metadata, name: object.metadata.name } };
  });
}
