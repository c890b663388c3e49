import { isId, type Token } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import type { Token as TokenRow } from '../../generated/prisma/client.js';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { idCursor, pageOf, readCursor } from '../../platform/http/paging.js';
import { newId } from '../../platform/id.js';
import { type Caller, hashSecret, newSecret, tokenPrefix } from '../auth/index.js';

export interface TokenRequest {
  name: string;
  expiresInHours: number;
  readOnly: boolean;
  clusters?: string[];
  projects?: string[];
}

const maxTokens = 200;

/** API tokens: shown once, stored hashed. What a token may is its owner's rights, cut to what the token was narrowed to. */
@Injectable()
export class TokensService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(principalId: string, { limit, cursor }: { limit: number; cursor?: string }): Promise<{ items: Token[]; next: string | null }> {
    const before = readCursor(cursor, idCursor);
    const rows = await this.database.token.findMany({
      where: { principalId, ...(before && { id: { lt: before } }) },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const names = await this.names(rows);
    return pageOf(
      rows,
      limit,
      (row) => row.id,
      (row) => tokenOf(row, names),
    );
  }

  /**
   * A token for `ownerId`, made by `caller`. When a token makes a token, the new one is cut to the old one's narrowing and ends with it.
   * @throws AppError not_found for a cluster or project that the narrowing names and that is not there
   */
  async create(caller: Caller, ownerId: string, request: TokenRequest): Promise<Token & { token: string }> {
    const now = this.clock.now();
    const made = caller.credential.kind === 'token' ? caller.credential : null;
    const clusters = within(await this.ids('cluster', request.clusters), made?.clusterIds ?? null, 'cluster');
    const projects = within(await this.ids('project', request.projects), made?.projectIds ?? null, 'project');
    const wantedEnd = new Date(now.getTime() + request.expiresInHours * 3600_000);
    const expiresAt = made && made.expiresAt < wantedEnd ? made.expiresAt : wantedEnd;
    const live = await this.database.token.count({ where: { principalId: ownerId, revokedAt: null, expiresAt: { gt: now } } });
    if (live >= maxTokens) throw new AppError('conflict', { reason: `There are already ${maxTokens} live tokens: revoke some first.` });
    const text = tokenPrefix + newSecret();
    const row = await this.database.token.create({
      data: {
        id: newId(),
        principalId: ownerId,
        name: request.name,
        secretHash: hashSecret(text),
        readOnly: request.readOnly || made?.readOnly === true,
        onlyClusters: clusters !== null,
        clusterIds: clusters ?? [],
        onlyProjects: projects !== null,
        projectIds: projects ?? [],
        createdAt: now,
        createdById: caller.id,
        expiresAt,
      },
    });
    return { ...tokenOf(row, await this.names([row])), token: text };
  }

  /** @throws AppError not_found when the principal has no such live token */
  async revoke(principalId: string, tokenId: string): Promise<string> {
    const now = this.clock.now();
    const row = await this.database.token.findFirst({ where: { id: tokenId, principalId, revokedAt: null } });
    if (!row) throw new AppError('not_found', { what: 'token', name: tokenId });
    await this.database.token.update({ where: { id: row.id }, data: { revokedAt: now } });
    return row.name;
  }

  private async ids(what: 'cluster' | 'project', refs: string[] | undefined): Promise<string[] | null> {
    if (!refs) return null;
    const where = { OR: [{ id: { in: refs.filter(isId) } }, { name: { in: refs.filter((ref) => !isId(ref)) } }] };
    const select = { id: true, name: true };
    const found =
      what === 'cluster'
        ? await this.database.cluster.findMany({ where, select })
        : await this.database.project.findMany({ where, select });
    const missing = refs.find((ref) => !found.some((row) => row.id === ref || row.name === ref));
    if (missing !== undefined) throw new AppError('not_found', { what, name: missing });
    return found.map((row) => row.id);
  }

  private async names(rows: TokenRow[]): Promise<Map<string, string>> {
    const clusterIds = rows.flatMap((row) => row.clusterIds);
    const projectIds = rows.flatMap((row) => row.projectIds);
    const select = { id: true, name: true };
    const found = [
      ...(clusterIds.length ? await this.database.cluster.findMany({ where: { id: { in: clusterIds } }, select }) : []),
      ...(projectIds.length ? await this.database.project.findMany({ where: { id: { in: projectIds } }, select }) : []),
    ];
    return new Map(found.map((row) => [row.id, row.name]));
  }
}

/** What is asked for, cut to what the maker has. Asking for something outside it is refused, asking for nothing takes all of it. */
function within(asked: string[] | null, has: readonly string[] | null, what: string): string[] | null {
  if (!has) return asked;
  if (!asked) return [...has];
  if (asked.some((id) => !has.includes(id)))
    throw new AppError('forbidden', { reason: `A token cannot make one for a ${what} that it does not reach itself.` });
  return asked;
}

function tokenOf(row: TokenRow, names: Map<string, string>): Token {
  const named = (ids: string[]) => ids.flatMap((id) => (names.has(id) ? [{ id, name: names.get(id)! }] : []));
  return {
    id: row.id,
    name: row.name,
    readOnly: row.readOnly,
    clusters: row.onlyClusters ? named(row.clusterIds) : null,
    projects: row.onlyProjects ? named(row.projectIds) : null,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
