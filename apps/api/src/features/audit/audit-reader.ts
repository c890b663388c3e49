import type { AuditEntry } from '@fairlead/shared';
import { Prisma } from '../../generated/prisma/client.js';
import type { Database } from '../../platform/database.js';

export interface AuditFilter {
  /** Whose eyes: everything, one's own acts, and whole projects. */
  sees: { all: true } | { all: false; actorId: string; projectIds: string[] };
  id?: string;
  actor?: { id: string } | { name: string };
  projectId?: string;
  clusterId?: string;
  action?: string;
  verb?: string;
  outcome?: string;
  door?: string;
  changes?: boolean;
  from?: Date;
  to?: Date;
}

interface Row {
  record: string;
  writer: string;
  seq: bigint;
  hash: Uint8Array;
  at: Date;
  id: string;
}

/** Entries newest first (or oldest first for an export): of each act only its latest row. `after` is where the page before ended. */
export async function readAudit(
  database: Database,
  filter: AuditFilter,
  page: { limit: number; order: 'newest' | 'oldest'; after?: { at: Date; id: string } },
): Promise<AuditEntry[]> {
  const wheres = [...conditions(filter), Prisma.sql`NOT EXISTS (SELECT 1 FROM audit_entries l WHERE l.id = e.id AND l.stage > e.stage)`];
  if (page.after) {
    const { at, id } = page.after;
    wheres.push(
      page.order === 'newest'
        ? Prisma.sql`(e.at, e.id) < (${at}::timestamptz, ${id}::uuid)`
        : Prisma.sql`(e.at, e.id) > (${at}::timestamptz, ${id}::uuid)`,
    );
  }
  const order = page.order === 'newest' ? Prisma.sql`e.at DESC, e.id DESC` : Prisma.sql`e.at ASC, e.id ASC`;
  const rows = await database.$queryRaw<Row[]>`
    SELECT e.record, e.writer, e.seq, e.hash, e.at, e.id FROM audit_entries e
    WHERE ${Prisma.join(wheres, ' AND ')} ORDER BY ${order} LIMIT ${page.limit}`;
  return rows.map(entryOf);
}

function conditions(f: AuditFilter): Prisma.Sql[] {
  const wheres: Prisma.Sql[] = [Prisma.sql`TRUE`];
  if (!f.sees.all) {
    const own = Prisma.sql`e.actor_id = ${f.sees.actorId}::uuid`;
    wheres.push(f.sees.projectIds.length > 0 ? Prisma.sql`(${own} OR e.project_id = ANY(${f.sees.projectIds}::uuid[]))` : own);
  }
  if (f.id) wheres.push(Prisma.sql`e.id = ${f.id}::uuid`);
  if (f.actor) wheres.push('id' in f.actor ? Prisma.sql`e.actor_id = ${f.actor.id}::uuid` : Prisma.sql`e.actor_name = ${f.actor.name}`);
  if (f.projectId) wheres.push(Prisma.sql`e.project_id = ${f.projectId}::uuid`);
  if (f.clusterId) wheres.push(Prisma.sql`e.cluster_id = ${f.clusterId}::uuid`);
  if (f.action?.endsWith('*')) wheres.push(Prisma.sql`starts_with(e.action, ${f.action.slice(0, -1)})`);
  else if (f.action) wheres.push(Prisma.sql`e.action = ${f.action}`);
  if (f.verb) wheres.push(Prisma.sql`e.verb = ${f.verb}`);
  if (f.outcome) wheres.push(Prisma.sql`e.outcome = ${f.outcome}`);
  if (f.door) wheres.push(Prisma.sql`e.door = ${f.door}`);
  if (f.changes !== undefined) wheres.push(Prisma.sql`e.mutating = ${f.changes}`);
  if (f.from) wheres.push(Prisma.sql`e.at >= ${f.from}::timestamptz`, Prisma.sql`e.day >= ${f.from.toISOString().slice(0, 10)}::date`);
  if (f.to) wheres.push(Prisma.sql`e.at < ${f.to}::timestamptz`);
  return wheres;
}

function entryOf(row: Row): AuditEntry {
  const { stage: _, ...entry } = JSON.parse(row.record) as Omit<AuditEntry, 'chain'> & { stage: string };
  return { ...entry, chain: { writer: row.writer, seq: Number(row.seq), hash: Buffer.from(row.hash).toString('hex') } };
}
