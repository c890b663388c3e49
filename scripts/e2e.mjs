// `npm run e2e [-- filter…]`: a Fairlead of its own in a real Chromium; ends with `N passed, N failed, N skipped`.
// What needs a cluster where things run has a sandbox of its own (E2E_SANDBOX_KUBECONFIG).
// Without Chromium its tests are counted as skipped; where CI=true that is a failure.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startNode } from './lib/child.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { adminPassword, startOwnFairlead } from './lib/own-fairlead.mjs';
import { fromRoot, root } from './lib/paths.mjs';
import { run, toolEnv } from './lib/run.mjs';
import { buildApi, buildPackages, buildSandbox, buildWeb, install, requireNode } from './lib/setup.mjs';
import { explain, progress } from './lib/steps.mjs';
import { lastLine, playwrightTally, tellFailures } from './lib/tally.mjs';
import { refuseForeignClusters } from './lib/test-cluster.mjs';

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const config = 'apps/web/e2e/playwright.config.ts';
const playwright = fromRoot('apps/web/node_modules/@playwright/test/cli.js');

requireNode();
const lifetime = openLifetime();
const temporary = mkdtempSync(path.join(os.tmpdir(), 'fairlead-e2e-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

try {
  await install();
  await refuseForeignClusters();
  const chromium = [process.env.CHROMIUM, ...browsers].find((file) => file && existsSync(file));
  const tally = chromium ? await browse(chromium) : await passOver();
  if (!lifetime.ending) {
    tellFailures(tally);
    console.log(lastLine(tally));
    await lifetime.end(tally.failed > 0 ? 1 : 0);
  }
} catch (error) {
  if (!lifetime.ending) {
    explain(error);
    console.log(lastLine({ passed: 0, failed: 1, skipped: 0 }));
    await lifetime.end(1);
  }
}

async function browse(chromium) {
  await buildPackages();
  await Promise.all([buildApi(), buildWeb(), buildSandbox()]);
  // Loaded now: its imports come with the install.
  const { startEphemeralSandbox } = await import('./lib/sandbox.mjs');
  const sandbox = path.join(temporary, 'sandbox');
  await startEphemeralSandbox(lifetime, sandbox);
  const fairlead = await startOwnFairlead(temporary, lifetime);
  progress(`Fairlead answers on ${fairlead.origin}`);
  const report = path.join(temporary, 'report.json');
  const tests = startNode(playwright, {
    args: ['test', '-c', config, '--reporter=list,json', ...process.argv.slice(2)],
    env: toolEnv({
      BASE_URL: fairlead.origin,
      E2E_ADMIN_PASSWORD: adminPassword,
      CHROMIUM: chromium,
      E2E_SANDBOX_KUBECONFIG: sandbox,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    }),
    cwd: root,
    group: true,
  });
  lifetime.add('the browser tests', tests.stop, tests.force);
  const code = await tests.gone;
  const tally = playwrightTally(report);
  const result = code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  if (result.failed > 0) console.error(`\nThe end of Fairlead's own log:\n${fairlead.log()}`);
  return result;
}

/** How many there are is asked without a browser. */
async function passOver() {
  const listed = await run(process.execPath, [playwright, 'test', '-c', config, '--list', ...process.argv.slice(2)]);
  const count = Number(/^Total: (\d+) tests?/m.exec(listed)?.[1] ?? 0);
  console.log('No Chromium here, so the browser tests were not run: install one, or name it by CHROMIUM.');
  return process.env.CI === 'true' ? { passed: 0, failed: Math.max(count, 1), skipped: 0 } : { passed: 0, failed: 0, skipped: count };
}
