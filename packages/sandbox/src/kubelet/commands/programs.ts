import type { Program, Programs } from '../machine/process.js';
import { shellProgram } from '../shell/run-shell.js';
import { flagsOf, simple } from './arguments.js';
import { filePrograms } from './files.js';
import { interpreterPrograms } from './interpreters.js';
import { networkPrograms } from './network-programs.js';
import { servicePrograms } from './services.js';
import { systemPrograms } from './system.js';
import { tar } from './tar.js';
import { textPrograms } from './text.js';

/** `busybox ls -l`. */
const busybox: Program = function* (process) {
  const [, name, ...args] = process.argv;
  const program = name === undefined ? undefined : programs[name];
  if (!name || !program) {
    process.write('BusyBox v1.36.1 multi-call binary.\n');
    return name ? 127 : 0;
  }
  process.argv = [name, ...args];
  return yield* program(process);
};

/** All that the pretend machine can run, by the name of the file. What an image has is another question. */
export const programs: Programs = Object.assign(Object.create(null) as object, {
  sh: shellProgram,
  ash: shellProgram,
  dash: shellProgram,
  bash: shellProgram,
  busybox,
  tar,
  gzip: simple((process) => {
    process.complain('gzip: the sandbox does not compress\n');
    return flagsOf(process.argv).operands.length;
  }),
  ...filePrograms,
  ...textPrograms,
  ...systemPrograms,
  ...networkPrograms,
  ...servicePrograms,
  ...interpreterPrograms,
});
