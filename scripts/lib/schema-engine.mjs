// Prisma's schema engine as WebAssembly, for writing and checking migrations without its download. Four repairs make it run; each says why.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';

// The engine's panics arrive here; without it they read "Cannot read properties of undefined (reading 'set_message')".
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(`schema engine: ${message}`) };

/** An engine for `schema` ({ path, content }) on the server at `adminUrl`, whose user may create databases (the shadow one). */
export async function openSchemaEngine(adminUrl, schema) {
  const at = new URL(adminUrl);
  const config = {
    host: at.hostname,
    port: Number(at.port || 5432),
    user: decodeURIComponent(at.username),
    password: decodeURIComponent(at.password),
    database: at.pathname.slice(1),
  };
  const factory = new PrismaPg(config);
  useOwnShadowDatabase(factory, config);
  const probe = await factory.connect();
  readCharColumns(probe);
  runScriptsWhole(probe);
  await probe.dispose();
  const Engine = await loadEngine();
  const log = process.env.FAIRLEAD_DEBUG ? console.error : () => {};
  return Engine.new({ datamodels: [[schema.path, schema.content]] }, log, bindMigrationAwareSqlAdapterFactory(factory));
}

// The package's main file needs --experimental-wasm-modules on Node 20, so its parts are put together here.
async function loadEngine() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(file), { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings.SchemaEngine;
}

// The adapter's own way replays the migrations into the real database when it is given a connection string, and drops the shadow
// database while its own pool still holds a connection.
function useOwnShadowDatabase(factory, config) {
  factory.connectToShadowDb = async () => {
    const main = await factory.connect();
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await new PrismaPg({ ...config, database }).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await main.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await main.dispose();
    };
    return shadow;
  };
}

// The engine's catalogue queries return PostgreSQL's internal type "char" (OID 18), which the adapter does not know.
function readCharColumns(adapter) {
  const internalChar = 18;
  const text = 25;
  const queryable = Object.getPrototypeOf(Object.getPrototypeOf(adapter)); // shared by the adapter and its transactions
  if (queryable.readsCharColumns) return;
  queryable.readsCharColumns = true;
  const queryRaw = queryable.queryRaw;
  queryable.queryRaw = async function (query) {
    let isChar = [];
    const self = Object.create(this, {
      performIO: {
        value: async (asked) => {
          const result = await this.performIO(asked);
          isChar = result.fields.map((field) => field.dataTypeID === internalChar);
          for (const field of result.fields) if (field.dataTypeID === internalChar) field.dataTypeID = text;
          return result;
        },
      },
    });
    const answer = await queryRaw.call(self, query);
    for (const [index, char] of isChar.entries()) if (char) answer.columnTypes[index] = ColumnTypeEnum.Character;
    return answer;
  };
}

// The adapter cuts a script at every ";" and sends the pieces through a pool: function bodies and strings break, and a migration that
// fails stays half applied. One simple query keeps both whole.
function runScriptsWhole(adapter) {
  Object.getPrototypeOf(adapter).executeScript = async function (script) {
    try {
      if (script.trim()) await this.client.query(script);
    } catch (error) {
      this.onError(error);
    }
  };
}
