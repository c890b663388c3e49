import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One process for one folder. Answers what gives it free; throws where another living process has it. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'lock');
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid} ${birthOf(process.pid) ?? ''}\n`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw error;
      const owner = livingOwner(file);
      if (owner !== undefined) throw new Error(`${folder} is in use by process ${owner}`);
      rmSync(file, { force: true }); // it ended without a word
    }
  }
}

function livingOwner(file: string): number | undefined {
  const [pid, birth] = read(file).trim().split(' ');
  const owner = Number(pid);
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid || !isAlive(owner)) return undefined;
  const now = birthOf(owner);
  if (now === 'ended') return undefined;
  // Numbers of processes are used again: the one that has it now is another if it was born at another time.
  return birth && now !== undefined && now !== birth ? undefined : owner;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process was born, in the words of Linux; `ended` for one whose parent has not noticed yet; undefined where nobody can tell. */
function birthOf(pid: number): string | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  // The name, in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
