// Applies prisma/migrations as `prisma migrate deploy` would, without its engine (which is a download).
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fromRoot } from './paths.mjs';
import { applicationRole } from './postgres.mjs';

/** The lock that Prisma itself takes, so that the two never work at once. */
const advisoryLock = 72707369;

// Word for word the table that Prisma makes.
const bookkeeping = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

/** The database and the folder do not agree, or a migration was refused. Nothing of it was applied. */
export class MigrationError extends Error {
  name = 'MigrationError';
}

/**
 * Applies what `folder` has and the database has not, in the order of the names, each with its record in one transaction, under one
 * advisory lock; then `grants`, if the application's role exists. Migrations that only the database knows are a newer release's and are
 * left alone. Answers the names applied.
 */
export async function deployMigrations(url, { folder = fromRoot('prisma/migrations'), grants = fromRoot('prisma/grants.sql') } = {}) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, application_name: 'fairlead-migrate' });
  client.on('error', () => {}); // a lost connection rejects the query that runs; without a listener it would end the process too
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    await client.query('set client_min_messages = warning');
    await client.query(bookkeeping);
    const recorded = await client.query(
      'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
    );
    const pending = compare(migrationsIn(folder), recorded.rows);
    for (const migration of pending) await apply(client, migration);
    const role = await client.query('select 1 from pg_roles where rolname = $1', [applicationRole]);
    if (role.rowCount && existsSync(grants)) await client.query(readFileSync(grants, 'utf8'));
    return pending.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

function migrationsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

function compare(migrations, rows) {
  const unfinished = rows.find((row) => row.finished_at === null);
  if (unfinished)
    throw new MigrationError(
      `The migration ${unfinished.migration_name} was begun by Prisma and did not finish: resolve it with prisma migrate resolve.`,
    );
  const checksums = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  for (const { name, checksum } of migrations)
    if (checksums.has(name) && checksums.get(name) !== checksum)
      throw new MigrationError(
        `The migration ${name} was changed after it had been applied to this database. Put it back as it was, and make a new migration.`,
      );
  return migrations.filter(({ name }) => !checksums.has(name));
}

async function apply(client, { name, sql, checksum }) {
  const startedAt = new Date();
  try {
    await client.query('begin');
    if (sql.trim()) await client.query(sql); // one simple query: function bodies and strings stay whole
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) values ($1, $2, $3, $4, now(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => {});
    throw new MigrationError(`The migration ${name} was refused, and nothing of it was applied: ${cause.message}`, { cause });
  }
}
