import { randomBytes } from 'node:crypto';
import pg from 'pg';

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests by npm test`);
  return value;
};

export interface TestDatabase {
  /** As the application connects: a role that is no superuser. */
  url: string;
  /** As a superuser, for tests that look behind the application's back. */
  adminUrl: string;
  /** Cuts every connection and lets none in, until `back()`. */
  away(): Promise<void>;
  back(): Promise<void>;
  drop(): Promise<void>;
}

/** A migrated database of its own. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: setting('FAIRLEAD_TEST_DATABASE_ADMIN_URL') });
    await client.connect();
    try {
      for (const sql of statements) await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await admin(`CREATE DATABASE ${name} TEMPLATE ${setting('FAIRLEAD_TEST_TEMPLATE')} OWNER fairlead_owner`);
  const named = (variable: string) => Object.assign(new URL(setting(variable)), { pathname: `/${name}` }).toString();
  return {
    url: named('FAIRLEAD_TEST_DATABASE_URL'),
    adminUrl: named('FAIRLEAD_TEST_DATABASE_ADMIN_URL'),
    away: () =>
      admin(
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      ),
    back: () => admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`),
    drop: () => admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
