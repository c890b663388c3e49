import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { fromRoot } from './paths.mjs';

const withParent = pathToFileURL(fromRoot('scripts/lib/with-parent.mjs')).href;

/**
 * A Node process of ours, in a process group of its own: Ctrl-C reaches the command alone, which stops things in their order. It ends with us.
 * With `group` its own children are signalled too, for tools that do not pass a signal on.
 * `gone` resolves with its exit code; `stop` asks it to end and after `graceMs` ends it.
 */
export function startNode(script, { args = [], nodeArgs = [], env, cwd, stdio = 'inherit', graceMs = 10_000, group = false }) {
  const child = spawn(process.execPath, [`--import=${withParent}`, ...nodeArgs, script, ...args], {
    cwd,
    env: { ...env, FAIRLEAD_PARENT: String(process.pid) },
    stdio: ['ignore', stdio, stdio, 'ipc'],
    detached: process.platform !== 'win32',
  });
  const gone = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143)));
    child.once('error', () => resolve(127));
  });
  const signal = (name) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (group && process.platform !== 'win32') process.kill(-child.pid, name);
    else child.kill(name);
  };
  return {
    pid: child.pid,
    stdout: child.stdout,
    stderr: child.stderr,
    send: (message) => void (child.connected && child.send(message)),
    onMessage: (listener) => void child.on('message', listener),
    gone,
    stop: async () => {
      signal('SIGTERM');
      const timer = setTimeout(() => signal('SIGKILL'), graceMs);
      await gone;
      clearTimeout(timer);
    },
    force: async () => signal('SIGKILL'),
  };
}
