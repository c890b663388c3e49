import type { KubeClient } from './client.js';
import { abortable } from './clock.js';
import { Informer, type InformerHandle, type InformerOptions } from './informer.js';
import type { WatchedResource } from './list-watch.js';

/** All informers of one connection: at most one watch per resource and namespace. */
export class SharedInformers {
  private readonly informers = new Map<string, Informer>();
  private probing: Promise<void> | undefined;

  constructor(private readonly options: Omit<InformerOptions, 'probe'>) {}

  /** The informer of a resource; nothing is asked of the cluster before somebody acquires it. */
  informer(resource: WatchedResource): Informer {
    const { group, version, resource: plural, namespace = '' } = resource;
    const key = `${group}/${version}/${plural}/${namespace}`;
    let informer = this.informers.get(key);
    if (!informer) {
      const watched = { group, version, resource: plural, ...(namespace ? { namespace } : {}) };
      informer = new Informer(watched, { ...this.options, probe: (client, signal) => this.probe(client, signal) });
      this.informers.set(key, informer);
    }
    return informer;
  }

  acquire(resource: WatchedResource): InformerHandle {
    return this.informer(resource).acquire();
  }

  /** Ends every watch and forgets every object. */
  async close(): Promise<void> {
    const all = [...this.informers.values()];
    this.informers.clear();
    await Promise.all(all.map((informer) => informer.stop()));
  }

  /** Any answer is a sign of life. One question at a time for all silent watches. */
  private probe(client: KubeClient, signal: AbortSignal): Promise<void> {
    this.probing ??= client
      .raw('GET', '/version', { timeoutMs: 5_000 })
      .then(() => undefined)
      .finally(() => {
        this.probing = undefined;
      });
    return abortable(this.probing, signal);
  }
}
