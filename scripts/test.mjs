// `npm test [-- filter…]`: sets itself up, runs all unit and API tests, ends with `N passed, N failed, N skipped`.
// A real cluster is used where FAIRLEAD_TEST_KUBECONFIG (control plane) and FAIRLEAD_TEST_KUBECONFIG_NODE (real pods) name one.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startNode } from './lib/child.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { fromRoot, root } from './lib/paths.mjs';
import { toolEnv } from './lib/run.mjs';
import { buildPackages, buildSandbox, install, requireNode } from './lib/setup.mjs';
import { explain } from './lib/steps.mjs';
import { lastLine, tellFailures, vitestTally } from './lib/tally.mjs';
import { refuseForeignClusters } from './lib/test-cluster.mjs';

requireNode();
const lifetime = openLifetime();
const reports = mkdtempSync(path.join(os.tmpdir(), 'fairlead-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

try {
  await install();
  await buildPackages();
  await buildSandbox();
  await refuseForeignClusters();
  const cluster = await clusterEnv();
  const report = path.join(reports, 'vitest.json');
  const vitest = startNode(fromRoot('node_modules/vitest/vitest.mjs'), {
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
    env: { ...testEnv(), ...cluster },
    cwd: root,
    group: true,
    graceMs: 30_000,
  });
  lifetime.add('the tests', vitest.stop, vitest.force);
  const code = await vitest.gone;
  if (!lifetime.ending) {
    const tally = vitestTally(report);
    tellFailures(tally);
    console.log(lastLine(tally));
    await lifetime.end(code !== 0 || tally.failed > 0 ? 1 : 0);
  }
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    await lifetime.end(1);
  }
}

/** Where no real cluster is named, a simulated one stands in for both kinds. */
async function clusterEnv() {
  if (process.env.FAIRLEAD_TEST_KUBECONFIG || process.env.FAIRLEAD_TEST_KUBECONFIG_NODE) return {};
  // Loaded now: its imports come with the install.
  const { startEphemeralSandbox } = await import('./lib/sandbox.mjs');
  const kubeconfig = path.join(reports, 'sandbox');
  await startEphemeralSandbox(lifetime, kubeconfig);
  console.log('No real cluster is named by FAIRLEAD_TEST_KUBECONFIG: the sandbox stands in for one.');
  return { FAIRLEAD_TEST_KUBECONFIG: kubeconfig, FAIRLEAD_TEST_KUBECONFIG_NODE: kubeconfig };
}

/** A test must not find the developer's own settings, nor a database that is not its own. */
function testEnv() {
  const env = toolEnv({ NODE_ENV: 'test' });
  for (const name of Object.keys(env))
    if (name === 'DATABASE_URL' || (name.startsWith('FAIRLEAD_') && !/^FAIRLEAD_(TEST|KUBE|DEBUG)/.test(name))) delete env[name];
  return env;
}
