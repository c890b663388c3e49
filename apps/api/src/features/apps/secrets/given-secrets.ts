import type { AppSpec, ImageSpec, OwnSecret, SecretValues } from '@fairlead/shared';
import { AppError } from '../../../platform/app-error.js';

/** A value on its way into the cluster; it lives in the memory of one request. */
export interface FreshSecret {
  name: string;
  hash: string;
  value: string;
}

export interface Resolved {
  /** Every secret of it has a hash. */
  spec: AppSpec;
  fresh: FreshSecret[];
}

/**
 * The spec with a hash for each of its secrets: of the value given beside it, else the one it names itself, else the one that stands. Pure.
 * @throws AppError invalid_request for a secret without any
 */
export function withGivenSecrets(
  spec: AppSpec,
  standing: AppSpec | null,
  values: SecretValues | undefined,
  hashOf: (name: string, value: string) => string,
): Resolved {
  const given = new Map(Object.entries(values ?? {}));
  if (spec.kind !== 'image') {
    if (given.size > 0) throw wrong('secretValues', 'an app from manifests names its Secrets itself: there is nothing to give values to');
    return { spec, fresh: [] };
  }
  const listed = spec.ownSecrets ?? [];
  const added = [...given.keys()].filter((name) => !listed.some((each) => each.name === name)).map((name) => ({ name, env: true }));
  if (listed.length + added.length === 0) return { spec, fresh: [] };
  const stood = new Map(ownSecretsOf(standing).map((each) => [each.name, each.hash]));
  const fresh: FreshSecret[] = [];
  const ownSecrets = [...listed, ...added].map((each: OwnSecret): OwnSecret => {
    const value = given.get(each.name);
    if (value === undefined) {
      const hash = each.hash ?? stood.get(each.name);
      if (!hash) throw wrong(`secretValues.${each.name}`, `give a value for ${each.name}: none stands`);
      return { ...each, hash };
    }
    const hash = hashOf(each.name, value);
    fresh.push({ name: each.name, hash, value });
    return { ...each, hash };
  });
  return { spec: { ...spec, ownSecrets }, fresh };
}

export const ownSecretsOf = (spec: AppSpec | null): OwnSecret[] => (spec?.kind === 'image' ? (spec.ownSecrets ?? []) : []);

/** Whole specs from a pipeline may leave the secrets out: they then stay as they are. */
export const keepingSecrets = (spec: AppSpec, standing: AppSpec): AppSpec => {
  const stood = ownSecretsOf(standing);
  return spec.kind === 'image' && spec.ownSecrets === undefined && stood.length > 0 ? { ...spec, ownSecrets: stood } : spec;
};

export interface SecretsChange {
  set: readonly { name: string; value?: string | undefined; env?: boolean | undefined; path?: string | null | undefined }[];
  remove: readonly string[];
}

/** The spec after secrets were set and removed. @throws AppError invalid_request for a name twice, or one to remove that is not there */
export function withChangedSecrets(spec: AppSpec, { set, remove }: SecretsChange): ImageSpec {
  if (spec.kind !== 'image') throw wrong('set', 'an app from manifests names its Secrets itself');
  const names = [...set.map(({ name }) => name), ...remove];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw wrong('set', `${twice} stands in it twice`);
  const next = new Map((spec.ownSecrets ?? []).map((each) => [each.name, each]));
  for (const name of remove) if (!next.delete(name)) throw wrong('remove', `there is no secret ${name}`);
  for (const { name, env, path } of set) {
    const { path: oldPath, ...old } = next.get(name) ?? { name, env: env ?? true };
    const file = path === undefined ? oldPath : (path ?? undefined);
    next.set(name, { ...old, env: env ?? old.env, ...(file !== undefined && { path: file }) });
  }
  const { ownSecrets: _, ...rest } = spec;
  return next.size > 0 ? { ...rest, ownSecrets: [...next.values()] } : rest;
}

const wrong = (path: string, message: string): AppError => new AppError('invalid_request', {}, { issues: [{ path, message }] });
