import type { Pod } from '../pod.js';
import type { Lookup } from './environment.js';

/** The registries that a pod's pull secrets name. What is in them is not looked at: the sandbox has no registry. */
export function pullSecretHosts(api: Lookup, { metadata, spec }: Pod): string[] {
  return (spec.imagePullSecrets ?? []).flatMap(({ name = '' }) => {
    const secret = api.get('secrets', metadata.namespace ?? '', name);
    const data = (secret?.data ?? {}) as Record<string, string>;
    const text = Buffer.from(data['.dockerconfigjson'] ?? data['.dockercfg'] ?? '', 'base64').toString('utf8');
    try {
      const parsed: unknown = JSON.parse(text);
      const auths = (parsed as { auths?: object }).auths ?? parsed;
      return Object.keys(auths as object).map((key) => key.replace(/^https?:\/\//, '').replace(/\/.*$/, ''));
    } catch {
      return [];
    }
  });
}
