import { isId } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from '../../platform/database.js';
import type { ProjectInfo } from './rest-call.js';

/** Names and ids of projects and principals. */
@Injectable()
export class Directory {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async project(ref: string): Promise<ProjectInfo | null> {
    return this.database.project.findUnique({ where: isId(ref) ? { id: ref } : { name: ref }, select: { id: true, name: true } });
  }

  /** Names of those who may grant in a project: its admins. */
  async grantersOf(projectId: string, now: Date): Promise<string[]> {
    const admins = await this.database.grant.findMany({
      where: {
        projectId,
        role: 'admin',
        principal: { disabledAt: null, kind: 'user' },
        OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      },
      select: { principal: { select: { name: true } } },
      take: 5,
    });
    return admins.map((grant) => grant.principal.name);
  }
}
