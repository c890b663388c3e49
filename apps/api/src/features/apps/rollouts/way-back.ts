import type { Rollout } from '@fairlead/shared';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { AppStore, specOf } from '../app-store.js';
import { Changes } from '../changes.service.js';
import type { KnownApp } from '../observed/known-apps.js';
import { OwnRobot } from '../own-robot.js';
import { type RolloutRecord, RolloutStore } from './rollout-store.js';
import { Verdicts } from './verdicts.js';

/** Going back from what was itself a way back would go in circles. */
const noWayBackFrom = new Set(['rollback', 'undo']);

/**
 * A rollout that fails goes back by itself to the last revision that served, as the project's own robot; the failed revision is kept for reading.
 * Off for an app that says so, for one that never served, and in a project whose robot has no grant any more.
 */
@Injectable()
export class WayBack implements OnApplicationBootstrap, OnApplicationShutdown {
  private undo = () => {};

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly robot: OwnRobot,
    private readonly apps: AppStore,
    private readonly rollouts: RolloutStore,
    private readonly changes: Changes,
    private readonly verdicts: Verdicts,
  ) {}

  onApplicationBootstrap(): void {
    this.undo = this.verdicts.onEnd(async (app, row, { state, cause }) => {
      if (state !== 'failed') return;
      await this.goBack(app, row, cause).catch((error: unknown) =>
        this.logger.warn({ error, appId: app.id }, 'an app could not go back by itself'),
      );
    });
  }

  onApplicationShutdown(): void {
    this.undo();
  }

  private async goBack(known: KnownApp, row: RolloutRecord, cause: Rollout['cause']): Promise<void> {
    const found = await this.apps.get(known.id);
    // One that the cluster did not take is back already.
    if (!found || found.current.number !== row.revision || found.app.wayBack !== 'auto' || noWayBackFrom.has(found.current.cause)) return;
    const served = await this.rollouts.lastServed(known.id, row.revision);
    const target = served && (await this.apps.revision(known.id, served.revision));
    if (!target) return;
    const caused = `revision ${row.revision} of ${found.current.authorName} failed: ${cause?.sentence ?? ''}`.slice(0, 500);
    const act = { action: 'apps.rollback', permission: 'apps.rollback', summary: caused, status: 202 } as const;
    const ended = await this.robot.act(known, act, async (robot, auditId) => {
      const number = await this.changes.change(
        robot,
        found.app,
        {
          cause: 'rollback',
          automatic: true,
          expected: row.revision,
          next: () => specOf(target),
          rolledBackFrom: row.revision,
          summary: `back to revision ${target.number} by itself: ${caused}`,
        },
        auditId,
      );
      await this.rollouts.wentBack(row, number);
      return `back to revision ${target.number}: ${caused}`;
    });
    if (ended === 'no robot')
      this.logger.info({ appId: known.id }, 'the project has no robot of its own: the app does not go back by itself');
  }
}
