import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from './steps.mjs';

/** One Fairlead per data folder: the second would stop the first one's database. Answers the release. */
export function claimDataFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = path.join(folder, 'fairlead.pid');
  const holder = Number(read(file));
  if (holder && holder !== process.pid && isAlive(holder) && isOurs(holder)) {
    const error = new Error(`Fairlead runs on ${folder} already (process ${holder}).`);
    error.hint = 'Stop it, or give this one a folder of its own by FAIRLEAD_DATA_DIR.';
    throw error;
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  return () => {
    if (Number(read(file)) === process.pid) rmSync(file, { force: true });
  };
}

// Ids are given out again after a reboot; where the system says what a process is, ask.
function isOurs(pid) {
  if (process.platform !== 'linux') return true;
  return /scripts[/\\](start|dev|e2e|bench)\.mjs/.test(read(`/proc/${pid}/cmdline`));
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
