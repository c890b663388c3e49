import type { KubeClient } from './client.js';
import type { KubeObject } from './objects.js';
import { type ResourceRef, resourcePath } from './paths.js';
import { asObject, type WatchEvent, watchEvents } from './watch-stream.js';

/** A resource to follow: in one namespace, or everywhere. */
export type WatchedResource = Pick<ResourceRef, 'group' | 'version' | 'resource' | 'namespace'>;

export interface WatchRequest {
  /** undefined: begin with everything there is (a streaming list), closed by a bookmark with `initialEnd`. */
  resourceVersion: string | undefined;
  timeoutSeconds: number;
  signal: AbortSignal;
  /** Called at each sign of life. */
  onBytes: () => void;
}

/** Opens a watch; settles when the server has accepted it. Throws KubeError, ClusterUnreachable, or the signal's reason. */
export async function openWatch(
  client: KubeClient,
  resource: WatchedResource,
  request: WatchRequest,
): Promise<AsyncIterable<WatchEvent[]>> {
  const { resourceVersion, timeoutSeconds, signal, onBytes } = request;
  const chunks = await client.openStream(resourcePath(resource), {
    signal,
    headers: [['accept', 'application/json']],
    query: {
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds,
      resourceVersion,
      ...(resourceVersion === undefined ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } : {}),
    },
  });
  onBytes();
  return watchEvents(counted(chunks, onBytes));
}

/** A list in pages of 500. Throws KubeError 410 when the pages have expired under way. */
export async function listAll(
  client: KubeClient,
  resource: WatchedResource,
  signal: AbortSignal,
  keep: (object: KubeObject) => void,
): Promise<{ resourceVersion: string }> {
  let from: string | undefined;
  for (;;) {
    const page = await client.list(resourcePath(resource), { signal, limit: 500, ...(from ? { continue: from } : {}) });
    const kind = page.kind?.replace(/List$/, '');
    for (const item of page.items ?? []) {
      const object = asObject(item);
      // Items of a list do not name their kind; events of a watch do.
      if (kind && object.kind === undefined) Object.assign(object, { apiVersion: page.apiVersion, kind });
      keep(object);
    }
    from = page.metadata.continue;
    if (!from) return { resourceVersion: page.metadata.resourceVersion ?? '' };
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onBytes: () => void): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    onBytes();
    yield chunk;
  }
}
