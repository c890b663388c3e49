import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { contentOf, isOurCommand } from './process-id.mjs';

/** One Fairlead per data folder: the second would stop the first one's database. Answers the release. */
export function claimDataFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = path.join(folder, 'fairlead.pid');
  const holder = Number(contentOf(file));
  if (holder !== process.pid && isOurCommand(holder)) {
    const error = new Error(`Fairlead runs on ${folder} already (process ${holder}).`);
    error.hint = 'Stop it, or give this one a folder of its own by FAIRLEAD_DATA_DIR.';
    throw error;
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  return () => {
    if (Number(contentOf(file)) === process.pid) rmSync(file, { force: true });
  };
}
