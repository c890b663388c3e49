import type { Manifest } from '@fairlead/kube';
import type { ImageSpec } from '@fairlead/shared';
import { filesVolume, keyOfFile } from './config-files.js';
import type { Frame } from './image-app.js';
import { ownSecretMounts, ownSecretsVolumeOf } from './own-secrets.js';

type Volume = NonNullable<ImageSpec['volumes']>[number];

const claimName = ({ name }: Frame, volume: Volume): string => volume.claim ?? `${name}-${volume.name}`;

/** The PersistentVolumeClaims that an app brings. */
export const claims = (frame: Frame, { volumes = [] }: ImageSpec): Manifest[] =>
  volumes
    .filter((volume) => volume.size !== undefined)
    .map((volume) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...frame.meta, name: claimName(frame, volume) },
      spec: {
        accessModes: [volume.accessMode],
        ...(volume.storageClass && { storageClassName: volume.storageClass }),
        resources: { requests: { storage: volume.size } },
      },
    }));

/** The volumes of the pod: claims, space for a while, files and secrets. */
export function volumesOf(frame: Frame, spec: ImageSpec, files: Manifest | null): Record<string, unknown>[] {
  return [
    ...(spec.hardened ? [{ name: 'tmp', emptyDir: {} }] : []),
    ...(files ? [{ name: filesVolume, configMap: { name: files.metadata.name } }] : []),
    ...mountedSecrets(spec).map(({ secret, optional }, index) => ({
      name: `secret-${index}`,
      secret: { secretName: secret, ...(optional && { optional }) },
    })),
    ...ownSecretsVolumeOf(frame, spec),
    ...(spec.volumes ?? []).map((volume) => ({
      name: volume.name,
      ...(volume.size || volume.claim ? { persistentVolumeClaim: { claimName: claimName(frame, volume) } } : { emptyDir: {} }),
    })),
  ];
}

/** Where the container finds them. */
export function mountsOf(spec: ImageSpec): Record<string, unknown>[] {
  return [
    ...(spec.hardened ? [{ name: 'tmp', mountPath: '/tmp' }] : []),
    ...(spec.files ?? []).map(({ path }, index) => ({ name: filesVolume, mountPath: path, subPath: keyOfFile(index), readOnly: true })),
    ...mountedSecrets(spec).map(({ mountPath }, index) => ({ name: `secret-${index}`, mountPath, readOnly: true })),
    ...ownSecretMounts(spec),
    ...(spec.volumes ?? []).map(({ name, mountPath, readOnly }) => ({ name, mountPath, ...(readOnly && { readOnly }) })),
  ];
}

const mountedSecrets = ({ secrets = [] }: ImageSpec) => secrets.filter((use) => use.mountPath !== undefined);
