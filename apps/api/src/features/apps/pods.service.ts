import { isRecord, KubeError, type KubeObject, type Manifest, resourcePath } from '@fairlead/kube';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import type { Caller } from '../auth/index.js';
import { Clusters } from '../clusters/index.js';
import { type AppRecord, AppStore, manifestsOf } from './app-store.js';
import { Applier } from './applier.js';
import { isNotFound } from './cluster-error.js';
import { getOrNull } from './live-object.js';
import { ownedBy } from './own-objects.js';
import { belongsTo } from './render/identity.js';

const restartable = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Acts on the pods of an app that change no wanted state: replace them all, or one. As the caller. */
@Injectable()
export class Pods {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: AppStore,
    private readonly clusters: Clusters,
    private readonly applier: Applier,
  ) {}

  /** What `kubectl rollout restart` does, under a field manager of its own, so that the next apply does not take it back. @throws AppError conflict, cluster_* */
  async restart(caller: Caller, app: AppRecord): Promise<void> {
    const workloads = manifestsOf(await this.store.current(app)).filter((object) => restartable.has(object.kind));
    if (workloads.length === 0) throw new AppError('conflict', { reason: `${app.name} has no workload that can be restarted.` });
    const annotations = { 'kubectl.kubernetes.io/restartedAt': this.clock.now().toISOString() };
    const body = { spec: { template: { metadata: { annotations } } } };
    await this.clusters.asking(caller, app.cluster, async (client) => {
      for (const object of workloads) {
        const path = await this.applier.paths.of(client, app.clusterId, object);
        this.checkOwn(await client.get(path), app, object);
        await client.patch(path, body, 'merge', { fieldManager: 'fairlead-restart' });
      }
    });
  }

  /** @throws AppError not_found when the pod is not the app's own */
  async delete(caller: Caller, app: AppRecord, name: string): Promise<void> {
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) throw new AppError('not_found', { what: 'pod', name });
    await this.clusters.asking(caller, app.cluster, async (client) => {
      const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: app.namespace, name });
      const pod = await client.get(path).catch((error: unknown) => {
        throw isNotFound(error) ? new AppError('not_found', { what: 'pod', name }) : error;
      });
      if (!(await ownedBy(client, app, pod))) throw new AppError('not_found', { what: `pod of ${app.name}`, name });
      const { uid } = pod.metadata;
      await client.remove(path, { ...(uid ? { preconditions: { uid } } : {}) });
    });
  }

  /**
   * Asks for the pod's eviction, which respects the app's disruption budget. Answers the budget's words when it says no, else null; a pod that has
   * gone meanwhile needs no asking. @throws AppError not_found when the pod is not the app's own
   */
  async evict(caller: Caller, app: AppRecord, name: string): Promise<string | null> {
    let refusal: string | null = null;
    await this.clusters.asking(caller, app.cluster, async (client) => {
      const at = { group: '', version: 'v1', resource: 'pods', namespace: app.namespace, name };
      const pod = await getOrNull(client, resourcePath(at));
      if (!pod || pod.metadata.deletionTimestamp) return;
      if (!(await ownedBy(client, app, pod))) throw new AppError('not_found', { what: `pod of ${app.name}`, name });
      const { uid } = pod.metadata;
      const eviction = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: app.namespace },
        ...(uid && { deleteOptions: { preconditions: { uid } } }),
      };
      try {
        await client.create(resourcePath({ ...at, subresource: 'eviction' }), eviction);
      } catch (error) {
        if (!(error instanceof KubeError) || error.code !== 429) throw error;
        refusal = error.status.details?.causes?.[0]?.message ?? error.status.message;
      }
    });
    return refusal;
  }

  private checkOwn(live: KubeObject, app: AppRecord, wanted: Manifest): void {
    if (!belongsTo(live, app.id) || !isRecord(live.spec))
      throw new AppError('conflict', { reason: `${wanted.kind}/${wanted.metadata.name} is no longer this app's.` });
  }
}
