import type { ProjectPermission } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { newId } from '../../platform/id.js';
import { decideProject } from '../access/index.js';
import { AuditLog } from '../audit/index.js';
import { actorOf, type Caller, loadOwnRobot } from '../auth/index.js';
import type { KnownApp } from './observed/known-apps.js';

const actForMs = 15 * 60_000;

/** What Fairlead does with an app by itself: as the robot of its project, with that one's rights of now, and recorded as anybody's act is. */
@Injectable()
export class OwnRobot {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE) private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** `work` answers what is recorded of it when it is done. Its error is recorded, and thrown on. */
  async act(
    { project, cluster, namespace, name }: Pick<KnownApp, 'project' | 'cluster' | 'namespace' | 'name'>,
    { action, permission, summary, status }: { action: string; permission: ProjectPermission; summary: string; status: number },
    work: (robot: Caller, auditId: string) => Promise<string>,
  ): Promise<'done' | 'refused' | 'no robot'> {
    const now = this.clock.now();
    const auditId = newId();
    const robot = await loadOwnRobot(this.database, project.id, auditId, new Date(now.getTime() + actForMs));
    if (!robot) return 'no robot';
    const { allowed, because: reason } = decideProject(robot, project, permission, true, now);
    const place = { project, cluster, namespace, name, sourceAddress: '', userAgent: 'fairlead' };
    const handle = await this.audit.begin(
      { action, verb: 'create', actor: actorOf(robot), door: 'system', mutating: true, reason, ...place },
      auditId,
    );
    if (!allowed) {
      await handle.end({ outcome: 'refused', reason, summary });
      return 'refused';
    }
    try {
      await handle.end({ outcome: 'allowed', reason, status, summary: await work(robot, auditId) });
      return 'done';
    } catch (error) {
      await handle.end({ outcome: 'failed', reason: error instanceof AppError ? `${error.code}: ${error.message}` : 'internal', summary });
      throw error;
    }
  }
}
