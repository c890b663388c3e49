// A Fairlead for one run (browser tests, benchmark): free port, folder of its own, known password, log in a file.
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startNode } from './child.mjs';
import { fromRoot, root } from './paths.mjs';
import { listenOnce } from './postgres.mjs';
import { untilReady } from './ready.mjs';

export const adminPassword = 'correct horse battery staple';

/** Starts it in `folder` and waits until it answers. `startedInMs` is from the command to the first answer; `log()` is the end of its log. */
export async function startOwnFairlead(folder, lifetime) {
  const port = await listenOnce(0);
  const { DATABASE_URL, FAIRLEAD_URL, FAIRLEAD_SECRET_KEY, FAIRLEAD_REGISTER_KUBECONFIG, ...env } = process.env;
  const since = performance.now();
  const fairlead = startNode(fromRoot('scripts/start.mjs'), {
    args: ['--no-sandbox'],
    env: {
      ...env,
      FAIRLEAD_HOST: '127.0.0.1',
      FAIRLEAD_PORT: String(port),
      FAIRLEAD_DATA_DIR: path.join(folder, 'data'),
      FAIRLEAD_ADMIN_PASSWORD: adminPassword,
    },
    cwd: root,
    stdio: 'pipe',
    graceMs: 45_000,
  });
  lifetime.add('Fairlead', fairlead.stop, fairlead.force);
  const file = path.join(folder, 'fairlead.log');
  const out = createWriteStream(file, { flags: 'a', mode: 0o600 });
  fairlead.stdout.pipe(out, { end: false });
  fairlead.stderr.pipe(out, { end: false });
  const log = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-60).join('\n') : '');
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilReady(`${origin}/api/v1/health/ready`, { gone: fairlead.gone, timeoutMs: 120_000 });
  } catch (error) {
    error.hint = log();
    throw error;
  }
  return { origin, port, pid: fairlead.pid, startedInMs: Math.round(performance.now() - since), stop: fairlead.stop, log };
}
