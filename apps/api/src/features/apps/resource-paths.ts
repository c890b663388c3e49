import { isRecord, type KubeClient, KubeError, type Manifest, resourcePath } from '@fairlead/kube';
import { AppError } from '../../platform/app-error.js';
import { titleOf } from './render/identity.js';
import { builtInPlural, isClusterScoped, splitApiVersion } from './render/kinds.js';

interface Known {
  plural: string;
  namespaced: boolean;
}

const keepMs = 60_000;

/** Where objects live in the URL space of a cluster. Built-in kinds are known; others are asked of the cluster's discovery, kept for a minute. */
export class ResourcePaths {
  private readonly groups = new Map<string, { untilMs: number; kinds: Promise<Map<string, Known>> }>();

  constructor(private readonly nowMs: () => number) {}

  /**
   * The path of the object, or of its collection.
   * @throws AppError invalid_manifest when the cluster has no such kind, or it has no namespace
   */
  async of(client: KubeClient, clusterId: string, object: Manifest, what: 'object' | 'collection' = 'object'): Promise<string> {
    const { group, version } = splitApiVersion(object.apiVersion);
    const resource = builtInPlural(object.apiVersion, object.kind) ?? (await this.discover(client, clusterId, object));
    const { name, namespace = '' } = object.metadata;
    return resourcePath({ group, version, resource, namespace, ...(what === 'object' ? { name } : {}) });
  }

  private async discover(client: KubeClient, clusterId: string, object: Manifest): Promise<string> {
    const refuse = (reason: string) =>
      new AppError(
        'invalid_manifest',
        { where: titleOf(object), reason },
        { issues: [{ path: 'spec.yaml', message: `${titleOf(object)}: ${reason}` }] },
      );
    if (isClusterScoped(object.apiVersion, object.kind)) throw refuse('it belongs to the whole cluster and to no app');
    const found = (await this.kindsOf(client, clusterId, object.apiVersion)).get(object.kind);
    if (!found) throw refuse(`the cluster has no kind ${object.kind} in ${object.apiVersion}`);
    if (!found.namespaced) throw refuse('it belongs to the whole cluster and to no app');
    return found.plural;
  }

  private kindsOf(client: KubeClient, clusterId: string, apiVersion: string): Promise<Map<string, Known>> {
    const key = `${clusterId} ${apiVersion}`;
    const hit = this.groups.get(key);
    if (hit && hit.untilMs > this.nowMs()) return hit.kinds;
    const kinds = readKinds(client, apiVersion);
    this.groups.set(key, { untilMs: this.nowMs() + keepMs, kinds });
    kinds.catch(() => this.groups.delete(key));
    if (this.groups.size > 1_000) this.groups.delete(this.groups.keys().next().value ?? '');
    return kinds;
  }
}

async function readKinds(client: KubeClient, apiVersion: string): Promise<Map<string, Known>> {
  const { group, version } = splitApiVersion(apiVersion);
  const safe = /^[a-z0-9.-]{0,253}$/.test(group) && /^[a-z0-9]{1,63}$/.test(version) && group !== '.' && group !== '..';
  const kinds = new Map<string, Known>();
  if (!safe) return kinds;
  let resources: unknown;
  try {
    ({ resources } = await client.get(group ? `/apis/${group}/${version}` : `/api/${version}`));
  } catch (error) {
    if (error instanceof KubeError && error.code === 404) return kinds;
    throw error;
  }
  for (const each of Array.isArray(resources) ? resources : []) {
    if (!isRecord(each) || typeof each.name !== 'string' || typeof each.kind !== 'string' || each.name.includes('/')) continue;
    kinds.set(each.kind, { plural: each.name, namespaced: each.namespaced === true });
  }
  return kinds;
}
