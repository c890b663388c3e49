import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../lib/postgres.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-postgres-test-'));
let server;

beforeAll(async () => {
  server = await startPostgres(folder, { durable: false });
});
afterAll(async () => {
  await server.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
});

async function ask(url, text) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  it('keeps its passwords where only its user can read them', () => {
    expect(statSync(path.join(folder, 'credentials.json')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('lets nobody in without the password', async () => {
    const url = new URL(server.appUrl);
    url.password = 'guessed';
    await expect(ask(url.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(await ask(server.adminUrl(), 'select distinct auth_method from pg_hba_file_rules')).toEqual([{ auth_method: 'scram-sha-256' }]);
  });

  it('listens on loopback alone', async () => {
    expect(await ask(server.adminUrl(), 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  });

  it('gives the product no rights of an owner or superuser', async () => {
    const rights =
      'select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as any from pg_roles where rolname = current_user';
    expect(await ask(server.appUrl, rights)).toEqual([{ any: false }]);
    expect(await ask(server.ownerUrl, rights)).toEqual([{ any: false }]);
    await expect(ask(server.appUrl, 'create table mine (id int)')).rejects.toThrow(/permission denied/);
  });

  it('writes neither statements nor values into its log', async () => {
    await expect(ask(server.ownerUrl, "select 'canary-b7e1'::int")).rejects.toThrow();
    await expect(ask(server.ownerUrl, "selec 'canary-b7e1'")).rejects.toThrow();
    expect(readFileSync(path.join(folder, 'log'), 'utf8')).not.toContain("selec 'canary");
  });

  it('is found again by a second start, and then not started twice', async () => {
    const again = await startPostgres(folder, { durable: false });
    expect(again.reused).toBe(true);
    expect(again.appUrl).toBe(server.appUrl);
  });

  it('takes another port when its own is taken', async () => {
    await server.stop();
    const thief = net.createServer().listen(server.port, '127.0.0.1');
    try {
      const moved = await startPostgres(folder, { durable: false });
      expect(moved.port).not.toBe(server.port);
      expect(await ask(moved.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
      server = moved;
    } finally {
      thief.close();
    }
  });

  it.runIf(process.platform === 'linux')('starts although the id in its pid file now is another process', async () => {
    const pidFile = path.join(folder, 'data/postmaster.pid');
    const text = readFileSync(pidFile, 'utf8');
    await server.stop();
    writeFileSync(pidFile, text.replace(/^\d+/, String(process.pid)));
    server = await startPostgres(folder, { durable: false });
    expect(server.reused).toBe(false);
  });
});
