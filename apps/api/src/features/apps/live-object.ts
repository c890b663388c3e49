import type { KubeClient, KubeObject } from '@fairlead/kube';
import { isNotFound } from './cluster-error.js';

/** The object as it lives; null where there is none. @throws KubeError, ClusterUnreachable */
export async function getOrNull<T extends KubeObject = KubeObject>(
  client: KubeClient,
  path: string,
  signal?: AbortSignal,
): Promise<T | null> {
  try {
    return await client.get<T>(path, { signal });
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
