import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deployMigrations } from '../lib/migrations.mjs';
import { startTemporaryPostgres } from '../lib/temporary-postgres.mjs';

let server;
let admin;
let folder;
let url;
let count = 0;

beforeAll(async () => {
  server = await startTemporaryPostgres();
  admin = new pg.Client({ connectionString: server.adminUrl() });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});
beforeEach(async () => {
  count += 1;
  await admin.query(`create database case_${count} owner fairlead_owner`);
  url = server.ownerUrl.replace(/[^/]+$/, `case_${count}`);
  folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-migrations-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

function migration(name, sql) {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, 'migration.sql'), sql);
}
const deploy = (grants = path.join(folder, 'none.sql')) => deployMigrations(url, { folder, grants });

async function ask(text) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  it('are applied in the order of their names, once, and recorded as Prisma records them', async () => {
    migration('2_second', 'alter table a add column note text;');
    migration('1_first', 'create table a (id int);');
    expect(await deploy()).toEqual(['1_first', '2_second']);
    expect(await deploy()).toEqual([]);
    const rows = await ask(
      'select migration_name, checksum, applied_steps_count, finished_at is not null as finished from _prisma_migrations order by 1',
    );
    expect(rows[0]).toEqual({
      migration_name: '1_first',
      checksum: createHash('sha256').update('create table a (id int);').digest('hex'),
      applied_steps_count: 1,
      finished: true,
    });
  });

  it('keep function bodies and strings with semicolons whole', async () => {
    migration(
      '1',
      `create function f() returns text language plpgsql as $$ begin return 'a;b'; end; $$; create table t as select f() as value;`,
    );
    await deploy();
    expect(await ask('select value from t')).toEqual([{ value: 'a;b' }]);
  });

  it('leave nothing behind when one is refused, and can be tried again', async () => {
    migration('1', 'create table kept (id int);');
    migration('2', 'create table half (id int); select nonsense;');
    await expect(deploy()).rejects.toThrow(/migration 2 was refused, and nothing of it was applied: column "nonsense"/);
    expect(await ask("select to_regclass('kept') is not null as kept, to_regclass('half') as half")).toEqual([{ kept: true, half: null }]);
    migration('2', 'create table half (id int);');
    expect(await deploy()).toEqual(['2']);
  });

  it('are refused when one was changed after it had been applied', async () => {
    migration('1', 'create table a (id int);');
    await deploy();
    migration('1', 'create table a (id bigint);');
    await expect(deploy()).rejects.toThrow(/migration 1 was changed after it had been applied/);
  });

  it('leave those of a newer release alone', async () => {
    migration('1', 'create table a (id int);');
    migration('2', 'create table b (id int);');
    await deploy();
    rmSync(path.join(folder, '2'), { recursive: true });
    expect(await deploy()).toEqual([]);
  });

  it('are applied once by two starts at the same time', async () => {
    migration('1', 'create table a (id int); select pg_sleep(0.2);');
    const both = await Promise.all([deploy(), deploy()]);
    expect(both.flat()).toEqual(['1']);
  });

  it('are followed by the grants of the application role', async () => {
    migration('1', 'create table a (id int);');
    const grants = path.join(folder, 'grants.sql');
    writeFileSync(grants, 'grant select on a to fairlead_app;');
    await deploy(grants);
    expect(await ask("select has_table_privilege('fairlead_app', 'a', 'select') as may")).toEqual([{ may: true }]);
  });
});
