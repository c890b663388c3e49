import { type KubeClient, KubeError, type KubeObject, resourcePath } from '@fairlead/kube';
import type { LiveOpening } from './live-opening.js';
import { Trouble } from './trouble.js';

interface PodShape extends KubeObject {
  status?: { phase?: string };
}

/** A node may not tell that a pod went away under an open connection: without a look at the pods, a request to it would wait for nothing. */
export async function cutDeadPods(opening: LiveOpening, client: KubeClient): Promise<void> {
  for (const [name, known] of [...opening.pods]) {
    const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: opening.row.namespace, name });
    const pod = await client.get<PodShape>(path).catch((error: unknown) => {
      if (error instanceof KubeError && error.code === 404) return null;
      throw error;
    });
    known.uid ??= pod?.metadata.uid ?? null;
    const gone = !pod || pod.metadata.uid !== known.uid || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (gone) for (const tunnel of [...known.tunnels]) tunnel.destroy(new Trouble('pod_gone', `pod ${name}`));
  }
}
