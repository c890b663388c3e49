import { readFileSync } from 'node:fs';

/** Is the process with this id one of our commands? Ids are given out again; where the system says what a process is, it is asked. */
export function isOurCommand(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  if (process.platform !== 'linux') return true;
  const command = contentOf(`/proc/${pid}/cmdline`);
  return /scripts\/\w+\.mjs|vitest/.test(command);
}

/** A small file's text, or nothing if it is not there. */
export function contentOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
