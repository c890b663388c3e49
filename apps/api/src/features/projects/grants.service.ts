import { type Grant, isId, type Role } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import type { Prisma } from '../../generated/prisma/client.js';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { idCursor, pageOf, readCursor } from '../../platform/http/paging.js';
import { newId } from '../../platform/id.js';
import type { Caller } from '../auth/index.js';
import { Clusters } from '../clusters/index.js';

const full = {
  include: {
    principal: { select: { id: true, kind: true, name: true, displayName: true } },
    project: { select: { namespaces: { select: { cluster: { select: { id: true, name: true } } } } } },
  },
} satisfies Prisma.GrantDefaultArgs;
type GrantRow = Prisma.GrantGetPayload<typeof full>;

/** One grant per principal and project. A grant taken is refused at once here; its binding goes as soon as the cluster answers. */
@Injectable()
export class GrantsService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly clusters: Clusters,
  ) {}

  async list(projectId: string, { limit, cursor }: { limit: number; cursor?: string }): Promise<{ items: Grant[]; next: string | null }> {
    const after = readCursor(cursor, idCursor);
    const rows = await this.database.grant.findMany({
      where: { projectId, ...(after && { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: limit + 1,
      ...full,
    });
    const grantors = await this.names(rows.map((row) => row.grantedById));
    return pageOf(
      rows,
      limit,
      (row) => row.id,
      (row) => this.grantOf(row, grantors),
    );
  }

  /** Replaces the role that the principal had. @throws AppError not_found, invalid_request for an end that is past */
  async give(
    caller: Caller,
    projectId: string,
    input: { principal: string; role: Role; expiresAt: string | null },
  ): Promise<{ grant: Grant; before: Role | null }> {
    const now = this.clock.now();
    const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
    if (expiresAt && expiresAt <= now)
      throw new AppError('invalid_request', {}, { issues: [{ path: 'expiresAt', message: 'is in the past' }] });
    const principal = await this.database.principal.findFirst({
      where: { disabledAt: null, ...(isId(input.principal) ? { id: input.principal } : { name: input.principal }) },
    });
    if (!principal) throw new AppError('not_found', { what: 'user or robot', name: input.principal });
    const where = { projectId_principalId: { projectId, principalId: principal.id } };
    const before = await this.database.grant.findUnique({ where });
    const data = { role: input.role, expiresAt, grantedById: caller.id };
    const row = await this.database.grant.upsert({
      where,
      update: data,
      create: { id: newId(), projectId, principalId: principal.id, createdAt: now, ...data },
      ...full,
    });
    this.changed(row);
    return { grant: this.grantOf(row, await this.names([row.grantedById])), before: before?.role ?? null };
  }

  async take(projectId: string, grantId: string): Promise<{ name: string; role: Role }> {
    const row = await this.database.grant.findFirst({ where: { id: grantId, projectId }, ...full });
    if (!row) throw new AppError('not_found', { what: 'grant', name: grantId });
    await this.database.grant.delete({ where: { id: grantId } });
    this.changed(row);
    return { name: row.principal.name, role: row.role };
  }

  private changed({ project }: GrantRow): void {
    for (const { cluster } of project.namespaces) this.clusters.bindingsChanged(cluster.id);
  }

  private async names(ids: string[]): Promise<Map<string, string>> {
    const found = await this.database.principal.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
    return new Map(found.map((row) => [row.id, row.name]));
  }

  private grantOf(row: GrantRow, grantors: Map<string, string>): Grant {
    const clusters = new Map(row.project.namespaces.map(({ cluster }) => [cluster.id, cluster.name]));
    return {
      id: row.id,
      principal: row.principal,
      role: row.role,
      expiresAt: row.expiresAt?.toISOString() ?? null,
      expired: row.expiresAt !== null && row.expiresAt <= this.clock.now(),
      grantedBy: grantors.get(row.grantedById) ?? 'unknown',
      createdAt: row.createdAt.toISOString(),
      pending: [...clusters].filter(([id]) => !this.clusters.bindingState(id).inStep).map(([, name]) => name),
    };
  }
}
