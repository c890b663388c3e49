import { type KubeClient, KubeError, type Manifest } from '@fairlead/kube';
import type { LeftField } from '@fairlead/shared';
import { isNotFound } from '../cluster-error.js';
import { withoutLeft } from '../conflicts/left.js';
import { same } from '../plan/words.js';
import { fieldManager, identityOf, titleOf } from '../render/identity.js';
import { withLiveSize } from '../render/live-size.js';
import type { ResourcePaths } from '../resource-paths.js';

export interface TakenOver {
  /** `Deployment/web` */
  object: string;
  /** `.spec.replicas` */
  field: string;
  /** In the cluster's words: `conflict with "kubectl-edit" using apps/v1`. */
  by: string;
}

/**
 * Fields of the objects between two revisions that somebody else has set in the cluster since: a server-side dry run without force names them and
 * their manager. Only objects that differ between the two are asked.
 */
export async function takenOver(
  client: KubeClient,
  paths: ResourcePaths,
  clusterId: string,
  revisions: { from: readonly Manifest[]; to: readonly Manifest[]; left: readonly LeftField[] },
): Promise<TakenOver[]> {
  const target = new Map(revisions.to.map((object) => [identityOf(object), object]));
  const touched = revisions.from.filter(
    (object) => !same({ ...target.get(identityOf(object)), metadata: null }, { ...object, metadata: null }),
  );
  const found = await Promise.all(
    touched.map(async (object): Promise<TakenOver[]> => {
      try {
        const path = await paths.of(client, clusterId, object);
        const live = await client.get(path);
        const sent = withoutLeft(withLiveSize(object, live, revisions.from), live, revisions.left);
        await client.apply(path, sent, { fieldManager, dryRun: true, force: false });
        return [];
      } catch (error) {
        if (isNotFound(error)) return [{ object: titleOf(object), field: '', by: 'it was deleted' }];
        if (!(error instanceof KubeError) || error.code !== 409) throw error;
        const causes = error.status.details?.causes ?? [];
        return causes.map((cause) => ({ object: titleOf(object), field: cause.field ?? '', by: cause.message ?? '' }));
      }
    }),
  );
  return found.flat();
}
