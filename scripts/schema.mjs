// Migrations for developers, against a temporary PostgreSQL.
//   node scripts/schema.mjs dev <name>   writes the migration that brings the migrations to prisma/schema.prisma, for review
//   node scripts/schema.mjs check        ends with 1 and shows the difference if migrations and schema are not the same
//   node scripts/schema.mjs diff         prints the whole schema as SQL
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fromRoot } from './lib/paths.mjs';
import { toolEnv } from './lib/run.mjs';
import { startTemporaryPostgres } from './lib/temporary-postgres.mjs';

Object.assign(process.env, toolEnv());
const folder = fromRoot('prisma/migrations');
const schemaFile = fromRoot('prisma/schema.prisma');
const filters = { externalTables: [], externalEnums: [] };

const [command, name] = process.argv.slice(2);
const commands = { dev, check, diff };
const asked = commands[command];
if (!asked || (command === 'dev' && !/^[a-z0-9_]{1,60}$/.test(name ?? ''))) {
  console.error('usage: node scripts/schema.mjs dev <name_in_small_letters> | check | diff');
  process.exit(2);
}

const schema = { path: schemaFile, content: await readFile(schemaFile, 'utf8') };
const server = await startTemporaryPostgres();
let exitCode = 1;
try {
  const { openSchemaEngine } = await import('./lib/schema-engine.mjs');
  const engine = await openSchemaEngine(server.adminUrl('fairlead'), schema);
  exitCode = await asked(engine);
} catch (error) {
  console.error(String(error.message).split('\n   0: ')[0]);
} finally {
  await server.stop();
}
process.exit(exitCode); // the adapter's open pools would keep the process for 10 s

async function dev(engine) {
  const script = await difference(engine, { tag: 'migrations', ...(await migrations()) });
  if (!script) {
    console.log('The migrations are the schema: nothing to write.');
    return 0;
  }
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const target = path.join(folder, `${stamp}_${name}`);
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, 'migration.sql'), `${script.trim()}\n`);
  const lock = path.join(folder, 'migration_lock.toml');
  if (!existsSync(lock)) await writeFile(lock, 'provider = "postgresql"\n');
  console.log(`Written: ${path.relative(process.cwd(), target)}/migration.sql. Read it before you commit it.`);
  return 0;
}

async function check(engine) {
  const script = await difference(engine, { tag: 'migrations', ...(await migrations()) });
  if (!script) return 0;
  console.error(`The migrations are not the schema. What is lacking:\n\n${script}\nWrite it with: node scripts/schema.mjs dev <name>`);
  return 1;
}

async function diff(engine) {
  console.log((await difference(engine, { tag: 'empty' })) ?? '');
  return 0;
}

/** The SQL from `from` to the schema, or undefined if they are the same. */
async function difference(engine, from) {
  const answer = await engine.diff({
    from,
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters,
  });
  return answer.exitCode === 0 ? undefined : answer.stdout;
}

async function migrations() {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (each) => ({
      path: each,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: await readFile(path.join(folder, each, 'migration.sql'), 'utf8') },
      },
    })),
  );
  const content = await readFile(path.join(folder, 'migration_lock.toml'), 'utf8').catch(() => null);
  return { baseDir: folder, lockfile: { path: 'migration_lock.toml', content }, shadowDbInitScript: '', migrationDirectories };
}
