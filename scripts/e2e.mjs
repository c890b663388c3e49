// `npm run e2e [-- filter…]`: a Fairlead of its own in a real Chromium; ends with `N passed, N failed, N skipped`.
// Without Chromium its tests are counted as skipped; where CI=true that is a failure.
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startNode } from './lib/child.mjs';
import { openLifetime } from './lib/lifetime.mjs';
import { fromRoot, root } from './lib/paths.mjs';
import { listenOnce } from './lib/postgres.mjs';
import { untilReady } from './lib/ready.mjs';
import { run, toolEnv } from './lib/run.mjs';
import { buildApi, buildPackages, buildWeb, install, requireNode } from './lib/setup.mjs';
import { explain, progress } from './lib/steps.mjs';
import { lastLine, playwrightTally } from './lib/tally.mjs';
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
const adminPassword = 'correct horse battery staple';

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
  await Promise.all([buildApi(), buildWeb()]);
  const origin = await startFairlead();
  const report = path.join(temporary, 'report.json');
  const tests = startNode(playwright, {
    args: ['test', '-c', config, '--reporter=list,json', ...process.argv.slice(2)],
    env: toolEnv({
      BASE_URL: origin,
      E2E_ADMIN_PASSWORD: adminPassword,
      CHROMIUM: chromium,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    }),
    cwd: root,
    group: true,
  });
  lifetime.add('the browser tests', tests.stop, tests.force);
  const code = await tests.gone;
  const tally = playwrightTally(report);
  const result = code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  if (result.failed > 0) console.error(`\nThe end of Fairlead's own log:\n${tailOf(path.join(temporary, 'fairlead.log'))}`);
  return result;
}

async function startFairlead() {
  const port = await listenOnce(0);
  const { DATABASE_URL, FAIRLEAD_URL, FAIRLEAD_SECRET_KEY, FAIRLEAD_REGISTER_KUBECONFIG, ...env } = process.env;
  const fairlead = startNode(fromRoot('scripts/start.mjs'), {
    args: ['--no-sandbox'],
    env: {
      ...env,
      FAIRLEAD_HOST: '127.0.0.1',
      FAIRLEAD_PORT: String(port),
      FAIRLEAD_DATA_DIR: path.join(temporary, 'data'),
      FAIRLEAD_ADMIN_PASSWORD: adminPassword,
    },
    cwd: root,
    stdio: 'pipe',
    graceMs: 45_000,
  });
  lifetime.add('Fairlead', fairlead.stop, fairlead.force);
  const log = createWriteStream(path.join(temporary, 'fairlead.log'));
  fairlead.stdout.pipe(log, { end: false });
  fairlead.stderr.pipe(log, { end: false });
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilReady(`${origin}/api/v1/health/ready`, { gone: fairlead.gone, timeoutMs: 120_000 });
  } catch (error) {
    error.hint = tailOf(path.join(temporary, 'fairlead.log'));
    throw error;
  }
  progress(`Fairlead answers on ${origin}`);
  return origin;
}

/** How many there are is asked without a browser. */
async function passOver() {
  const listed = await run(process.execPath, [playwright, 'test', '-c', config, '--list', ...process.argv.slice(2)]);
  const count = Number(/^Total: (\d+) tests?/m.exec(listed)?.[1] ?? 0);
  console.log('No Chromium here, so the browser tests were not run: install one, or name it by CHROMIUM.');
  return process.env.CI === 'true' ? { passed: 0, failed: Math.max(count, 1), skipped: 0 } : { passed: 0, failed: 0, skipped: count };
}

function tailOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-60).join('\n') : '';
}
