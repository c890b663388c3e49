import type { KubeObject } from '@fairlead/kube/protocol';
import { ComputedTree, MemoryTree, type Tree } from '../machine/tree.js';
import type { Container, KeyToPath, Pod, Projection, Volume } from '../pod.js';
import { fieldValue, resourceValue } from './downward.js';
import type { Lookup } from './environment.js';

/** What a volume cannot be mounted for, as it stands in the FailedMount event. */
export class MountProblem extends Error {}

export interface VolumeWorld {
  api: Lookup;
  now: number;
  podIP: string;
  hostIP: string;
  /** What outlives the pod: claims by name, the folders of a node. */
  kept(key: string): Tree;
  /** A service account's token for this pod. */
  token(pod: Pod, audience: string | undefined): string;
}

/** All volumes of a pod by name. Throws MountProblem for the first that cannot be. */
export function volumesOf(pod: Pod, world: VolumeWorld): Map<string, Tree> {
  const trees = new Map<string, Tree>();
  for (const volume of pod.spec.volumes ?? []) trees.set(volume.name, treeOf(pod, volume, world));
  return trees;
}

/** The same without making anything: undefined where all is well. */
export function mountProblem(pod: Pod, world: VolumeWorld): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    try {
      for (const read of readersOf(pod, volume, world)) read();
    } catch (error) {
      if (!(error instanceof MountProblem)) throw error;
      return `MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`;
    }
  }
  return undefined;
}

type Files = Record<string, Buffer>;

function treeOf(pod: Pod, volume: Volume, world: VolumeWorld): Tree {
  const readers = readersOf(pod, volume, world);
  if (readers.length > 0) return new ComputedTree(() => Object.assign({}, ...readers.map((read) => lenient(read))) as Files, world.now);
  const { namespace = '', name: podName } = pod.metadata;
  if (volume.persistentVolumeClaim) return world.kept(`claim/${namespace}/${volume.persistentVolumeClaim.claimName}`);
  if (volume.ephemeral) return world.kept(`claim/${namespace}/${podName}-${volume.name}`);
  if (volume.hostPath) return world.kept(`host/${pod.spec.nodeName}/${volume.hostPath.path}`);
  return new MemoryTree(new Map(), world.now);
}

/** Later, a volume whose source went away is empty, not an error. */
function lenient(read: () => Files): Files {
  try {
    return read();
  } catch (error) {
    if (error instanceof MountProblem) return {};
    throw error;
  }
}

function readersOf(pod: Pod, volume: Volume, world: VolumeWorld): (() => Files)[] {
  const { configMap, secret, downwardAPI, projected } = volume;
  const sources: Projection[] = configMap
    ? [{ configMap }]
    : secret
      ? [{ secret: { ...secret, ...(secret.secretName ? { name: secret.secretName } : {}) } }]
      : downwardAPI
        ? [{ downwardAPI }]
        : (projected?.sources ?? []);
  return sources.map((source) => () => filesOf(pod, source, world));
}

function filesOf(pod: Pod, { configMap, secret, downwardAPI, serviceAccountToken }: Projection, world: VolumeWorld): Files {
  const { api } = world;
  const namespace = pod.metadata.namespace ?? '';
  if (configMap) {
    const found = api.get('configmaps', namespace, configMap.name ?? '');
    if (!found && !configMap.optional) throw new MountProblem(`configmap "${configMap.name}" not found`);
    return selected(
      configMapData(found),
      configMap.items,
      configMap.optional,
      (key) => `configmap references non-existent config key: ${key}`,
    );
  }
  if (secret) {
    const found = api.get('secrets', namespace, secret.name ?? '');
    if (!found && !secret.optional) throw new MountProblem(`secret "${secret.name}" not found`);
    const data = Object.entries((found?.data ?? {}) as Record<string, string>).map(([key, value]) => [key, Buffer.from(value, 'base64')]);
    return selected(
      Object.fromEntries(data) as Files,
      secret.items,
      secret.optional,
      (key) => `references non-existent secret key: ${key}`,
    );
  }
  if (downwardAPI) {
    const facts = {
      pod,
      podIP: world.podIP,
      hostIP: world.hostIP,
      node: api.get('nodes', '', pod.spec.nodeName ?? ''),
      container: pod.spec.containers[0] as Container,
    };
    const items = (downwardAPI.items ?? []).map(({ path, fieldRef, resourceFieldRef }) => {
      const current = (api.get('pods', namespace, pod.metadata.name) as unknown as Pod | undefined) ?? pod;
      const text = fieldRef
        ? fieldValue({ ...facts, pod: current }, fieldRef.fieldPath)
        : resourceFieldRef
          ? resourceValue(facts, resourceFieldRef)
          : '';
      return [path, Buffer.from(text)];
    });
    return Object.fromEntries(items) as Files;
  }
  return serviceAccountToken ? { [serviceAccountToken.path]: Buffer.from(world.token(pod, serviceAccountToken.audience)) } : {};
}

function configMapData(found: KubeObject | undefined): Files {
  const { data = {}, binaryData = {} } = (found ?? {}) as { data?: Record<string, string>; binaryData?: Record<string, string> };
  const text = Object.entries(data).map(([key, value]) => [key, Buffer.from(value)]);
  const binary = Object.entries(binaryData).map(([key, value]) => [key, Buffer.from(value, 'base64')]);
  return Object.fromEntries([...text, ...binary]) as Files;
}

function selected(
  data: Files,
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  problem: (key: string) => string,
): Files {
  if (!items) return data;
  const files: Files = {};
  for (const { key, path } of items) {
    const content = data[key];
    if (content) files[path] = content;
    else if (!optional) throw new MountProblem(problem(key));
  }
  return files;
}
