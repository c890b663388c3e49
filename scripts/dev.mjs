// `npm run dev`: Fairlead that follows the sources. tsc watches the packages and the API, which is started anew when they were built;
// the dashboard reloads by itself (Next's own server, behind the same door as in production).
import { existsSync, watch } from 'node:fs';
import path from 'node:path';
import { startNode } from './lib/child.mjs';
import { claimDataFolder } from './lib/data-folder.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { dataFolder, fromRoot, root } from './lib/paths.mjs';
import { toolEnv } from './lib/run.mjs';
import { apiModules, buildPackages, compileApi, install, requireNode } from './lib/setup.mjs';
import { explain, hashOf, progress } from './lib/steps.mjs';

requireNode();
const lifetime = openLifetime({ interrupted: 0 });
const built = ['packages/shared/dist', 'packages/kube/dist', path.dirname(apiModules)];
const settleMs = 300;

try {
  const folder = dataFolder();
  const release = claimDataFolder(folder);
  process.on('exit', release);
  await install();
  await buildPackages();
  await compileApi();
  const { apiEnv, openDatabase, startWeb } = await import('./lib/fairlead.mjs');
  const databaseUrl = await openDatabase(folder, lifetime);
  const webOrigin = await startWeb(lifetime, {
    script: fromRoot('apps/web/node_modules/next/dist/bin/next'),
    args: ['dev', fromRoot('apps/web'), '--hostname', '127.0.0.1', '--port', '$PORT'],
    nodeArgs: [],
    production: false,
  });
  for (const project of ['packages/shared', 'packages/kube', 'apps/api/tsconfig.build.json']) watchTypes(project);
  keepApiRunning(apiEnv({ folder, databaseUrl, webOrigin, production: false }));
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    await lifetime.end(1);
  }
}

function watchTypes(project) {
  const tsc = startNode(fromRoot('node_modules/typescript/bin/tsc'), {
    args: ['-p', project, '--watch', '--preserveWatchOutput'],
    env: toolEnv(),
    cwd: root,
    group: true,
    graceMs: 2000,
  });
  lifetime.add(`tsc of ${project}`, tsc.stop, tsc.force);
}

/** Starts the API, and again whenever what it is built of has changed and has been quiet for a moment, even if it ended by itself. */
function keepApiRunning(env) {
  let api;
  const start = () => {
    api = startNode(fromRoot(apiModules), { nodeArgs: ['--enable-source-maps'], env, cwd: root });
    void api.gone.then((code) => {
      if (!lifetime.ending && code !== 0 && code !== 143)
        console.error(`The API ended with ${code}; it starts again after the next change.`);
    });
  };
  let restarting = Promise.resolve();
  let running = hashOf(built);
  const restart = () => {
    restarting = restarting.then(async () => {
      const now = hashOf(built);
      if (now === running) return; // tsc writes everything anew when its watch begins
      running = now;
      await api.stop();
      if (lifetime.ending) return;
      progress('the API was built anew: starting it');
      start();
    });
  };
  start();
  let timer;
  for (const folder of built) {
    if (!existsSync(fromRoot(folder))) continue;
    const watcher = watch(fromRoot(folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(restart, settleMs);
    });
    lifetime.add(`the watch of ${folder}`, async () => watcher.close());
  }
  lifetime.add(
    'the API process',
    async () => {
      clearTimeout(timer);
      await restarting;
      await api.stop();
    },
    () => api.force(),
  );
}
