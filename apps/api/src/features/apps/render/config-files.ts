import { createHash } from 'node:crypto';
import type { Manifest } from '@fairlead/kube';
import type { ImageSpec } from '@fairlead/shared';
import { annotations } from './identity.js';
import type { Frame } from './image-app.js';

export const filesVolume = 'files';

/** Keys of a ConfigMap are no paths: each file's is its place in the list. */
export const keyOfFile = (index: number): string => `file-${index}`;

/**
 * The files of a revision, in a ConfigMap that never changes: its name hangs on its content, so that other content is another ConfigMap and
 * rolls the pods, and a pod that is on its way out still finds the old one.
 */
export function configFiles(frame: Frame, { files = [] }: ImageSpec): Manifest | null {
  if (files.length === 0) return null;
  const hash = createHash('sha256')
    .update(JSON.stringify(files.map(({ path, content }) => [path, content])))
    .digest('hex')
    .slice(0, 10);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...frame.meta, name: `${frame.name}-files-${hash}`, annotations: { [annotations.versioned]: 'true' } },
    immutable: true,
    data: Object.fromEntries(files.map(({ content }, index) => [keyOfFile(index), content])),
  };
}
