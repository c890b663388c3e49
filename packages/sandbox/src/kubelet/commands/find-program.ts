import { baseOf } from '../machine/file-system.js';
import type { Process, Program, Programs } from '../machine/process.js';

/** Who looks for a program: a process, or one that could be. */
type Seeker = Pick<Process, 'fs' | 'env' | 'path'> & { machine: { programs: Programs } };

/** The program that a name means, or why it means none. */
export function findProgram(process: Seeker, name: string, at: (path: string) => void = () => {}): Program | string {
  if (name === '') return 'not found';
  if (!name.includes('/')) {
    for (const directory of (process.env.PATH ?? defaultPath).split(':')) {
      const path = `${directory}/${name}`;
      const entry = process.fs.stat(path);
      if (entry?.type !== 'file' || (entry.mode & 0o111) === 0) continue;
      at(path);
      return programAt(process, path);
    }
    return 'not found';
  }
  const path = process.path(name);
  const entry = process.fs.stat(path);
  if (!entry) return 'not found';
  if (entry.type === 'directory') return 'Is a directory';
  if (entry.type !== 'file' || (entry.mode & 0o111) === 0) return 'Permission denied';
  at(path);
  return programAt(process, path);
}

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function programAt(process: Seeker, path: string): Program | string {
  const { programs } = process.machine;
  const data = process.fs.read(path);
  const interpreter = /^#! *(\S+)(?: +(\S+))?/.exec(data.subarray(0, 100).toString('latin1'));
  if (interpreter) {
    const name = baseOf(interpreter[1] ?? '') === 'env' ? (interpreter[2] ?? 'sh') : baseOf(interpreter[1] ?? '');
    const program = programs[name];
    if (!program) return 'not found';
    return (child) => {
      child.argv = [interpreter[1] ?? 'sh', path, ...child.argv.slice(1)];
      return program(child);
    };
  }
  return programs[baseOf(path)] ?? programs[baseOf(process.fs.real(path))] ?? programs.unknown ?? 'not found';
}
