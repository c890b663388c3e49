// `npm run conformance [-- word…]`: what the sandbox answers, held against what a real API server answers; the cases whose name has every word.
// With FAIRLEAD_CONFORMANCE_KUBECONFIG that cluster is asked (loopback or a testbed only: it is changed); without it a sandbox is started.
// Ends with `N passed, N failed, N skipped`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNode } from './lib/child.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { fromRoot, root } from './lib/paths.mjs';
import { toolEnv } from './lib/run.mjs';
import { buildPackages, buildSandbox, install, requireNode, sandboxProgram } from './lib/setup.mjs';
import { explain, progress } from './lib/steps.mjs';
import { refuseForeignClusters } from './lib/test-cluster.mjs';

requireNode();
const lifetime = openLifetime();
const temporary = mkdtempSync(path.join(os.tmpdir(), 'fairlead-conformance-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

try {
  await install();
  const given = process.env.FAIRLEAD_CONFORMANCE_KUBECONFIG;
  if (given) await refuseForeignClusters({ FAIRLEAD_TEST_KUBECONFIG: given });
  const kubeconfig = given ?? (await startSandbox());
  const cases = startNode(fromRoot('packages/sandbox/conformance/run.mjs'), {
    args: ['--kubeconfig', path.resolve(kubeconfig), ...process.argv.slice(2)],
    env: toolEnv(),
    cwd: root,
    graceMs: 30_000,
  });
  lifetime.add('the cases', cases.stop, cases.force);
  const code = await cases.gone;
  if (!lifetime.ending) await lifetime.end(code);
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    await lifetime.end(1);
  }
}

async function startSandbox() {
  await buildPackages();
  await buildSandbox();
  const main = fromRoot(sandboxProgram);
  if (!existsSync(main)) throw new Error(`There is no sandbox to ask: ${sandboxProgram} is missing.`);
  const kubeconfig = path.join(temporary, 'kubeconfig');
  const since = performance.now();
  const sandbox = startNode(main, { args: ['--ephemeral', '--kubeconfig', kubeconfig], env: toolEnv(), cwd: temporary });
  lifetime.add('the sandbox', sandbox.stop, sandbox.force);
  let ended;
  void sandbox.gone.then((code) => {
    ended = code;
  });
  while (!existsSync(kubeconfig)) {
    if (ended !== undefined) throw new Error(`The sandbox ended with ${ended} before it was ready.`);
    if (performance.now() - since > 30_000) throw new Error('The sandbox was not ready within 30 s.');
    await sleep(50);
  }
  progress(`the sandbox is ready after ${Math.round(performance.now() - since)} ms`);
  return kubeconfig;
}
