import { type DeletedApp, isId } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { clustersOf, type ProjectInfo } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppStore, type RevisionRecord, specOf } from '../app-store.js';
import { Applier } from '../applier.js';
import { AppsService, type Outcome } from '../apps.service.js';
import { Changes, failure } from '../changes.service.js';
import { NetworkGuard } from '../network/network-guard.js';
import { allowed } from '../plan/allowed.js';
import { renderManifests, withRevision } from '../render/manifests.js';
import { DeletedApps, type DeletedRecord } from './deleted-apps.store.js';

/** Brings a deleted app back as it was: the act is a revision like any other, planned and applied as the caller with the rights of now. */
@Injectable()
export class Undelete {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: AppStore,
    private readonly deleted: DeletedApps,
    private readonly apps: AppsService,
    private readonly changes: Changes,
    private readonly applier: Applier,
    private readonly guard: NetworkGuard,
  ) {}

  async list(caller: Caller, project: ProjectInfo): Promise<DeletedApp[]> {
    const now = this.clock.now();
    const reached = clustersOf(caller, now);
    return (await this.deleted.undoable(project.id, now)).filter(({ clusterId }) => reached.has(clusterId)).map(shown);
  }

  /** The last one of that name, or by its id. @throws AppError not_found, name_taken, plan_blocked, forbidden, apply_failed, cluster_* */
  async undo(
    caller: Caller,
    project: ProjectInfo,
    ref: string,
    { cluster, namespace }: { cluster?: string | undefined; namespace?: string | undefined },
    auditId: string,
  ): Promise<Outcome> {
    const now = this.clock.now();
    const reached = clustersOf(caller, now);
    const app = (await this.deleted.undoable(project.id, now)).find(
      (each) =>
        (isId(ref) ? each.id === ref : each.name === ref) &&
        reached.has(each.clusterId) &&
        (cluster === undefined || [each.cluster.id, each.cluster.name].includes(cluster)) &&
        (namespace === undefined || each.namespace === namespace),
    );
    if (!app) throw new AppError('not_found', { what: 'app whose deletion can still be undone', name: ref });
    const place = { cluster: app.clusterId, namespace: app.namespace };
    await this.apps.place(caller, project, place);
    if (await this.store.has(project.id, app.clusterId, app.namespace, app.name))
      throw new AppError('name_taken', { what: `app in ${app.cluster.name}/${app.namespace}`, name: app.name });

    const deletion = lastOf(app);
    const spec = specOf(deletion);
    const objects = renderManifests(app, spec);
    await this.guard.allow(caller, project, [], objects);
    const plan = await this.changes.preview(caller, app, objects, { adopt: 'claims', secrets: { spec, fresh: [], standing: null } });
    allowed(plan, undefined);

    const number = Math.max(...revisionsOf(app).map((each) => each.number)) + 1;
    const row = {
      appId: app.id,
      number,
      cause: 'undo',
      spec,
      manifests: withRevision(objects, number),
      // What is gone is made whole: nobody has set anything of it.
      left: [],
      summary: 'undone: deleted',
      auditId,
    };
    await this.deleted.revive(app, this.changes.revisionOf(caller, { ...row, rolledBackFrom: deletion.number }));
    const ended = await this.changes.atMost(this.applier.run(caller, app.id, number));
    if (ended?.state === 'failed') {
      if (ended.clean) await this.deleted.buryAgain(app);
      throw failure(ended, app.id, number);
    }
    return this.apps.outcome(caller, app.id, number);
  }
}

type KeptRevision = Pick<RevisionRecord, 'number' | 'cause' | 'spec'>;
const revisionsOf = ({ rows }: DeletedRecord): KeptRevision[] => (rows as unknown as { revisions: KeptRevision[] }).revisions;

/** The deletion itself: its spec is what stood. */
function lastOf(app: DeletedRecord): KeptRevision {
  const deletions = revisionsOf(app).filter(({ cause }) => cause === 'delete');
  const last = deletions.sort((a, b) => b.number - a.number)[0];
  if (!last) throw new AppError('not_found', { what: 'app whose deletion can still be undone', name: app.name });
  return last;
}

const shown = (app: DeletedRecord): DeletedApp => ({
  id: app.id,
  name: app.name,
  cluster: app.cluster,
  namespace: app.namespace,
  deletedAt: app.deletedAt.toISOString(),
  deletedBy: { id: app.deletedById, name: app.deletedByName },
  deletedData: app.deletedData,
  expiresAt: app.expiresAt.toISOString(),
});
