import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { repeat } from '../../../platform/repeat.js';
import type { Caller } from '../../auth/index.js';
import { Clusters } from '../../clusters/index.js';
import { OwnRobot } from '../own-robot.js';
import { removeKeepers } from '../secrets/secret-writer.js';
import { DeletedApps, type DeletedRecord, keepersOf } from './deleted-apps.store.js';

const everyMs = 30_000;
/** A project without its robot, or a cluster that is away: asked again later. */
const againMs = 3600_000;

/** When a deletion can be undone no more, what waited for that goes: the app's secrets from the cluster, as the project's own robot, and its rows. */
@Injectable()
export class DeletedAppsSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopped = new AbortController();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly deleted: DeletedApps,
    private readonly robot: OwnRobot,
    private readonly clusters: Clusters,
  ) {}

  onApplicationBootstrap(): void {
    const failed = (error: unknown) => this.logger.warn({ error }, 'sweeping deleted apps failed');
    void repeat(this.clock, everyMs, this.stopped.signal, () => this.sweep(), failed); // ends with shutdown
  }

  onApplicationShutdown(): void {
    this.stopped.abort();
  }

  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const app of await this.deleted.toSweep(now)) {
      if (!(await this.deleted.sweepLater(app, new Date(now.getTime() + againMs)))) continue;
      try {
        if (await this.removeSecrets(app)) await this.deleted.forget(app.id);
        else
          this.logger.warn({ appId: app.id }, 'secrets of a deleted app stay in the cluster: the robot of its project may not remove them');
      } catch (error) {
        this.logger.warn({ appId: app.id, error }, 'secrets of a deleted app could not be removed');
      }
    }
  }

  private async removeSecrets(app: DeletedRecord): Promise<boolean> {
    const keepers = keepersOf(app);
    if (keepers.length === 0) return true;
    const act = { action: 'apps.secrets.sweep', permission: 'apps.delete', summary: 'secrets of the deleted app', status: 200 } as const;
    return (await this.robot.act(app, act, (robot) => this.remove(robot, app, keepers))) === 'done';
  }

  private async remove(robot: Caller, app: DeletedRecord, keepers: readonly string[]): Promise<string> {
    await removeKeepers(await this.clusters.actAs(robot, app.clusterId), app, keepers);
    return `${keepers.length} secrets of the deleted app`;
  }
}
