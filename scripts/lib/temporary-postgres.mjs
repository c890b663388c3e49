import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from './postgres.mjs';

/** A PostgreSQL for one run: fast, in a folder of its own, gone with `stop`. */
export async function startTemporaryPostgres(database = 'fairlead') {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-postgres-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const server = await startPostgres(folder, { database, durable: false });
    return {
      ...server,
      stop: async () => {
        await server.stop('immediate');
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
