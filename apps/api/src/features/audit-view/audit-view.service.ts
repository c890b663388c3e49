import { Readable } from 'node:stream';
import { type AuditEntry, type AuditQuery, isId } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { activeGrant, platformAllows } from '../access/index.js';
import { type AuditFilter, readAudit } from '../audit/index.js';
import type { Caller } from '../auth/index.js';

type Filter = Omit<AuditQuery, 'limit' | 'cursor'>;

/** Who may read what of the log: auditors everything, project admins their projects, everybody their own acts. */
@Injectable()
export class AuditViewService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(caller: Caller, query: AuditQuery): Promise<{ items: AuditEntry[]; next: string | null }> {
    const filter = await this.filterOf(caller, query);
    if (!filter) return { items: [], next: null };
    const found = await readAudit(this.database, filter, {
      limit: query.limit + 1,
      order: 'newest',
      ...(query.cursor && { after: readAuditCursor(query.cursor) }),
    });
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return { items, next: found.length > query.limit && last ? Buffer.from(`${last.at} ${last.id}`).toString('base64url') : null };
  }

  async get(caller: Caller, id: string): Promise<AuditEntry> {
    const [entry] = await readAudit(this.database, { sees: this.sees(caller), id }, { limit: 1, order: 'newest' });
    if (!entry) throw new AppError('not_found', { what: 'audit entry', name: id });
    return entry;
  }

  /** The same entries as lines, oldest first, read in pages: memory stays flat whatever the range. */
  export(caller: Caller, query: Filter): Readable {
    const { database } = this;
    const filterOf = () => this.filterOf(caller, query);
    return Readable.from(
      (async function* () {
        const filter = await filterOf();
        let after: { at: Date; id: string } | undefined;
        while (filter) {
          const page = await readAudit(database, filter, { limit: 500, order: 'oldest', ...(after && { after }) });
          if (page.length > 0) yield `${page.map((entry) => JSON.stringify(entry)).join('\n')}\n`;
          const last = page.at(-1);
          if (!last || page.length < 500) return;
          after = { at: new Date(last.at), id: last.id };
        }
      })(),
    );
  }

  private sees(caller: Caller): AuditFilter['sees'] {
    if (platformAllows(caller, 'audit.read')) return { all: true };
    const now = this.clock.now();
    const projectIds = caller.grants
      .filter((grant) => activeGrant(caller, grant.projectId, now)?.role === 'admin')
      .map((grant) => grant.projectId);
    return { all: false, actorId: caller.id, projectIds };
  }

  /** null when the filter names a project or cluster that is not there: nothing matches. */
  private async filterOf(caller: Caller, q: Filter): Promise<AuditFilter | null> {
    const project = q.project ? await this.idOf('project', q.project) : undefined;
    const cluster = q.cluster ? await this.idOf('cluster', q.cluster) : undefined;
    if (project === null || cluster === null) return null;
    return {
      sees: this.sees(caller),
      ...(q.actor && { actor: isId(q.actor) ? { id: q.actor } : { name: q.actor } }),
      ...(project && { projectId: project }),
      ...(cluster && { clusterId: cluster }),
      ...(q.action && { action: q.action }),
      ...(q.verb && { verb: q.verb }),
      ...(q.outcome && { outcome: q.outcome }),
      ...(q.door && { door: q.door }),
      ...(q.changes !== undefined && { changes: q.changes }),
      ...(q.from && { from: new Date(q.from) }),
      ...(q.to && { to: new Date(q.to) }),
    };
  }

  /** An id is taken as it is, so that the acts on a deleted project can still be found. */
  private async idOf(what: 'project' | 'cluster', ref: string): Promise<string | null> {
    if (isId(ref)) return ref;
    const found =
      what === 'project'
        ? await this.database.project.findUnique({ where: { name: ref } })
        : await this.database.cluster.findUnique({ where: { name: ref } });
    return found?.id ?? null;
  }
}

function readAuditCursor(cursor: string): { at: Date; id: string } {
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (Number.isNaN(Date.parse(at)) || !isId(id))
    throw new AppError('invalid_request', {}, { issues: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
  return { at: new Date(at), id };
}
