// Stops a temporary PostgreSQL and removes its folder as soon as its standard input ends: on purpose, or because whoever started it is gone.
import { rmSync } from 'node:fs';
import { stopPostgres } from './postgres.mjs';

const folder = process.argv[2];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {}); // its end is the input's
process.stdin.resume();
process.stdin.once('close', async () => {
  await stopPostgres(folder, 'immediate').catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});
