import type { Manifest } from '@fairlead/kube';
import type { AppSpec } from '@fairlead/shared';
import { type AppIdentity, numbered, stamped } from './identity.js';
import { renderImageApp } from './image-app.js';
import { inApplyOrder, isWorkload } from './kinds.js';
import { renderManifestApp } from './manifest-app.js';

/**
 * The Kubernetes objects of one wanted state, in the order in which they are applied. Pure: the same app and spec give the same objects.
 * @throws AppError invalid_manifest, invalid_request
 */
export function renderManifests(app: AppIdentity, spec: AppSpec): Manifest[] {
  const objects = spec.kind === 'image' ? renderImageApp(app, spec) : renderManifestApp(app, spec);
  return inApplyOrder(objects.map((object) => stamped(object, app)));
}

/** As they are sent and kept: workloads carry the number of the revision. */
export const withRevision = (objects: readonly Manifest[], revision: number): Manifest[] =>
  objects.map((object) => (isWorkload(object.kind) ? numbered(object, revision) : object));
