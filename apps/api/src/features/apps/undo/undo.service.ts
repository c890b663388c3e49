import type { Manifest } from '@fairlead/kube';
import type { LeftField } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import { type AppRecord, AppStore, manifestsOf, type RevisionRecord, specOf } from '../app-store.js';
import { Applier } from '../applier.js';
import type { Wish } from '../changes.service.js';
import { leftOf } from '../conflicts/left.js';
import { NetworkGuard } from '../network/network-guard.js';
import { type Clash, inverse } from './inverse.js';
import { type TakenOver, takenOver } from './taken-over.js';
import { undoableForMs } from './undoable-for.js';

/** The wish that takes a change back and nothing else. */
@Injectable()
export class Undo {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: AppStore,
    private readonly clusters: Clusters,
    private readonly applier: Applier,
    private readonly guard: NetworkGuard,
  ) {}

  /**
   * Of the revision `number`, or the one that stands.
   * @throws AppError conflict when there is nothing (any more) to undo; undo_conflict with both sides when a field was changed again since, by
   * another revision or in the cluster
   */
  async wish(caller: Caller, app: AppRecord, number: number | undefined): Promise<Wish> {
    const step = await this.store.revision(app.id, number ?? app.currentRevision);
    if (!step) throw new AppError('not_found', { what: `revision of ${app.name}`, name: String(number) });
    const before = await this.appliedBefore(app, step);
    const age = this.clock.now().getTime() - step.createdAt.getTime();
    if (age > undoableForMs)
      throw new AppError('conflict', {
        reason: `Revision ${step.number} is older than ten minutes: roll back to ${before.number} instead.`,
      });
    const current = await this.store.current(app);
    const { undone, clashes } = inverse(specOf(before), specOf(step), specOf(current));
    if (clashes.length > 0) throw conflict(app, step, clashes, []);
    await this.guard.allow(caller, app.project, manifestsOf(step), manifestsOf(before));
    const others = await this.inCluster(caller, app, manifestsOf(current), manifestsOf(before), leftOf(current));
    if (others.length > 0) throw conflict(app, step, [], others);
    return { cause: 'undo', expected: current.number, next: () => undone, summary: `undone: ${step.summary}`, rolledBackFrom: step.number };
  }

  private async appliedBefore(app: AppRecord, step: RevisionRecord): Promise<RevisionRecord> {
    const earlier = await this.store.revisions(app.id, 50, step.number);
    const before = earlier.find((each) => each.state === 'applied');
    if (step.state !== 'applied' || !before || before.cause === 'delete')
      throw new AppError('conflict', { reason: `Revision ${step.number} of ${app.name} has nothing before it to go back to.` });
    return before;
  }

  private inCluster(caller: Caller, app: AppRecord, from: Manifest[], to: Manifest[], left: LeftField[]): Promise<TakenOver[]> {
    return this.clusters.asking(caller, app.cluster, (client) => takenOver(client, this.applier.paths, app.clusterId, { from, to, left }));
  }
}

function conflict(app: AppRecord, step: RevisionRecord, clashes: Clash[], others: TakenOver[]): AppError {
  const first = clashes[0]?.path ?? `${others[0]?.object ?? ''}${others[0]?.field ?? ''}`;
  return new AppError(
    'undo_conflict',
    { app: app.name, revision: step.number, field: first },
    {
      issues: [
        ...clashes.map(({ path }) => ({ path: `spec.${path}`, message: 'was changed again since' })),
        ...others.map(({ object, field, by }) => ({ path: `${object} ${field}`.trim(), message: by })),
      ],
      details: { clashes },
    },
  );
}
