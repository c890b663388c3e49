import type { Manifest } from '@fairlead/kube';
import type { ImageSpec, OwnSecret } from '@fairlead/shared';
import { annotations } from './identity.js';
import type { Frame } from './image-app.js';

/** Every Secret of ours has one key: a secret is replaced by itself, and its neighbours need not be given again. */
export const valueKey = 'value';
export const ownSecretsVolume = 'own-secrets';

/** Secret and keeper have this name. Other values have other names, so a new value rolls the pods, and an old one stays for the revisions that use it. */
export const secretNameOf = (app: string, { name, hash }: { name: string; hash?: string | undefined }): string => {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return [app, slug, hash ?? ''].filter(Boolean).join('-');
};

/**
 * A deployer may make a Secret and never remove one. So each is owned by a ConfigMap of the same name, its keeper, which a deployer may remove: the
 * cluster's garbage collector then takes the Secret. The keepers are objects of the app like any other; the Secrets are in no revision.
 */
export const secretKeepers = (frame: Frame, { ownSecrets = [] }: ImageSpec): Manifest[] =>
  ownSecrets.map((each) => secretKeeper(frame, each));

export const secretKeeper = (frame: Pick<Frame, 'name' | 'meta'>, secret: OwnSecret): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    ...frame.meta,
    name: secretNameOf(frame.name, secret),
    annotations: { [annotations.versioned]: 'true', [annotations.keepsSecret]: secret.name },
  },
  immutable: true,
});

export const isSecretKeeper = (object: { kind?: string; metadata: { annotations?: Record<string, string> } }): boolean =>
  object.metadata.annotations?.[annotations.keepsSecret] !== undefined;

export const ownVariables = (frame: string, { ownSecrets = [] }: ImageSpec): Record<string, unknown>[] =>
  ownSecrets
    .filter(({ env }) => env)
    .map((each) => ({ name: each.name, valueFrom: { secretKeyRef: { name: secretNameOf(frame, each), key: valueKey } } }));

/** All files of own secrets in one volume, each by its name. */
export function ownSecretsVolumeOf(frame: Frame, { ownSecrets = [] }: ImageSpec): Record<string, unknown>[] {
  const files = ownSecrets.filter(({ path }) => path !== undefined);
  if (files.length === 0) return [];
  const sources = files.map((each) => ({
    secret: { name: secretNameOf(frame.name, each), items: [{ key: valueKey, path: each.name }] },
  }));
  return [{ name: ownSecretsVolume, projected: { sources } }];
}

export const ownSecretMounts = ({ ownSecrets = [] }: ImageSpec): Record<string, unknown>[] =>
  ownSecrets.flatMap(({ name, path }) => (path ? [{ name: ownSecretsVolume, mountPath: path, subPath: name, readOnly: true }] : []));
