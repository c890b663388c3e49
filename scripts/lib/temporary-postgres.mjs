import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromRoot } from './paths.mjs';
import { startPostgres } from './postgres.mjs';

/** A PostgreSQL for one run: fast, in a folder of its own; gone with `stop`, and also if this process is killed. */
export async function startTemporaryPostgres(database = 'fairlead') {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-postgres-'));
  const guard = spawn(process.execPath, [fromRoot('scripts/lib/temporary-postgres-guard.mjs'), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const gone = once(guard, 'exit');
  const stop = async () => {
    guard.stdin.end();
    await gone;
  };
  try {
    return { ...(await startPostgres(folder, { database, durable: false })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
