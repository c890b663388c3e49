import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

const running = new Set();

/** A command that did not end with 0. `tail` is the end of what it printed; `killed`: we ended it ourselves, because of something else. */
export class CommandError extends Error {
  constructor(command, code, tail, killed = false) {
    super(`${command} ended with ${code}`);
    this.name = 'CommandError';
    this.code = code;
    this.tail = tail;
    this.killed = killed;
  }
}

/** What our own tools need in order not to phone home or download engines. */
export const toolEnv = (extra = {}) => ({
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  // Prisma asks for its engine even where it does not use it; any existing file satisfies it.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
  ...extra,
});

/** Runs a command to its end and answers what it printed (the last 64 kB). Throws CommandError. `echo` shows it while it runs. */
export function run(command, args, { env = toolEnv(), cwd = root, echo = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    running.add(child);
    let out = '';
    for (const [stream, shown] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])
      stream.on('data', (chunk) => {
        out = (out + chunk).slice(-65_536);
        if (echo) shown.write(chunk);
      });
    child.on('error', (error) => {
      running.delete(child);
      reject(new CommandError([command, ...args].join(' '), error.code ?? 'an error', out));
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(out);
      else reject(new CommandError([command, ...args].join(' '), code ?? signal, out, child.killed));
    });
  });
}

/** Ends the commands that are still running, when the whole is told to stop in the middle of its set-up. */
export function killRunning() {
  for (const child of running) child.kill('SIGTERM');
}
