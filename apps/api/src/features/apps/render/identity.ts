import type { Manifest } from '@fairlead/kube';
import { splitApiVersion } from './kinds.js';

export const labels = { app: 'fairlead.dev/app', managedBy: 'app.kubernetes.io/managed-by' } as const;
/** `versioned`: its name hangs on its content; it stays until the revision after the next. `keepsSecret`: the name of the secret that it owns. */
export const annotations = {
  appId: 'fairlead.dev/app-id',
  revision: 'fairlead.dev/revision',
  versioned: 'fairlead.dev/versioned',
  keepsSecret: 'fairlead.dev/keeps-secret',
} as const;
export const fieldManager = 'fairlead';

/** Whose objects are rendered. */
export interface AppIdentity {
  id: string;
  name: string;
  namespace: string;
  project: { id: string };
}

/** Names an object within its namespace whatever the version of its API: `apps/Deployment/web`. */
export function identityOf(object: { apiVersion: string; kind: string; metadata: { name: string } }): string {
  return `${splitApiVersion(object.apiVersion).group}/${object.kind}/${object.metadata.name}`;
}

/** `Deployment/web`, for people. */
export const titleOf = (object: { kind: string; metadata: { name: string } }): string => `${object.kind}/${object.metadata.name}`;

/** Was this object made for the app? The annotation alone says so: names and labels are anybody's. */
export const belongsTo = (object: { metadata: { annotations?: Record<string, string> } }, appId: string): boolean =>
  object.metadata.annotations?.[annotations.appId] === appId;

/** The object with the marks of its app, in its metadata only: selectors and pod templates stay as they are. */
export function stamped(object: Manifest, app: AppIdentity): Manifest {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      namespace: app.namespace,
      labels: { ...metadata.labels, [labels.managedBy]: fieldManager, [labels.app]: app.name },
      annotations: { ...metadata.annotations, [annotations.appId]: app.id },
    },
  };
}

/** The number goes on a workload's own metadata, not its template: another number alone rolls no pod. */
export function numbered(object: Manifest, revision: number): Manifest {
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotations.revision]: String(revision) } },
  };
}
