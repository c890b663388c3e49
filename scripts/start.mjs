// `npm start`: from a fresh clone with Node and npm to a Fairlead that answers. See --help.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { claimDataFolder } from './lib/data-folder.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { dataFolder, fromCaller } from './lib/paths.mjs';
import { killRunning } from './lib/run.mjs';
import { buildApi, buildPackages, buildSandbox, buildWeb, install, requireNode } from './lib/setup.mjs';
import { explain } from './lib/steps.mjs';

const help = `npm start [-- options]

  --kubeconfig PATH   also register the file's contexts as clusters
  --no-sandbox        no demonstration cluster at the first start
  --build-only        do everything but start

  FAIRLEAD_PORT            4400; HTTP and TLS on the one port
  FAIRLEAD_HOST            127.0.0.1
  FAIRLEAD_URL             the public origin, when it is another one than http://HOST:PORT
  FAIRLEAD_DATA_DIR        .fairlead: embedded database, keys; back it up as a whole
  FAIRLEAD_ADMIN_PASSWORD  the first password of admin (else generated)
  FAIRLEAD_SECRET_KEY      what credentials are sealed with (else generated into the data folder)
  DATABASE_URL             a PostgreSQL of yours instead of the embedded one
  FAIRLEAD_MIGRATION_DATABASE_URL   the same database as the owner of its tables, when DATABASE_URL is not`;

const options = readOptions();
requireNode();
const lifetime = openLifetime({ interrupted: 0 });

try {
  const folder = dataFolder();
  if (!options.buildOnly) {
    const release = claimDataFolder(folder);
    process.on('exit', release);
  }
  await install();
  await buildPackages();
  if (options.buildOnly) await Promise.all([buildApi(), buildSandbox(), buildWeb()]);
  else await serve(folder);
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    await lifetime.end(1);
  }
}

/** Everything starts as soon as what it needs is there. */
async function serve(folder) {
  // Loaded now: its imports come with the install.
  const { apiEnv, openDatabase, startApi, startWeb } = await import('./lib/fairlead.mjs');
  const { listenOnce } = await import('./lib/postgres.mjs');
  const database = openDatabase(folder, lifetime);
  // Its port is known before it is built: the API may begin, and waits for it before it opens the door.
  const webPort = await listenOnce(0);
  const web = buildWeb().then(() => startWeb(lifetime, { port: webPort }));
  const sandbox = database.then((url) => simulatedCluster(folder, url));
  const api = Promise.all([database, sandbox, buildApi()]).then(([databaseUrl, sandboxed]) => {
    if (lifetime.ending) return;
    const webOrigin = `http://127.0.0.1:${webPort}`;
    const started = startApi(lifetime, {
      ...apiEnv({ folder, databaseUrl, webOrigin, kubeconfig: options.kubeconfig }),
      ...sandboxed?.env,
    });
    sandboxed?.serve(started);
  });
  await allOrFirstFailure([database, web, sandbox, api]);
}

async function simulatedCluster(folder, databaseUrl) {
  const { openSandbox, sandboxWanted } = await import('./lib/sandbox.mjs');
  const when = await sandboxWanted(databaseUrl, {
    declined: options.sandbox === false,
    ownDatabase: Boolean(process.env.DATABASE_URL),
    otherCluster: options.kubeconfig !== undefined,
  });
  if (!when) return undefined;
  await buildSandbox();
  return openSandbox(lifetime, folder, when);
}

/** The first failure ends the others, and is thrown when all are over: what has been started by then is known, and will be stopped. */
async function allOrFirstFailure(promises) {
  await Promise.all(promises).catch(killRunning);
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected' && !result.reason.cause?.killed && !result.reason.killed);
  if (failed) throw failed.reason;
  return results.map((result) => result.value);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        kubeconfig: { type: 'string' },
        sandbox: { type: 'boolean' },
        'no-sandbox': { type: 'boolean' },
        'build-only': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const kubeconfig = values.kubeconfig === undefined ? undefined : fromCaller(values.kubeconfig);
  if (kubeconfig && !existsSync(kubeconfig)) {
    console.error(`There is no file ${kubeconfig}.`);
    process.exit(2);
  }
  return { kubeconfig, buildOnly: values['build-only'], sandbox: !values['no-sandbox'] };
}
